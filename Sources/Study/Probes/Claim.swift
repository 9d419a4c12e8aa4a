/// Something that was claimed or asked about a ring-buffer reader ABI.
public struct Claim: Sendable, Equatable {
  /// A stable name.
  public var id: String
  /// The claim or question in a few words.
  public var title: String
  /// Who stated it, where and when.
  public var source: String

  /// States a claim.
  public init(id: String, title: String, source: String) {
    self.id = id
    self.title = title
    self.source = source
  }
}
