/// A reader of one ring buffer, one sub-buffer at a time.
///
/// Two ring-buffer reader ABIs differ in exactly two steps: how a reader *acquires* the next sub-buffer and how it
/// *releases* it. The kernel's mapped ring buffer has no release call, its next acquire is the release ("I'm done, get
/// me a new reader-sub-buffer", S. Rostedt, 2024-01-11); LTTng has `get_next_subbuf` and `put_next_subbuf`. Both fit
/// this protocol. An ABI without sub-buffers hands out what lies between its tail and its head, and its release moves the
/// tail (``Geometry/hasSubbuffers``).
///
/// A conforming type implements ``unsafeAcquire()``, ``wait(_:)`` and ``flush()``; readers call ``acquire()`` or
/// ``withNext(_:)``, which wrap what `unsafeAcquire` hands over in a ``Subbuffer`` that cannot be used after its
/// release.
///
/// ## Clauses
/// Every source keeps these, and every reader may rely on them.
///
/// 1. **One at a time.** At most one sub-buffer is held. A second acquire between an acquire and its
///    ``Subbuffer/release()`` does not compile; the source may rely on it.
/// 2. **Valid until released.** From acquire to release the bytes of a ``Subbuffer`` after its header that were handed
///    out do not change and stay mapped, whatever the writer does. With ``Capabilities/partialVisibility`` the header's
///    own count of bytes may grow.
/// 3. **Once.** Each event is handed out at most once. Where a partial sub-buffer is handed out again with more in it,
///    ``Subbuffer/unreadOffset`` is the beginning of the part that was not handed out before.
/// 4. **In order.** The events of one source come in the order in which the writer committed them.
/// 5. **Outcomes are values.** *Nothing yet* and *finished* are outcomes, not errors. ``acquire()`` does not
///    wait for the writer to write; what the ABI's own call waits for, its source documents.
/// 6. **Finished is final.** After *finished* every acquire is *finished* again.
/// 7. **Nothing yet changes nothing.** An acquire with that outcome loses and consumes nothing.
/// 8. **Release is explicit or implied, never forgotten.** ``Subbuffer/release()`` releases and throws if the ABI
///    refuses; a lease that is dropped is released at the end of its scope.
/// 9. **Losses are values.** Each ``Subbuffer`` contains the ABI's report on the events lost since the one before it,
///    and the channel of the report. A missing report is ``Loss/notTold``, never zero.
/// 10. **Errors are typed and lose nothing.** A failing call throws a ``SourceError`` with the call, the errno and the
///     remedy, and leaves what was committed readable; a sub-buffer that cannot be read at all may be consumed.
/// 11. **Wait wakes up.** ``wait(_:)`` returns ``Readiness/ready`` only if the ABI reported it; data that is already
///     there when it is called, and that the ABI would announce, is never slept over.
/// 12. **Flush exposes.** After ``flush()`` returns, every event committed before it can be acquired.
/// 13. **Nothing per sub-buffer.** The path from acquire to release allocates nothing, locks nothing and copies no
///     event.
/// 14. **The geometry is fixed.** Size and number of the sub-buffers do not change while the source is open.
public protocol SubbufferSource: ~Copyable {
  /// The decoder of the events in this source's sub-buffers.
  associatedtype Decoder: SubbufferDecoder

  /// Size and number of the sub-buffers; constant while the source is open (clause 14).
  var geometry: Geometry { get }

  /// The capabilities of this ABI beyond the protocol.
  var capabilities: Capabilities { get }

  /// A decoder for this source's sub-buffers. It is a value apart from the source, because the source cannot be used
  /// while a sub-buffer is held.
  var decoder: Decoder { get }

  /// Takes the next sub-buffer from the ABI and hands over its address.
  ///
  /// Unsafe because nothing keeps the caller from using the address after its release; readers call ``acquire()``.
  /// - Returns: the hand-over, or that there is nothing yet, or that nothing will come any more.
  /// - Throws: ``SourceError`` where the ABI refuses.
  mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome

  /// Waits until the ABI reports that a sub-buffer is ready.
  /// - Parameter timeout: how long at the most, in milliseconds; a negative one waits without limit.
  /// - Returns: whether the ABI reported ready, the time ran out, or the writer hung up.
  /// - Throws: ``SourceError`` where waiting fails, with `EINTR` where a signal ended it.
  mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness

  /// Makes every committed event available to ``acquire()``, where the ABI holds back partial sub-buffers.
  /// - Returns: ``Flush/notNeeded`` where the ABI hands out partial sub-buffers by itself.
  /// - Throws: ``SourceError`` where the ABI refuses.
  mutating func flush() throws(SourceError) -> Flush

  /// Makes the ABI report the losses up to now, if it reports them only in a sub-buffer: ends the sub-buffer also where
  /// no event is in it. The next acquires hand out the report.
  /// - Returns: ``Flush/notNeeded`` where nothing waits for a sub-buffer to be told.
  /// - Throws: ``SourceError`` where the ABI refuses.
  mutating func flushEmpty() throws(SourceError) -> Flush

  /// The reports of every channel of the ABI at this moment on all losses: since the ring buffer was made, or since the
  /// source was opened, as ``LossReading/since`` says.
  ///
  /// For after a run: this may allocate and open files.
  /// - Throws: ``SourceError`` where a channel cannot be read.
  mutating func lossChannels() throws(SourceError) -> [LossReading]

  /// The most exact that readings of ``lossChannels()`` let a reader say about all losses: this ABI's recipe, which the
  /// source documents.
  /// - Parameter readings: all of them, or those of the channels that a reader has.
  func totalLoss(of readings: [LossReading]) -> TotalLoss
}

extension SubbufferSource where Self: ~Copyable {
  /// Nothing waits for a sub-buffer to be told.
  public mutating func flushEmpty() throws(SourceError) -> Flush { .notNeeded }

  /// The first reading that reports lost packets, since the events in them are in no count of events; else the first
  /// that reports a loss; else the first with a report.
  public func totalLoss(of readings: [LossReading]) -> TotalLoss {
    let packets = readings.first { if case .packets = $0.loss { $0.loss.saysLost } else { false } }
    let telling = packets ?? readings.first { $0.loss.saysLost } ?? readings.first { $0.loss != .notTold }
    return telling.map { TotalLoss($0.loss, from: [$0.channel], since: $0.since) } ?? TotalLoss(.notTold, from: [])
  }
}

/// A time in milliseconds, as `poll(2)` takes it.
public typealias Milliseconds = Int32

/// The result of ``SubbufferSource/wait(_:)``.
public enum Readiness: Sendable, Equatable {
  /// The ABI reported that there is something to acquire.
  case ready
  /// The time ran out first.
  case timedOut
  /// The writer is gone; what it committed can still be acquired.
  case hungUp
}

/// The result of ``SubbufferSource/flush()``.
public enum Flush: Sendable, Equatable {
  /// The partial sub-buffer was ended.
  case flushed
  /// The ABI hands out partial sub-buffers; there was nothing to do.
  case notNeeded
}

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
