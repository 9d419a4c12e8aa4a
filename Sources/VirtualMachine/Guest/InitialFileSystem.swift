import Foundation
import Results
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

/// Writes an archive that the kernel unpacks as its first file system: cpio, "new ASCII" form.
///
///     offset  size  field
///          0     6  "070701"
///          6  13*8  ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize,
///                   check: hexadecimal digits
///        110        name with its NUL, padded to 4 bytes; then the data, padded to 4 bytes
///
/// Source: Documentation/driver-api/early-userspace/buffer-format.rst; cpio(5).
struct CPIOArchive {
  private let file: FileHandle
  private let path: String
  private var inode = 1

  /// Begins an archive.
  init(path: String) throws(SourceError) {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw SourceError(call: "create \(path)", detail: "the file cannot be created", remedy: "free some space") }
    self.file = file
  }

  /// Adds a directory.
  mutating func addDirectory(_ name: String) throws(SourceError) { try add(name, mode: 0o040755, Data()) }

  /// Adds a file.
  mutating func addFile(_ name: String, _ data: Data, mode: UInt32 = 0o755) throws(SourceError) {
    try add(name, mode: 0o100000 | mode, data)
  }

  /// Adds a symbolic link.
  mutating func addLink(_ name: String, to target: String) throws(SourceError) {
    try add(name, mode: 0o120777, Data(target.utf8))
  }

  /// Ends the archive.
  mutating func end() throws(SourceError) {
    inode = 0
    try add("TRAILER!!!", mode: 0, Data())
    try HostFiles.told("close \(path)") { try file.close() }
  }

  private mutating func add(_ name: String, mode: UInt32, _ data: Data) throws(SourceError) {
    let fields = [inode, Int(mode), 0, 0, 1, 0, data.count, 0, 0, 0, 0, name.utf8.count + 1, 0]
    var entry = Data("070701".utf8)
    for field in fields {
      let digits = String(field, radix: 16)
      entry += Data((String(repeating: "0", count: max(0, 8 - digits.count)) + digits).utf8)
    }
    entry += Data(name.utf8) + Data([0])
    pad(&entry)
    entry += data
    pad(&entry)
    inode += 1
    try HostFiles.told("write \(path)") { try file.write(contentsOf: entry) }
  }

  /// Everything begins at a multiple of 4 bytes, and so does what follows an entry.
  private func pad(_ entry: inout Data) {
    entry += Data(count: (4 - entry.count % 4) % 4)
  }
}
