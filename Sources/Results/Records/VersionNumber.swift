/// The version of a kernel or a library, ordered by its numbers.
public struct VersionNumber: Sendable, Hashable, Comparable {
  /// The software: "Linux"; empty if the version does not name it.
  public let software: String
  /// The version as it was reported: "6.18.44-fc-v669".
  public let text: String
  /// The numbers before anything else: 6, 18, 44.
  public let numbers: [Int]
  /// The number of a release candidate; `nil` for a release.
  public let candidate: Int?

  /// Reads a version such as "Linux 6.18.44-fc-v669"; one without numbers is older than any other.
  public init(_ version: String) {
    let words = version.split(separator: " ", maxSplits: 1).map(String.init)
    // Without a number in the second word the first one is the version.
    let isNamed = words.count == 2 && words[1].first?.isNumber == true
    software = isNamed ? words[0] : ""
    text = isNamed ? words[1] : version
    let prefix = text.prefix { ($0.isASCII && $0.isNumber) || $0 == "." }
    // A number of more than 18 digits is no version; the greatest one keeps it in its place.
    numbers = prefix.split(separator: ".").map { Int($0) ?? .max }
    candidate = text.dropFirst(prefix.count).prefixMatch(of: /-rc(\d{1,9})/).flatMap { Int($0.output.1) }
  }

  /// The numbers as text: "6.18.44", "7.3.0-rc2"; the whole version if it has none.
  public var number: String {
    guard !numbers.isEmpty else { return text }
    return numbers.map { "\($0)" }.joined(separator: ".") + (candidate.map { "-rc\($0)" } ?? "")
  }

  /// The series of maintained releases: "6.18.y"; `nil` without two numbers.
  public var series: String? { numbers.count < 2 ? nil : "\(numbers[0]).\(numbers[1]).y" }

  /// `true` if the numbers are equal; such versions are different builds, and neither is newer.
  public func hasNumber(of other: VersionNumber) -> Bool { rank == other.rank && software == other.software }

  /// `true` if the numbers are lower.
  public func isOlder(than other: VersionNumber) -> Bool { rank.lexicographicallyPrecedes(other.rank) }

  /// By software, then by number, then by the whole text.
  public static func < (one: VersionNumber, other: VersionNumber) -> Bool {
    if one.software != other.software { return one.software < other.software }
    if one.rank != other.rank { return one.rank.lexicographicallyPrecedes(other.rank) }
    return one.text < other.text
  }

  /// The numbers without zeros at the end, a release candidate before its release.
  private var rank: [Int] {
    var release = numbers
    while release.last == 0 { release.removeLast() }
    while release.count < 4 { release.append(0) }
    return release + [candidate ?? .max]
  }
}
