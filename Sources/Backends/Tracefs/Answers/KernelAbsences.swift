import Results
import Study

extension KernelAnswers {
  /// Why questions of other ABIs do not apply.
  package static let absences: [Absence] = [
    Absence(
      "writer-killed-inside-a-write", .kernel, to: "a process that ends between reserve and commit", kernelWrites),
    Absence("writer-killed-inside-told", .kernel, to: "a process that ends between reserve and commit", kernelWrites),
    Absence("eagain-and-enodata", .kernel, to: "the end of the writer", manyWriters),
    Absence("end-told-by-poll", .kernel, to: "the end of the writer", manyWriters),
    Absence("flush-of-empty", .kernel, to: "flush_buffer", noFlush),
    Absence("flush-only-with-events", .kernel, to: "flush_buffer", noFlush),
    Absence("flush-of-new-ring-buffer", .kernel, to: "flush_buffer", noFlush),
    Absence("final-flush-of-new-ring-buffer", .kernel, to: "flush_buffer", noFlush),
    Absence("populate-of-new-ring-buffer", .kernel, to: "flush_buffer", noFlush),
    Absence("ids-of-empty-packets", .kernel, to: "packets without events", noEmptyPacket),
    Absence("ids-of-populated-packet", .kernel, to: "packets without events", noEmptyPacket),
    Absence(
      "number-of-populated-packet", .kernel, to: "packet_seq_num",
      "the kernel's sub-buffers have no number in the stream"),
    Absence("count-of-populated-packet", .kernel, to: "packets without events", noEmptyPacket),
    Absence(
      "count-beside-the-gap-of-full", .kernel, to: "a count in the sub-buffer before the gap",
      "its count is after the gap, and only if there is room"),
    Absence(
      "count-of-a-complete-packet", .kernel, to: "events_discarded",
      "the acquire writes the count; flag-stays-while-held asks about a held sub-buffer"),
    Absence(
      "packet-numbers-contiguous", .kernel, to: "packet_seq_num",
      "the kernel's sub-buffers have no number in the stream"),
    Absence(
      "packet-size-is-padded", .kernel, to: "a size with padding",
      "a sub-buffer's header contains only the size of its data"),
    Absence("stops-that-block-the-reader", .kernel, doesNotApply),
    Absence("killed-at-each-stop", .kernel, doesNotApply),
    Absence("others-at-each-stop", .kernel, doesNotApply),
    Absence("drops-at-each-stop", .kernel, doesNotApply),
    Absence("resumed-at-each-stop", .kernel, doesNotApply),
    Absence("fixed-up-at-each-stop", .kernel, doesNotApply),
    Absence("read-past-a-stopped-writer", .kernel, doesNotApply),
    Absence(
      "discarded-count-never-falls", .kernel, to: "a sub-buffer that is ended while an event is not committed",
      "the kernel writes the event with preemption off, and a reader ends no sub-buffer"),
    Absence(
      "count-of-a-late-packet", .kernel, to: "a sub-buffer that is ended while an event is not committed",
      "the kernel writes the event with preemption off, and a reader ends no sub-buffer"),
    Absence(
      "packet-gap-times-events", .kernel, to: "packet_seq_num", "the kernel's sub-buffers have no number in the stream"),
    Absence(
      "released-page-stays-mapped", .kernel, to: "pages that are mapped when they are touched",
      "all sub-buffers are mapped at once"),
    Absence(
      "getters-without-get", .kernel, to: "getters of a packet",
      "the kernel has fields of a mapped page instead, which are always there"),
    Absence("put-twice", .kernel, to: "put_next_subbuf", noPut),
    Absence("put-next-after-get-at", .kernel, to: "get_subbuf", noPositions),
    Absence("get-at-while-held", .kernel, to: "get_subbuf", noPositions),
    Absence("sample-while-held", .kernel, to: "snapshot_sample_positions", noPositions),
    Absence(
      "clear-while-held", .kernel, to: "clear_buffer", "no call of the reader ABI clears; writing the file trace does"),
    Absence("unaligned-position", .kernel, to: "get_subbuf", noPositions),
    Absence("release-on-empty", .kernel, to: "put_next_subbuf", noPut),
    Absence("release-on-partial", .kernel, to: "put_next_subbuf", noPut),
    Absence("release-without-acquire", .kernel, to: "put_next_subbuf", "the kernel has no release call"),
    Absence("non-destructive-reading", .kernel, to: "get_subbuf", noPositions),
    Absence("snapshot-repeatable", .kernel, to: "snapshot", noPositions),
    Absence("snapshot-needs-full", .kernel, to: "snapshot", noPositions),
    Absence("snapshot-while-written", .kernel, to: "snapshot", noPositions),
    Absence("sampled-positions", .kernel, to: "snapshot_sample_positions", noPositions),
    Absence("position-out-of-bounds", .kernel, to: "get_subbuf", noPositions),
    Absence("position-overwritten", .kernel, to: "get_subbuf", noPositions),
    Absence("position-held-while-overwritten", .kernel, to: "get_subbuf", noPositions),
    Absence("consumed-only-forward", .kernel, to: "the consumed position", noPositions),
    Absence(
      "switch-timer", .kernel, to: "a timer",
      "an event can be acquired as soon as it is written; there is nothing to switch"),
    Absence("read-timer", .kernel, to: "a timer", "the writer wakes the waiters of poll and of the acquire"),
    Absence("wake-up-for-each", .kernel, to: "the wait fd", "poll asks the ring buffer itself; there is no pipe"),
  ]
}

extension KernelAnswers {
  package static let kernelWrite =
    "the kernel's own code reserves and commits, in one system call; ptrace and signals stop the process on its return "
    + "to user space"

  package static let doesNotApply = Expectation.doesNotApply(
    to: "a process that is stopped between two changes of a write", kernelWrite)
}
