import Foundation
import SubbufferSource

/// The kernel of an image, with the places of its files: in Debian's packages, or on this machine.
struct ChosenKernel {
  let release: KernelRelease
  /// The kernel in the archive; `nil` for a kernel of this machine.
  var archived: ArchiveKernel?
  /// The path of a kernel of this machine.
  private var file: String?

  /// Takes a kernel of this machine.
  /// - Parameter path: its `bzImage`.
  /// - Throws: ``SourceError`` where it is none, and where its headers or its compiler are not there.
  init(ofThisMachine path: String) throws(SourceError) {
    let image = try KernelImage(HostFiles.read(path), path: path)
    guard let release = image.release.map({ KernelRelease($0) }) else {
      throw SourceError(.unknownFormat, call: "read \(path)", detail: "the file does not contain its kernel release")
    }
    guard FileManager.default.fileExists(atPath: ChosenKernel.headers(release)) else {
      throw SourceError(
        .unavailable, call: "build modules for Linux \(release.text)",
        detail: "\(ChosenKernel.headers(release)) is missing", remedy: "install the headers of that kernel")
    }
    self.release = release
    file = (path as NSString).standardizingPath
    try ModuleBuild.check(config: "\(ChosenKernel.headers(release))/.config")
  }

  /// Takes a kernel of Debian's archive.
  init(_ kernel: ArchiveKernel) {
    release = kernel.release
    archived = kernel
  }

  /// The path of the kernel's file.
  /// - Throws: ``SourceError`` of kind `unknownFormat` if the packages do not contain it.
  func image(in root: String) throws(SourceError) -> String {
    if let file { return file }
    let places = ["boot/vmlinuz-\(release.text)", "usr/lib/modules/\(release.text)/vmlinuz"]
    let paths = places.map { "\(root)/\($0)" }
    guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw SourceError(
        .unknownFormat, call: "unpack \(archived?.packages.joined(separator: ", ") ?? release.text)",
        detail: "the packages do not contain the kernel: \(places.joined(separator: " and ")) are missing",
        remedy: "choose another version with --kernel")
    }
    return path
  }

  /// The path of its configuration; `nil` if the packages do not contain it: the archive does not keep the `linux-base` of
  /// old kernels.
  func config(in root: String) -> String? {
    guard file == nil else { return "\(ChosenKernel.headers(release))/.config" }
    let places = ["boot/config-\(release.text)", "usr/lib/modules/\(release.text)/config"]
    return places.map { "\(root)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The sources to build, prepared.
  /// - Parameters:
  ///   - root: the directory into which the packages were unpacked.
  ///   - isRoot: `true` if the build has it as its root directory.
  func sources(in root: String, isRoot: Bool) throws(SourceError) -> ModuleSources {
    let place = "\(root)/usr/src"
    guard let name = HostFiles.names(in: place).first(where: { $0.hasPrefix("lttng-modules-") }) else {
      throw SourceError(
        .unknownFormat, call: "unpack lttng-modules-dkms", detail: "the package has no /usr/src/lttng-modules-*")
    }
    let headers = file == nil ? "\(place)/linux-headers-\(release.text)" : ChosenKernel.headers(release)
    let sources = ModuleSources(headers: headers, sources: "\(place)/\(name)")
    try sources.prepare()
    if file == nil {
      if !isRoot { try sources.relocate(to: root) }
      try sources.hideVmlinux()
    }
    return sources
  }

  private static func headers(_ release: KernelRelease) -> String { "/lib/modules/\(release.text)/build" }
}
