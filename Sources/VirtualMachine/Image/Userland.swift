import Foundation
import SubbufferSource

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
