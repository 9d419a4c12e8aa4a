import SubbufferSource

/// A kernel of Debian's archive, with the names of its packages.
public struct ArchiveKernel: Sendable, Equatable {
  /// The release.
  public let release: KernelRelease
  /// The suite that has it.
  public let suite: Suite
  /// The packages of the kernel and its configuration.
  ///
  /// Up to 6.18 both are in `linux-image-V`. From 6.19 on that is a metapackage: the kernel is in `linux-binary-V`, and the
  /// configuration in `linux-base-V`.
  let packages: [String]
  /// The packages of the headers; `nil` if the archive has none for this kernel.
  let headers: [String]?

  /// `true` if modules can be built for it.
  public var hasHeaders: Bool { headers != nil }

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
