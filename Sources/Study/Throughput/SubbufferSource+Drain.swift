import SubbufferSource

extension SubbufferSource where Self: ~Copyable {
  /// Acquires and releases until there is nothing more.
  ///
  /// Inlinable, so that a back end compiles it for its own source: what is timed is the ABI and the decoder, and not the
  /// dispatch between modules.
  /// - Parameter buffer: where to copy to; sub-buffers that are larger are copied as far as it goes.
  /// - Throws: ``SourceError`` where a call fails or an event cannot be decoded.
  @inlinable
  public mutating func drain(
    _ work: DrainWork, copyingTo buffer: UnsafeMutableRawBufferPointer
  ) throws(SourceError) -> Drained {
    let decoder = decoder
    var drained = Drained()
    let begin = MonotonicClock.now()
    reading: while true {
      switch try acquire() {
      case .subbuffer(let subbuffer):
        drained.subbuffers &+= 1
        drained.bytes &+= UInt64(subbuffer.unreadCount)
        switch work {
        case .handOver: break
        case .copy:
          let first = subbuffer.unreadOffset
          subbuffer.withBytes { bytes in
            bytes.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[first...].prefix(buffer.count))) }
          }
        case .decode: try decoder.count(subbuffer, into: &drained)
        }
        try subbuffer.release()
      case .nothingYet: break reading
      case .finished: break reading
      }
    }
    drained.nanoseconds = MonotonicClock.now() &- begin
    return drained
  }
}

extension SubbufferSource where Self: ~Copyable {
  /// Lets `body` have the source read until there is nothing more. A partial sub-buffer is ended before, which is not timed.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  @inlinable
  public mutating func withDrain(
    _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: geometry.subbufferSize, alignment: 64)
    defer { buffer.deallocate() }
    try body { (work) throws(SourceError) in
      _ = try flush()
      return try drain(work, copyingTo: buffer)
    }
  }
}

extension SubbufferDecoder {
  @inlinable
  @inline(__always)
  func count(_ subbuffer: borrowing Subbuffer, into drained: inout Drained) throws(SourceError) {
    var (events, sum) = (drained.events, drained.sum)
    do {
      try forEachSequenceNumber(in: subbuffer) { sequence in
        events &+= 1
        sum &+= sequence
      }
    } catch {
      throw SourceError(error)
    }
    (drained.events, drained.sum) = (events, sum)
  }
}
