import Foundation
import Glibc
import SubbufferSource

/// A root directory with the compiler and the libraries of a Debian release.
///
/// Its packages are unpacked and not installed: no script of a package runs. That is enough for gcc, make and the
/// programs of kbuild, which are started in it by chroot(8) in a mount namespace of their own; so nothing stays mounted.
struct BuildRoot {
  /// The directory.
  let path: String
  /// The path of the file that keeps the output of programs.
  let log: String

  /// The programs that kbuild and gcc need besides what the packages depend on.
  static let tools = [
    "base-files", "bash", "coreutils", "dash", "diffutils", "findutils", "gcc", "grep", "make", "mawk", "perl-base",
    "sed",
  ]

  /// Unpacks packages.
  /// - Parameters:
  ///   - packages: the paths of their files.
  ///   - path: the directory, which is made.
  /// - Throws: ``SourceError`` where a package cannot be unpacked.
  init(_ packages: [String], in path: String, log: String) throws(SourceError) {
    self.path = path
    self.log = log
    for directory in ["dev", "proc", "tmp", "usr/bin", "usr/lib", "usr/lib64", "usr/sbin"] {
      try HostFiles.makeDirectory("\(path)/\(directory)")
    }
    // Up to Debian 12 packages have files in the first ones; base-files does not make the links when it is unpacked.
    for name in ["bin", "lib", "lib64", "sbin"] { try link("usr/\(name)", at: name) }
    for package in packages { try unpack(package) }
    // Debian's alternatives are links that a script of the package makes.
    try link("mawk", at: "usr/bin/awk")
  }

  /// Unpacks a package; directories that are links to directories stay links.
  func unpack(_ package: String) throws(SourceError) {
    try HostProgram(
      step: "unpack a package", name: "sh",
      options: [
        "-c",
        "set -e; dpkg-deb --fsys-tarfile \"$0\" > \"$1/package.tar\"; "
          + "tar -xf \"$1/package.tar\" --keep-directory-symlink --no-same-owner -C \"$1\"; rm \"$1/package.tar\"",
      ],
      arguments: [package, path], remedy: "build again", package: "dpkg"
    ).run(log: log, within: 300)
  }

  /// A program of the release, started in the directory as its root.
  /// - Parameters:
  ///   - step: the step, for messages.
  ///   - arguments: the program and its arguments.
  ///   - remedy: the remedy if it fails.
  func program(_ step: String, _ arguments: [String], remedy: String) -> HostProgram {
    // Without root the mount needs a user namespace.
    let namespaces = geteuid() == 0 ? ["--mount"] : ["--mount", "--map-root-user"]
    // objtool reads /proc/self.
    let mounts =
      "mount --rbind /dev \"$0/dev\" && mount --rbind /proc \"$0/proc\" && mount -t tmpfs tmp \"$0/tmp\" && "
      + "exec chroot \"$0\" \"$@\""
    return HostProgram(
      step: step, name: "unshare", options: namespaces + ["sh", "-c", mounts, path], arguments: arguments,
      environment: ["LC_ALL": "C", "TMPDIR": "/tmp", "PATH": "/usr/sbin:/usr/bin"], remedy: remedy,
      package: "util-linux")
  }

  private func link(_ target: String, at name: String) throws(SourceError) {
    let place = "\(path)/\(name)"
    guard (try? FileManager.default.attributesOfItem(atPath: place)) == nil else { return }
    try HostFiles.told("link \(place)") {
      try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: target)
    }
  }
}

/// The LTTng-UST of a Debian release, with the C library that it needs and a producer built against it.
///
/// Files of an image, all in one directory: the dynamic loader, libraries by their sonames, and the producer; in the
/// directory `source` the sources from which the producer was built.
struct Userland {
  /// The directory.
  let directory: String

  /// The dynamic loader.
  var loader: String { "\(directory)/\((SharedLibraries.loader as NSString).lastPathComponent)" }
  /// The traced program.
  var producer: String { "\(directory)/abi-compare-producer" }

  /// `true` if the producer was built from the sources that this program has: producers built from other ones may lack
  /// commands.
  var isCurrent: Bool {
    Userland.sources.allSatisfy { name, text in
      (try? HostFiles.read("\(source)/\(name)")).map { $0.elementsEqual(text) } ?? false
    }
  }
  /// The directory of those sources, by which ``isCurrent`` tells this producer from others.
  var source: String { "\(directory)/source" }

  /// The libraries of the directory, by their names.
  var libraries: [String] { HostFiles.names(in: directory).filter { $0.contains(".so") } }

  /// The program that replaces one of this machine: the one by the same name; `nil` if there is none.
  func replacement(for program: String) -> String? {
    (program as NSString).lastPathComponent == (producer as NSString).lastPathComponent ? producer : nil
  }

  /// The packages that have the headers and libraries; they depend on all others.
  static let packages = ["liblttng-ust-dev", "libstdc++6"]

  private static let sources: [(name: String, text: [UInt8])] = [
    ("main.c", PackageResources.main_c), ("provider.c", PackageResources.provider_c),
    ("shm_open.c", PackageResources.shm_open_c), ("cworkload.c", PackageResources.cworkload_c),
    ("cprocess.c", PackageResources.cprocess_c), ("timed.c", PackageResources.timed_c),
    ("provider.h", PackageResources.provider_h), ("writing.h", PackageResources.writing_h),
    ("cworkload.h", PackageResources.cworkload_h), ("cprocess.h", PackageResources.cprocess_h),
  ]

  /// Libraries that programs load by name, or that a program built elsewhere needs.
  private static let wanted = [
    "liblttng-ust-ctl.so.", "liblttng-ust.so.1", "liburcu.so.8", "liburcu-common.so.8", "liburcu-cds.so.8",
    "liburcu-bp.so.8", "libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libc.so.6",
  ]

  /// Builds the producer and collects the files.
  /// - Parameters:
  ///   - root: the unpacked release.
  ///   - directory: where the files go; it is made.
  /// - Throws: ``SourceError`` where the producer does not build or a file cannot be copied.
  static func build(in root: BuildRoot, to directory: String) throws(SourceError) {
    let userland = Userland(directory: directory)
    try writeSources(to: userland.source)
    try writeSources(to: "\(root.path)/producer")
    let programs = sources.map(\.name).filter { $0.hasSuffix(".c") }.map { "/producer/\($0)" }
    try root.program(
      "build the producer",
      ["gcc", "-O2", "-I/producer", "-o", "/producer/abi-compare-producer"] + programs
        + ["-llttng-ust", "-ldl", "-pthread"], remedy: "make an image without lttng-modules: --without-modules"
    ).run(log: root.log, within: 600) { $0.contains("error:") }

    let libraries = "\(root.path)/usr/lib/x86_64-linux-gnu"
    let named = HostFiles.names(in: libraries).filter { name in
      wanted.contains {
        $0.hasSuffix(".") ? name.hasPrefix($0) && name.dropFirst($0.count).allSatisfy(\.isNumber) : name == $0
      }
    }.map { "\(libraries)/\($0)" }
    let producer = "\(root.path)/producer/abi-compare-producer"
    var files = Set(named)
    let loader = "\(root.path)\(SharedLibraries.loader)"
    for program in named + [producer] {
      let paths = try SharedLibraries.paths(of: program, loader: loader, libraries: libraries, remedy: "build again")
      files.formUnion(paths.filter { $0.hasPrefix(libraries) })
    }
    for file in files.sorted() { try copy(file, to: "\(directory)/\((file as NSString).lastPathComponent)") }
    try copy(loader, to: userland.loader)
    try copy(producer, to: userland.producer)
  }

  /// Writes the sources of the producer into a directory, which is made.
  static func writeSources(to directory: String) throws(SourceError) {
    try HostFiles.makeDirectory(directory)
    for (name, text) in sources { try HostFiles.write(Data(text), to: "\(directory)/\(name)") }
  }

  /// Copies the contents: a link to a library becomes a file.
  private static func copy(_ path: String, to place: String) throws(SourceError) {
    try HostFiles.write(HostFiles.read(path), to: place)
    try HostFiles.told("chmod \(place)") {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
    }
  }
}
