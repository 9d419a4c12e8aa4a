import Foundation
import Study
import SubbufferSource

/// The file system of a guest: busybox, the modules of the image, and this program with its libraries.
struct InitialFileSystem {
  let image: Image
  let task: GuestTask
  /// The properties of the machine that the host reports.
  let facts: [Observation]

  private static let tool = "/opt/abi-compare"
  private static let commands = [
    "sh", "mount", "mkdir", "insmod", "cat", "echo", "tar", "dmesg", "tail", "ifconfig", "poweroff", "ls", "sync",
  ]

  /// Writes it as the kernel takes it.
  /// - Parameter path: where to.
  func write(to path: String) throws(SourceError) {
    var archive = try CPIOArchive(path: path)
    var made: Set<String> = [""]
    func directory(_ name: String) throws(SourceError) {
      guard made.insert(name).inserted else { return }
      try directory((name as NSString).deletingLastPathComponent)
      try archive.addDirectory(name)
    }
    func file(_ name: String, _ data: Data) throws(SourceError) {
      try directory((name as NSString).deletingLastPathComponent)
      try archive.addFile(name, data)
    }
    for name in ["bin", "dev", "etc", "modules", "out", "proc", "run", "sys", "tmp"] { try directory(name) }
    try file("bin/busybox", HostFiles.read(image.busybox))
    for command in Self.commands { try archive.addLink("bin/\(command)", to: "busybox") }
    for module in image.manifest.modules {
      try file("modules/\(module).ko", HostFiles.read(image.module(module)))
    }
    let companions = task.companions.map { image.userland?.replacement(for: $0) ?? $0 }
    let programs = [task.program] + companions.filter { FileManager.default.fileExists(atPath: $0) }
    for program in programs + task.staticCompanions {
      try file("\(Self.tool.dropFirst())/\((program as NSString).lastPathComponent)", HostFiles.read(program))
    }
    for (place, library) in try SharedLibraries.of(programs, userland: image.userland).sorted(by: { $0.key < $1.key }) {
      try file(String(place.dropFirst()), HostFiles.read(library))
    }
    let encoded = try HostFiles.told("encode the machine's facts") { try JSONEncoder().encode(facts) }
    try file("etc/machine-facts.json", encoded)
    try file("init", Data(script.utf8))
    try archive.end()
  }

  /// The script that the kernel starts. It writes a line for each step to the port `progress`, and leaves an archive of
  /// the output directory in the port `results`.
  var script: String {
    let name = (task.program as NSString).lastPathComponent
    let words = ([Self.tool + "/" + name] + task.arguments).map(Self.quoted).joined(separator: " ")
    return """
      #!/bin/sh
      export PATH=/bin HOME=/tmp \(RunEnvironment.factsVariable)=/etc/machine-facts.json
      mount -t proc proc /proc
      mount -t sysfs sys /sys
      mount -t devtmpfs dev /dev
      mkdir -p /dev/shm /dev/pts
      mount -t tmpfs tmp /tmp
      mount -t tmpfs shm /dev/shm
      mount -t tmpfs run /run
      for port in /sys/class/virtio-ports/*; do
        case "$(cat $port/name)" in
        progress) progress=/dev/${port##*/} ;;
        results) results=/dev/${port##*/} ;;
        esac
      done
      say() { echo "$1" > $progress; }
      say "\(GuestLine.booted.rawValue)"
      ifconfig lo 127.0.0.1 up
      mount -t tracefs nodev /sys/kernel/tracing || say "\(GuestLine.trouble.rawValue) no tracefs"
      for module in \(image.manifest.modules.joined(separator: " ")); do
        insmod /modules/$module.ko ||
          say "\(GuestLine.trouble.rawValue) insmod $module: $(dmesg | tail -n 1)"
      done
      cd /tmp
      \(words) \(redirections)
      say "\(GuestLine.status.rawValue) $?"
      dmesg > \(GuestTask.outputDirectory)/guest.log
      tar cf - -C \(GuestTask.outputDirectory) . > $results
      say "\(GuestLine.done.rawValue)"
      poweroff -f

      """
  }

  private var redirections: String {
    switch task.output {
    case .files: "--out \(GuestTask.outputDirectory) > /tmp/said 2> $progress"
    case .lines: "> $progress 2> /tmp/said"
    }
  }

  /// A word as the shell takes it for one.
  static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

/// The messages of the guest itself, each at the beginning of a line; other lines are those of the program.
enum GuestLine: String, CaseIterable {
  case booted = "guest: booted"
  case trouble = "guest: trouble:"
  case status = "guest: status"
  case done = "guest: done"
}
