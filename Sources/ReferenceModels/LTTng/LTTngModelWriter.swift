import SubbufferSource
import SystemPackage

/// The writer of a ring buffer, for a thread of its own.
///
/// It writes as fast as it is called; pacing is the caller's.
package final class LTTngModelWriter: Sendable {
  /// The events of one ``write(first:count:payload:)`` by outcome.
  package struct Written: Sendable, Hashable {
    /// Events that were written and committed.
    package internal(set) var accepted = 0
    /// Events that were lost because all sub-buffers were full.
    package internal(set) var discardedFull = 0
    /// Events that were lost because the next sub-buffer was not committed yet.
    package internal(set) var discardedWrap = 0
    /// Events that were lost because no sub-buffer has room for them.
    package internal(set) var discardedBig = 0
    /// Events that were lost, and counted nowhere, because an internal error had disabled the channel.
    package internal(set) var disabled = 0

    /// The events that the ring buffer counts as lost.
    package var discarded: Int { discardedFull + discardedWrap + discardedBig }
  }

  /// The largest payload that can be asked for, in bytes; there is hardly a sub-buffer with room for it.
  package static let largestPayload = 1 << 26

  /// The bytes that an event takes: 16 and the payload, rounded up to 8.
  /// - Parameter payload: the bytes besides the sequence number.
  package static func eventSize(payload: Int) -> Int {
    LTTngEvent(sequence: 0, payloadByteCount: payload).wordCount * 8
  }

  private let ring: LTTngRing

  init(_ ring: LTTngRing) {
    self.ring = ring
  }

  /// Writes events with consecutive sequence numbers.
  /// - Parameters:
  ///   - first: the sequence number of the first event.
  ///   - count: the number of events.
  ///   - payload: the size of each event's payload after its sequence number, in bytes.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `usage` where there cannot be such events, and with `EPIPE`
  /// after
  ///   ``close()``.
  package func write(first: UInt64, count: Int, payload: Int) throws(SourceError) -> Written {
    try check(count: count, payload: payload)
    var written = Written()
    for index in 0..<count {
      let event = LTTngEvent(sequence: first &+ UInt64(index), payloadByteCount: payload)
      let output = ring.run(WriteEvent(ring.layout, event))
      if output.wakesUp { ring.pipe.wakeUp(from: .traced) }
      switch output.outcome {
      case .committed: written.accepted += 1
      case .discardedFull: written.discardedFull += 1
      case .discardedWrap: written.discardedWrap += 1
      case .discardedBig: written.discardedBig += 1
      case .disabled: written.disabled += 1
      }
    }
    return written
  }

  /// Writes one event up to its commit, as a thread that was stopped there.
  /// - Parameters:
  ///   - sequence: the sequence number.
  ///   - payload: the size of the payload after the sequence number, in bytes.
  /// - Returns: the event, to be committed or left alone.
  /// - Throws: as ``write(first:count:payload:)``; where the event is lost, with the error of ``LTTngWriteOutcome``.
  package func begin(sequence: UInt64, payload: Int) throws(SourceError) -> PendingEvent {
    try check(count: 1, payload: payload)
    var words = ring.words
    var write = WriteEvent(ring.layout, LTTngEvent(sequence: sequence, payloadByteCount: payload))
    while !write.isBeforeCommit {
      if let output = write.output(on: &words) {
        throw SourceError(call: "lib_ring_buffer_reserve", errno: output.outcome.errno)
      }
    }
    return PendingEvent(ring: ring, write: write)
  }

  /// An event that is reserved and written, and not committed.
  package struct PendingEvent: ~Copyable, Sendable {
    let ring: LTTngRing
    let write: WriteEvent

    /// Commits the event.
    package consuming func commit() {
      if ring.run(write).wakesUp { ring.pipe.wakeUp(from: .traced) }
    }
  }

  /// Ends the writer, as its process ends: what was committed stays, and the reader's wait descriptor hangs up. Not to
  /// be called while another thread writes.
  package func close() {
    ring.pipe.writerWakeup.close()
  }

  private func check(count: Int, payload: Int) throws(SourceError) {
    guard ring.pipe.writerWakeup.rawValue >= 0 else {
      throw SourceError(
        call: "write", errno: .brokenPipe, detail: "the writer was closed", remedy: "create a new channel")
    }
    guard count >= 0, payload >= 0, payload <= Self.largestPayload else {
      throw SourceError(
        .usage, call: "write", detail: "\(count) events with \(payload) bytes of payload",
        remedy: "choose a payload of 0 to \(Self.largestPayload) bytes")
    }
  }
}
