import SubbufferSource

/// A way of reading a ring buffer that its reader ABI is held against.
public struct Baseline: Sendable, Equatable {
  /// The system calls by which it is known: `read(2)`.
  public var name: String
  /// The calls that the operations of the protocol are.
  public var calls: CallNames

  /// A way of reading.
  public init(name: String, calls: CallNames) {
    self.name = name
    self.calls = calls
  }

  /// The error of a ring buffer that cannot be read by it.
  public var isNoWay: SourceError {
    SourceError(.usage, call: name, detail: "this ring buffer cannot be read by it")
  }
}

extension StudiedBackend {
  /// There is no other way.
  public var baselines: [Baseline] { [] }

  /// The calls behind the operations of a reader: of the reader ABI, or of a baseline by its name.
  func calls(ofReader reader: String) -> CallNames {
    baselines.first { $0.name == reader }?.calls ?? calls
  }
}

extension StudiedRing {
  /// There is no other way.
  public func withBaseline<Visitor: SourceVisitor>(
    _ baseline: Baseline, _ visitor: inout Visitor
  ) throws(SourceError) {
    throw baseline.isNoWay
  }

  /// The time of a model's steps is that of this program's own code.
  public func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    throw SourceError(.usage, call: "drain", detail: "the throughput of a model is not measured")
  }
}
