import Glibc
import SubbufferSource
import SubbufferSourceConformance
import Synchronization

/// A small ring buffer in memory, for a source that keeps the clauses and for wrong ones.
///
/// A sub-buffer begins with u32 `used`, the bytes of its events, and u32 `lost`, the events lost before it. An event is u32
/// length of the payload, u64 sequence number, payload. The reader has a sub-buffer of its own.
final class MemoryRing: ConformanceWriter, Sendable {
  static let headerSize = 8
  static func eventSize(payload: Int) -> Int { 12 + payload }

  struct State {
    /// Sub-buffers that are full or flushed, the oldest first.
    var ready: IndexQueue
    var free: IndexQueue
    /// The sub-buffer that the writer is on.
    var current: Int?
    /// The sub-buffer that the reader took while the writer was on it.
    var heldPartial: Int?
    /// Lost events that are not reported yet.
    var lost: UInt32 = 0
    var ended = false
  }

  let shape: RingShape
  let memory: SharedMemory
  let state: Mutex<State>
  /// `true` if the reader sees events before their sub-buffer is full or flushed.
  let isPartial: Bool

  init(_ shape: RingShape, isPartial: Bool) {
    self.shape = shape
    self.isPartial = isPartial
    memory = SharedMemory(subbufferSize: shape.subbufferSize, count: shape.subbufferCount + 1)
    let count = shape.subbufferCount + 1
    var free = IndexQueue(capacity: count)
    for index in 0..<count { free.append(index) }
    state = Mutex(State(ready: IndexQueue(capacity: count), free: free))
  }

  func write(first: UInt64, count: UInt64, payload: Int) -> Written {
    guard Self.headerSize + Self.eventSize(payload: payload) <= shape.subbufferSize else {
      return Written(accepted: 0, refused: count)
    }
    state.withLock { state in
      for sequence in first..<first + count { write(sequence, payload, &state) }
    }
    return Written(accepted: count, refused: 0)
  }

  private func write(_ sequence: UInt64, _ payload: Int, _ state: inout State) {
    let size = Self.eventSize(payload: payload)
    if let current = state.current, Self.headerSize + memory.used(current) + size > shape.subbufferSize {
      deliver(&state)
    }
    guard let current = state.current ?? next(&state) else {
      state.lost += 1
      return
    }
    memory.append(sequence, payload, to: current)
    if isPartial { memory.announce() }
  }

  /// Takes a free sub-buffer to write into; if none is free, overwrite mode takes the oldest ready one.
  private func next(_ state: inout State) -> Int? {
    if state.free.isEmpty, shape.mode == .overwrite, let oldest = state.ready.popFirst() {
      // The lost events precede the sub-buffer that is now the oldest.
      let lost = memory.lost(oldest) + memory.events(oldest)
      if let next = state.ready.first { memory.addLost(lost, to: next) } else { state.lost += lost }
      state.free.append(oldest)
    }
    guard let next = state.free.popFirst() else { return nil }
    memory.clear(next, lost: state.lost)
    state.lost = 0
    state.current = next
    return next
  }

  /// Passes the current sub-buffer to the reader, if it contains an event.
  func deliver(_ state: inout State) {
    guard let current = state.current, memory.used(current) > 0 else { return }
    state.current = nil
    if state.heldPartial != current { state.ready.append(current) }
    memory.announce()
  }

  /// Drops the events of the current sub-buffer and counts them as lost.
  func dropCurrent() {
    state.withLock { state in
      guard let current = state.current else { return }
      state.lost += memory.lost(current) + memory.events(current)
      state.current = nil
      state.free.append(current)
    }
  }

  /// Gives a sub-buffer back to the writer.
  func release(_ index: Int) {
    state.withLock { $0.free.append(index) }
  }

  func end() {
    state.withLock { state in
      deliver(&state)
      state.ended = true
    }
  }
}
