import Foundation
import SubbufferSource

/// The kernels of Debian's archive.
package struct KernelArchive {
  /// The address of the archive.
  package var mirror: String
  /// The suite that is read; `nil` for all, in the order in which a kernel is looked for.
  package var suite: Suite?
  /// Called with each step.
  package var progress: (String) -> Void

  /// Describes an archive.
  package init(mirror: String? = nil, suite: Suite? = nil, progress: @escaping (String) -> Void) {
    self.mirror = mirror ?? PackageArchive.defaultMirror
    self.suite = suite
    self.progress = progress
  }

  /// The suites to read, in order.
  var suites: [Suite] { suite.map { [$0] } ?? Suite.inOrder(host: KernelArchive.hostRelease) }

  /// The kernels of all suites that can be read, the newest first.
  /// - Parameters:
  ///   - cache: keeps the lists of packages.
  ///   - failed: is called with each suite that cannot be read.
  /// - Throws: ``SourceError`` if no suite can be read.
  package func kernels(
    in cache: ImageCache, failed: (Suite, SourceError) -> Void
  ) throws(SourceError) -> [ArchiveKernel] {
    let lock = try cache.lock { progress("wait for a build in \(cache.path)") }
    defer { withExtendedLifetime(lock) {} }
    var kernels: [ArchiveKernel] = []
    var failures: [SourceError] = []
    for suite in suites {
      do throws(SourceError) {
        kernels += try self.kernels(of: suite, in: cache)
      } catch {
        guard error.kind != .interrupted else { throw error }
        failures.append(error)
        failed(suite, error)
      }
    }
    if let first = failures.first, failures.count == suites.count { throw first }
    return kernels.sorted { $0.release > $1.release }
  }

  /// Chooses a kernel: of the first suite that has one that is meant, the newest.
  /// - Parameters:
  ///   - wanted: the beginning of a release; `nil` for the newest whose modules can be built.
  ///   - cache: keeps the lists of packages; the caller holds its lock.
  /// - Throws: ``SourceError`` of kind `unavailable` if no suite has it, with the suites that could not be read.
  func choose(_ wanted: String?, in cache: ImageCache) throws(SourceError) -> ArchiveKernel {
    var there: [ArchiveKernel] = []
    var unread: [String] = []
    for suite in suites {
      let kernels: [ArchiveKernel]
      do throws(SourceError) {
        kernels = try self.kernels(of: suite, in: cache)
      } catch {
        guard error.kind != .interrupted, suites.count > 1 else { throw error }
        unread.append("\(suite.rawValue) cannot be read: \(error.reason)")
        continue
      }
      if let kernel = ArchiveKernel.choose(from: kernels, wanted: wanted) { return kernel }
      there += kernels
    }
    let newest = there.map(\.release).newestOfEachSeries.reversed().prefix(12).map(\.text)
    throw SourceError(
      .unavailable, call: "choose a kernel",
      detail: ([
        "\(suites.map(\.rawValue).joined(separator: ", ")): no kernel "
          + (wanted.map { "\($0) of the flavour \(KernelRelease.flavour.dropFirst())" } ?? "with headers")
      ] + unread)
      .joined(separator: "; "),
      remedy: newest.isEmpty
        ? "choose another archive with --mirror"
        : "choose one of \(newest.joined(separator: ", ")); abi-compare vm list has all")
  }

  private func kernels(of suite: Suite, in cache: ImageCache) throws(SourceError) -> [ArchiveKernel] {
    try update([suite.rawValue], lists: cache.lists)
    let archive = try PackageArchive(in: cache.lists, mirror: mirror, suites: [suite.rawValue])
    return try ArchiveKernel.all(of: suite, names: archive.names(beginningWith: "linux-"))
  }

  /// Fetches lists of packages that are newer than those in a directory.
  func update(_ suites: [String], lists: String) throws(SourceError) {
    guard !suites.isEmpty else { return }
    progress("fetch the lists of packages of \(suites.joined(separator: ", ")) from \(mirror)")
    try PackageArchive(in: lists, mirror: mirror, suites: suites).update()
  }

  /// The number of the host's Debian release; `nil` on another system.
  static var hostRelease: Int? {
    guard let text = try? HostFiles.text("/etc/os-release") else { return nil }
    let lines = text.split(separator: "\n")
    guard lines.contains("ID=debian") else { return nil }
    return lines.first { $0.hasPrefix("VERSION_ID=") }.flatMap { Int($0.filter(\.isNumber)) }
  }
}

/// A kernel of Debian's archive, with the names of its packages.
package struct ArchiveKernel: Sendable, Equatable {
  /// The release.
  package let release: KernelRelease
  /// The suite that has it.
  package let suite: Suite
  /// The packages of the kernel and its configuration.
  ///
  /// Up to 6.18 both are in `linux-image-V`. From 6.19 on that is a metapackage: the kernel is in `linux-binary-V`, and the
  /// configuration in `linux-base-V`.
  let packages: [String]
  /// The packages of the headers; `nil` if the archive has none for this kernel.
  let headers: [String]?

  /// `true` if modules can be built for it.
  package var hasHeaders: Bool { headers != nil }

  /// The kernels of the flavour in a suite, the newest first.
  /// - Parameter names: the names of the suite's packages that begin with `linux-`.
  static func all(of suite: Suite, names: [String]) -> [ArchiveKernel] {
    let known = Set(names)
    let releases = Set(names.compactMap(release(ofPackage:)))
    return releases.sorted(by: >).compactMap { release in
      let version = release.text
      let headers = [
        "linux-headers-\(version)", "linux-headers-\(release.base)-common", "linux-kbuild-\(release.base)",
      ]
      let packages: [String]
      if let binary = ["linux-binary-\(version)", "linux-binary-unsigned-\(version)"].first(where: known.contains) {
        packages = [binary] + ["linux-base-\(version)"].filter(known.contains)
      } else if let image = ["linux-image-\(version)-unsigned", "linux-image-\(version)"].first(where: known.contains) {
        packages = [image]
      } else {
        return nil
      }
      return ArchiveKernel(
        release: release, suite: suite, packages: packages,
        headers: known.isSuperset(of: headers) ? headers : nil)
    }
  }

  /// The release of a kernel's package; `nil` for another package or flavour.
  private static func release(ofPackage name: String) -> KernelRelease? {
    for prefix in ["linux-binary-unsigned-", "linux-binary-", "linux-image-"] where name.hasPrefix(prefix) {
      var release = name.dropFirst(prefix.count)
      if release.hasSuffix("-unsigned") { release = release.dropLast("-unsigned".count) }
      guard release.hasSuffix(KernelRelease.flavour), release.first?.isNumber == true else { return nil }
      return KernelRelease(String(release))
    }
    return nil
  }

  /// The newest of some kernels that a user means.
  /// - Parameters:
  ///   - kernels: the kernels of a suite, the newest first.
  ///   - wanted: the beginning of a release; `nil` for the newest from ``KernelRelease/oldest`` on that has headers.
  static func choose(from kernels: [ArchiveKernel], wanted: String?) -> ArchiveKernel? {
    guard let wanted else { return kernels.first { $0.release >= KernelRelease.oldest && $0.hasHeaders } }
    return kernels.first { $0.release.matches(wanted) }
  }
}

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

/// A suite of Debian's archive that has kernels of the cloud flavour from 6.12 on.
package enum Suite: String, CaseIterable, Sendable, Codable {
  /// Kernels of the 6.12 series, built by Debian 12's compiler.
  case bookwormBackports = "bookworm-backports"
  /// Kernels of the 6.12 series.
  case trixie
  /// Kernels from 6.16 on, built by Debian 13's compiler; headers of the newest alone.
  case trixieBackports = "trixie-backports"
  /// The newest kernel.
  case sid

  /// The number of the Debian release that the suite belongs to (`VERSION_ID` of os-release(5)); `nil` for sid.
  var number: Int? {
    switch self {
    case .bookwormBackports: 12
    case .trixie, .trixieBackports: 13
    case .sid: nil
    }
  }

  /// The suite of the release that the suite adds to: its compiler built the kernels.
  var base: String {
    switch self {
    case .bookwormBackports: "bookworm"
    case .trixie, .trixieBackports: "trixie"
    case .sid: "sid"
    }
  }

  /// The suite that has an lttng-modules for the kernels of this one, and a static busybox.
  var modules: String {
    switch self {
    case .bookwormBackports, .trixie: "trixie"
    case .trixieBackports, .sid: "sid"
    }
  }

  /// The suites in the order in which a kernel is looked for: those of the host's release first, since its compiler can
  /// build modules for their kernels; then those with the shortest lists of packages.
  /// - Parameter host: the number of the host's Debian release; `nil` on another system.
  static func inOrder(host: Int?) -> [Suite] {
    let own = allCases.filter { host != nil && $0.number == host }
    return own + [.bookwormBackports, .trixieBackports, .trixie, .sid].filter { !own.contains($0) }
  }
}
