/// The release of a kernel as `uname -r` tells it: `6.12.95+deb12-cloud-amd64`.
struct KernelRelease: Comparable, Hashable {
  /// As it is told.
  let text: String

  init(_ text: String) { self.text = text }

  /// The text that the packages of all flavours of this version have in their names: `6.12.95+deb12`.
  var base: String { text.hasSuffix(Self.flavour) ? String(text.dropLast(Self.flavour.count)) : text }

  /// The flavour that is taken: a small kernel for virtual machines.
  static let flavour = "-cloud-amd64"

  /// The first kernel with a mapped ring buffer and a Debian package of the cloud flavour that is taken by itself.
  static let oldest = KernelRelease("6.12")

  /// The numbers, by which releases are compared.
  private var numbers: [Int] {
    text.prefix { $0.isNumber || $0 == "." }.split(separator: ".").compactMap { Int($0) }
  }

  /// `true` if a user who asks for `wanted` means this: the same text, or the beginning of it up to a separator.
  func matches(_ wanted: String) -> Bool {
    guard text.hasPrefix(wanted) else { return false }
    guard let next = text.dropFirst(wanted.count).first else { return true }
    return !next.isNumber
  }

  static func < (left: KernelRelease, right: KernelRelease) -> Bool {
    left.numbers == right.numbers ? left.text < right.text : left.numbers.lexicographicallyPrecedes(right.numbers)
  }

  /// The releases that packages by these names have, the newest first.
  /// - Parameter names: names of packages; those that are no image of the flavour are left out.
  static func releases(ofPackages names: [String]) -> [KernelRelease] {
    let images = names.compactMap { name -> KernelRelease? in
      guard name.hasPrefix("linux-image-") else { return nil }
      var release = name.dropFirst("linux-image-".count)
      if release.hasSuffix("-unsigned") { release = release.dropLast("-unsigned".count) }
      guard release.hasSuffix(flavour), release.first?.isNumber == true else { return nil }
      return KernelRelease(String(release))
    }
    return Set(images).sorted(by: >)
  }

  /// Of releases, the newest first, the one to take.
  /// - Parameters:
  ///   - wanted: what the user asks for; `nil` for the newest from ``oldest`` on.
  ///   - distribution: the number of the host's Debian release: kernels that were built for it are preferred, since its
  ///     compiler can build modules for them.
  static func choose(from releases: [KernelRelease], wanted: String?, distribution: Int?) -> KernelRelease? {
    let possible = releases.filter { release in wanted.map { release.matches($0) } ?? (release >= oldest) }
    let mark = distribution.map { "deb\($0)" }
    return possible.first { release in mark.map { release.text.contains($0) } ?? true } ?? possible.first
  }
}
