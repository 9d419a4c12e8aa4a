import Study

/// What was said of LTTng's ring buffer. lttng-ust is version 2.13.5; lttng-concepts(7) that of lttng-tools 2.13.
extension Claim {
  static let partialInvisible = Claim(
    id: "partial-not-visible",
    title: "A partial sub-buffer is not visible to the reader until it is full, flushed, or its timer fires",
    source: "lttng-concepts(7), Event record loss mode: \"When there's no space left in a sub-buffer, the tracer marks "
      + "it as consumable\", and Timers; lttng-ust, lib_ring_buffer_switch_slow (flush)")

  static let held = Claim(
    id: "held-subbuffer-intact",
    title: "In overwrite mode a sub-buffer that the reader holds stays intact while the writer wraps around",
    source: "M. Desnoyers, \(v11), 2024-01-11 (a \"reader\" extra sub-buffer is exchanged); S. Rostedt, "
      + "[RFC][PATCH 0/2], 2023-12-29: \"writer will only write to the other pages\"")

  static let discardCounted = Claim(
    id: "discard-told-exactly",
    title: "With the ring buffer full and not overwritten, the reader learns how many events were dropped",
    source: "lttng-concepts(7), Discard mode: \"increments a count of lost event records\"; trace_mmap.h, @overrun: "
      + "\"Number of entries lost in the ring-buffer.\"")

  static let overwriteUncounted = Claim(
    id: "overwrite-number-not-told",
    title: "In overwrite mode the reader does not learn the exact number of lost events",
    source: "lttng-concepts(7), Overwrite mode: \"LTTng doesn't write to the trace the exact number of lost event "
      + "records in the lost sub-buffers\"")

  static let doubleAcquire = Claim(
    id: "double-acquire",
    title: "What does a second acquire without a release do?",
    source: "S. Rostedt, \(v11), 2024-01-11: \"I'm done, get me a new reader-sub-buffer\"; "
      + "of LTTng stated nowhere in words; lttng-ust, backend_internal.h, update_read_sb_index: a warning")

  static let releaseWithoutAcquire = Claim(
    id: "release-without-acquire",
    title: "What does a release without an acquire do?",
    source: "stated nowhere in words; lttng-ust, lib_ring_buffer_put_subbuf: "
      + "\"Reader puts a subbuffer it did not get.\", then a warning")

  static let positions = Claim(
    id: "non-destructive-reading",
    title: "A sub-buffer can be read by position more than once, without being consumed",
    source: "lttng-ust, ustctl.c: lttng_ust_ctl_put_subbuf \"Release exclusive sub-buffer access\", without "
      + "put_next's \"move consumer forward\"")

  static let finalized = Claim(
    id: "eagain-and-enodata",
    title: "-EAGAIN means that there is nothing to read yet, -ENODATA that the buffer is finalized",
    source: "lttng-ust, lib_ring_buffer_get_subbuf: \"Returns -ENODATA if buffer is finalized, -EAGAIN if there is "
      + "currently no data to read\"")
}
