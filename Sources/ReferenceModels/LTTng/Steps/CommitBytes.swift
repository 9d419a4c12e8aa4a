/// Adds to the commit counter of a sub-buffer, and delivers the sub-buffer where that was the last of it.
///
/// The end of `lib_ring_buffer_commit`, `lib_ring_buffer_switch_old_start`, `_switch_old_end` and `_switch_new_start`:
/// `v_add` to `commit_hot[].cc`, `lib_ring_buffer_check_deliver`, `lib_ring_buffer_write_commit_counter`.
struct CommitBytes: StepMachine {
  let layout: LTTngLayout
  let process: LTTngProcess
  /// The place in the writer's table.
  let index: Int
  /// The number of bytes committed.
  let byteCount: UInt64
  /// A position in the sub-buffer, for its lap.
  let position: UInt64
  /// The position that the sequence of commits is compared with.
  let end: UInt64
  /// The operation's sample of the counters of lost events: it becomes `events_discarded`, whoever's bytes are
  /// the last. An operation that was not the last to reserve in the sub-buffer has not sampled, which is 0.
  let recordsLost: UInt64

  private var stage = Stage.add
  private var commitCount: UInt64 = 0
  private var wakesUp = false

  private enum Stage: Hashable {
    case add, read, deliver(DeliverSubbuffer), readSequence, writeSequence
  }

  init(
    _ layout: LTTngLayout, _ process: LTTngProcess, index: Int, byteCount: UInt64, position: UInt64, end: UInt64,
    recordsLost: UInt64
  ) {
    self.layout = layout
    self.process = process
    self.index = index
    self.byteCount = byteCount
    self.position = position
    self.end = end
    self.recordsLost = recordsLost
  }

  /// `true` if nothing is committed yet.
  var isBeforeCommit: Bool { stage == .add }

  /// - Returns: whether the reader is to be woken up.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Bool> {
    switch stage {
    case .add:
      // Writes to the sub-buffer come before the count (cmm_smp_wmb).
      _ = memory.fetchAdd(layout.commitCount(index), byteCount, .release)
      stage = .read
    case .read:
      commitCount = memory.load(layout.commitCount(index), .acquire)
      let before = commitCount &- layout.subbufferSize
      guard layout.commitCountAtLap(of: position) == before & layout.commitCountMask else { return sequenceOrDone() }
      stage = .deliver(
        DeliverSubbuffer(
          layout, process, index: index, commitCount: commitCount, position: position, recordsLost: recordsLost))
    case .deliver(var deliver):
      if let wakesUp = deliver.output(on: &memory) {
        self.wakesUp = wakesUp
        return sequenceOrDone()
      }
      stage = .deliver(deliver)
    case .readSequence:
      let sequence = memory.load(layout.commitSequence(index), .relaxed)
      guard Int64(bitPattern: sequence &- commitCount) < 0 else { return .done(wakesUp) }
      stage = .writeSequence
    case .writeSequence:
      memory.store(commitCount, to: layout.commitSequence(index), .relaxed)
      return .done(wakesUp)
    }
    return .more
  }

  /// The sequence is written where everything reserved up to `end` is committed.
  private mutating func sequenceOrDone() -> StepOutcome<Bool> {
    guard layout.subbufferOffset(end &- commitCount) == 0 else { return .done(wakesUp) }
    stage = .readSequence
    return .more
  }
}
