import Glibc
import SubbufferSource
import Synchronization

/// A ring buffer after the kernel's design, in memory of its own: what a tracefs instance is for one CPU.
///
/// It is written into by ``write(first:count:payload:)`` and read through a ``KernelModelMapping`` or a
/// ``KernelModelSource``. One thread writes at a time. ``writeInterrupted(by:payload:whileUncommitted:)`` has its writer
/// interrupted by others between reserve and commit, as a kernel's writer is by an interrupt.
///
/// The sub-buffers have the kernel's header and events of the model's own:
///
///      0 u64 time stamp     nanoseconds of CLOCK_MONOTONIC at its first event
/// 8 u64 commit         bytes of committed events; bit 31: events were missed before, bit 30: their number is stored
///     16 events             after the data, as a u64
///
/// An event is u32 size, u32 type, u64 sequence number, and the payload rounded up to 8 bytes; ``KernelModelDecoder``
/// reads them.
package final class KernelModelRing: Sendable {
  /// The events of one ``write(first:count:payload:)`` by outcome: the truth that a reader is judged by.
  package struct Written: Sendable, Hashable {
    /// Events that the writer tried to write.
    package var attempted: UInt64
    /// The number of events refused: dropped in discard mode, or larger than the data of a sub-buffer.
    package var refused: UInt64

    /// Tells both numbers.
    package init(attempted: UInt64, refused: UInt64) {
      self.attempted = attempted
      self.refused = refused
    }
  }

  /// The parameters of the ring buffer.
  package let parameters: KernelModelParameters
  let layout: KernelLayout
  private let memory: SharedMemory
  private let percent = Atomic<UInt64>(50)
  private let writer = Mutex<Void>(())
  private let decidesOnTail = Atomic<Bool>(false)
  private let mappings = Mutex<[Int32]>([])

  /// Makes an empty ring buffer.
  /// - Throws: ``SubbufferSource/SourceError`` where there is not enough memory.
  package convenience init(_ parameters: KernelModelParameters) throws(SourceError) {
    try self.init(parameters, fault: nil)
  }

  /// Makes an empty ring buffer whose memory may be defective.
  package init(_ parameters: KernelModelParameters, fault: MemoryFault?) throws(SourceError) {
    self.parameters = parameters
    layout = KernelLayout(parameters)
    memory = try SharedMemory(wordCount: layout.wordCount, fault: fault)
    var words = memory.words
    layout.initialize(&words)
  }

  /// The memory; it lives as long as the ring buffer.
  var words: SharedWords { memory.words }

  /// The counters, each at its own moment.
  package var stats: KernelModelStats {
    var words = words
    return KernelModelStats(&words)
  }

  /// The fill of the ring buffer from which ``KernelModelMapping/poll(_:)`` returns ready, in per cent: the
  /// instance's `buffer_percent`, 50 at first. At 0 one event is enough.
  package var bufferPercent: UInt64 { percent.load(ordering: .sequentiallyConsistent) }

  /// Sets ``bufferPercent``; who waits already, goes on as before.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `usage` where it is above 100.
  package func setBufferPercent(_ percent: UInt64) throws(SourceError) {
    guard percent <= 100 else {
      throw SourceError(.usage, call: "write buffer_percent", detail: "\(percent)", remedy: "choose 0 to 100")
    }
    self.percent.store(percent, ordering: .sequentiallyConsistent)
  }

  /// The bytes that an event takes: 16 and the payload, rounded up to 8.
  /// - Parameter payload: the bytes besides the sequence number.
  package static func eventSize(payload: UInt32) -> Int { KernelSubbufferFormat.eventSize(payload: payload) }

  /// Writes consecutive events, as fast as it can, from the thread that calls.
  /// - Parameters:
  ///   - first: the sequence number of the first one.
  ///   - count: the number of events.
  ///   - payload: the bytes besides the sequence number; they follow from it.
  @discardableResult
  package func write(first: UInt64, count: UInt64, payload: UInt32) -> Written {
    writer.withLock { _ in
      var words = words
      var refused: UInt64 = 0
      for index in 0..<count {
        var event = KernelWriteEvent(
          layout, sequence: first &+ index, payload: payload, timestamp: monotonicNow())
        if run(&event, on: &words) == .written {
          var wakeUp = KernelWakeUp(layout)
          if wakeUp.run(on: &words) { wakeMappings() }
        } else {
          refused += 1
        }
      }
      return Written(attempted: count, refused: refused)
    }
  }

  /// Writes an event, of another type than the workload's, whose writer is interrupted between reserve and commit by others
  /// that write events of that type.
  /// - Parameters:
  ///   - count: the number of events of those others.
  ///   - payload: the bytes of their payload.
  ///   - whileUncommitted: called when they have written and before the event is committed.
  /// - Returns: the events of the others.
  package func writeInterrupted<Failure: Error>(
    by count: UInt64, payload: UInt32, whileUncommitted: () throws(Failure) -> Void
  ) throws(Failure) -> Written {
    let result = writer.withLock { _ -> Result<Written, Failure> in
      var words = words
      var outer = KernelWriteEvent(layout, sequence: 0, payload: 0, timestamp: monotonicNow(), isWorkload: false)
      while !outer.isUncommitted {
        // Too large for a sub-buffer, or dropped: there is nothing to interrupt.
        if case .done = step(&outer, on: &words) { return .success(Written(attempted: 0, refused: 0)) }
      }
      var refused: UInt64 = 0
      for sequence in 0..<count {
        var event = KernelWriteEvent(
          layout, sequence: sequence, payload: payload, timestamp: monotonicNow(), isWorkload: false, isNested: true)
        if run(&event, on: &words) != .written { refused += 1 }
      }
      let inside = Result { () throws(Failure) in try whileUncommitted() }
      _ = run(&outer, on: &words)
      var wakeUp = KernelWakeUp(layout)
      if wakeUp.run(on: &words) { wakeMappings() }
      return inside.map { Written(attempted: count, refused: refused) }
    }
    return try result.get()
  }

  /// Makes all steps of a write.
  private func run(_ event: inout KernelWriteEvent, on words: inout SharedWords) -> KernelWriteEvent.Outcome {
    while true {
      if case .done(let outcome) = step(&event, on: &words) { return outcome }
    }
  }

  /// Makes a step of a write, and says while it must not be overtaken: threads of a process are preempted, a kernel's
  /// writer is not.
  private func step(
    _ event: inout KernelWriteEvent, on words: inout SharedWords
  ) -> StepOutcome<KernelWriteEvent.Outcome> {
    let wasDeciding = event.isDecidingOnTail
    let outcome = event.step(on: &words)
    let isDeciding = event.isDecidingOnTail
    if isDeciding != wasDeciding { decidesOnTail.store(isDeciding, ordering: .sequentiallyConsistent) }
    return outcome
  }

  /// Returns when the writer does not decide on its tail: a reader begins no call before.
  func awaitTailDecided() {
    while decidesOnTail.load(ordering: .sequentiallyConsistent) { sched_yield() }
  }

  /// Counts a mapping that is woken through a ``KernelWakeupPipe``; the first one gives the pages their ids.
  func map(_ descriptor: Int32) {
    mappings.withLock { mappings in
      if mappings.isEmpty {
        // There is no reader yet.
        var words = words
        layout.assignIDs(&words)
      }
      mappings.append(descriptor)
    }
  }

  func unmap(_ descriptor: Int32) {
    mappings.withLock { mappings in mappings.removeAll { $0 == descriptor } }
  }

  private func wakeMappings() {
    mappings.withLock { mappings in
      for descriptor in mappings { KernelWakeupPipe.signal(descriptor) }
    }
  }
}

/// CLOCK_MONOTONIC in nanoseconds.
private func monotonicNow() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
}
