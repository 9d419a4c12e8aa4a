/// A source whose sub-buffers can also be read by position, without consuming them.
public protocol PositionalSubbufferSource: SubbufferSource, ~Copyable {
  /// Samples what lies between the consumed and the produced position, in bytes since the ring buffer was made.
  /// - Throws: ``SourceError`` where the ABI refuses, with `EAGAIN` where there is nothing.
  mutating func snapshot() throws(SourceError) -> Range<UInt>

  /// Takes the sub-buffer at a position of the last snapshot; it stays unconsumed after its release.
  /// - Throws: ``SourceError`` where the ABI refuses.
  mutating func unsafeAcquire(at position: UInt) throws(SourceError) -> UnsafeOutcome
}

extension PositionalSubbufferSource where Self: ~Copyable {
  /// Acquires the sub-buffer at a position of the last snapshot; it stays unconsumed after its release.
  /// - Throws: ``SourceError`` where the ABI refuses.
  @inlinable
  @_lifetime(&self)
  public mutating func acquire(at position: UInt) throws(SourceError) -> Acquired {
    switch try unsafeAcquire(at: position) {
    case .subbuffer(let handover): return .subbuffer(Subbuffer(unsafe: handover))
    case .nothingYet: return .nothingYet
    case .finished: return .finished
    }
  }
}
