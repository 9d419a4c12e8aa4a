import SubbufferSource

/// Something that an ABI reports a reader besides the events: a position, a counter, a size or a time.
public struct Getter: Sendable, Hashable {
  /// The field or the function: `lttng_ust_ctl_get_sequence_number`.
  public var name: String
  /// The precondition or the meaning of the value, in a few words.
  public var note: String
  /// The number of calls timed at a time. One alone would be lost in the cost of reading the clock.
  public var calls: Int

  /// A getter.
  public init(_ name: String, _ note: String, calls: Int = 1_000) {
    self.name = name
    self.note = note
    self.calls = calls
  }
}

/// Something that calls the getters of a ring buffer.
public protocol GetterVisitor {
  /// Uses a getter.
  /// - Parameter call: calls it N times.
  /// - Throws: ``SourceError`` where a call fails.
  mutating func visit(_ getter: Getter, _ call: (Int) throws(SourceError) -> Void) throws(SourceError)
}

extension StudiedRing {
  /// A model's are this program's own.
  public func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {}
}
