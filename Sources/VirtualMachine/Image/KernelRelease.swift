import Study

/// The release of a kernel as uname(2) returns it: `6.12.95+deb12-cloud-amd64`.
public struct KernelRelease: Comparable, Hashable, Sendable {
  /// The text: `6.12.95+deb12-cloud-amd64`.
  public let text: String

  /// Takes a text for one.
  public init(_ text: String) { self.text = text }

  /// The text that the packages of all flavours of this version have in their names: `6.12.95+deb12`.
  var base: String { text.hasSuffix(Self.flavour) ? String(text.dropLast(Self.flavour.count)) : text }

  /// The flavour that is taken: a small kernel for virtual machines.
  static let flavour = "-cloud-amd64"

  /// The first kernel with a mapped ring buffer and a Debian package of the cloud flavour that is taken by itself.
  public static let oldest = KernelRelease("6.12")

  /// The minor release: `6.12`.
  public var series: String { version.numbers.prefix(2).map(String.init).joined(separator: ".") }

  private var version: VersionNumber { VersionNumber(text) }

  /// `true` if a user who asks for `wanted` means this: the same text, or the beginning of it up to a separator.
  public func matches(_ wanted: String) -> Bool {
    guard text.hasPrefix(wanted) else { return false }
    guard let next = text.dropFirst(wanted.count).first else { return true }
    return !next.isNumber
  }

  /// Compares the numbers; equal ones by the text.
  public static func < (left: KernelRelease, right: KernelRelease) -> Bool { left.version < right.version }
}

extension Sequence<KernelRelease> {
  /// The newest release of each minor release, in ascending order.
  public var newestOfEachSeries: [KernelRelease] {
    Dictionary(grouping: self, by: \.series).values.compactMap { $0.max() }.sorted()
  }
}
