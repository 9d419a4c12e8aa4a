/// The outcome of ``SubbufferSource/acquire()``.
public enum Acquired: ~Copyable, ~Escapable {
  /// A sub-buffer is held.
  case subbuffer(Subbuffer)
  /// There is nothing to read at the moment.
  case nothingYet
  /// There will never be anything to read again.
  case finished
}

/// The outcome of ``SubbufferSource/withNext(_:)``.
public enum Visited<Result> {
  /// A sub-buffer was acquired, visited and released.
  case subbuffer(Result)
  /// There is nothing to read at the moment.
  case nothingYet
  /// There will never be anything to read again.
  case finished
}

extension SubbufferSource where Self: ~Copyable {
  /// Acquires the next sub-buffer. The source cannot be used until the sub-buffer is released.
  /// - Throws: ``SourceError`` where the ABI refuses.
  @inlinable
  @_lifetime(&self)
  public mutating func acquire() throws(SourceError) -> Acquired {
    switch try unsafeAcquire() {
    case .subbuffer(let handover): return .subbuffer(Subbuffer(unsafe: handover))
    case .nothingYet: return .nothingYet
    case .finished: return .finished
    }
  }

  /// Acquires the next sub-buffer, calls `body` with it, and releases it, also where `body` throws.
  /// - Throws: what `body` throws, or ``SourceError`` where the ABI refuses.
  @inlinable
  public mutating func withNext<Result>(
    _ body: (borrowing Subbuffer) throws(SourceError) -> Result
  ) throws(SourceError) -> Visited<Result> {
    switch try acquire() {
    case .subbuffer(let subbuffer):
      let result = try body(subbuffer)
      try subbuffer.release()
      return .subbuffer(result)
    case .nothingYet: return .nothingYet
    case .finished: return .finished
    }
  }
}
