import Foundation
import SubbufferSource

/// The kernel of an image, and where its files are: in Debian's packages, or on this machine.
struct ChosenKernel {
  let release: KernelRelease
  /// The packages to fetch.
  let packages: [String]
  /// The path of the kernel where it is this machine's.
  private let file: String?

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
    packages = []
    file = (path as NSString).standardizingPath
    try ModuleBuild.check(config: config(in: ""))
  }

  /// Chooses a kernel of Debian's archive.
  /// - Parameter wanted: the beginning of a release; `nil` for the newest that fits.
  /// - Throws: ``SourceError`` if there is none.
  init(_ wanted: String?, _ archive: PackageArchive) throws(SourceError) {
    let names = try archive.names(beginningWith: "linux-image-")
    let releases = KernelRelease.releases(ofPackages: names)
    guard let release = KernelRelease.choose(from: releases, wanted: wanted, distribution: ChosenKernel.distribution())
    else {
      let there = releases.prefix(8).map(\.text).joined(separator: ", ")
      throw SourceError(
        .unavailable, call: "choose a kernel",
        detail: "the archive lacks \(wanted ?? "\(KernelRelease.oldest.text) or newer")",
        remedy: there.isEmpty ? "choose another archive with --mirror" : "choose one of \(there)")
    }
    self.release = release
    let image = "linux-image-\(release.text)"
    packages = [
      names.contains("\(image)-unsigned") ? "\(image)-unsigned" : image, "linux-headers-\(release.text)",
      "linux-headers-\(release.base)-common", "linux-kbuild-\(release.base)",
    ]
    file = nil
  }

  /// The kernel's file.
  func image(in root: String) -> String { file ?? "\(root)/boot/vmlinuz-\(release.text)" }

  /// Its configuration.
  func config(in root: String) -> String {
    guard file != nil else { return "\(root)/boot/config-\(release.text)" }
    return "\(ChosenKernel.headers(release))/.config"
  }

  /// The sources to build, prepared.
  func sources(in root: String) throws(SourceError) -> ModuleSources {
    let place = "\(root)/usr/src"
    guard let name = HostFiles.names(in: place).first(where: { $0.hasPrefix("lttng-modules-") }) else {
      throw SourceError(
        .unknownFormat, call: "unpack lttng-modules-dkms", detail: "the package has no /usr/src/lttng-modules-*")
    }
    let headers = file == nil ? "\(place)/linux-headers-\(release.text)" : ChosenKernel.headers(release)
    let sources = ModuleSources(headers: headers, sources: "\(place)/\(name)")
    try sources.prepare()
    if file == nil { try sources.relocate(to: root) }
    return sources
  }

  private static func headers(_ release: KernelRelease) -> String { "/lib/modules/\(release.text)/build" }

  /// The number of the host's Debian release; `nil` on another system.
  private static func distribution() -> Int? {
    guard let text = try? HostFiles.text("/etc/os-release") else { return nil }
    let lines = text.split(separator: "\n")
    guard lines.contains("ID=debian") else { return nil }
    return lines.first { $0.hasPrefix("VERSION_ID=") }.flatMap { Int($0.filter(\.isNumber)) }
  }
}
