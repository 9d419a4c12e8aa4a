import Study

extension Claim {
  static let partialInvisible = Claim(
    id: "partial-not-visible",
    title: "A partial sub-buffer is not visible to the reader until it is full, flushed, or its timer fires",
    source: "lttng-concepts(7), \"Channel and ring buffer\"")

  static let held = Claim(
    id: "held-subbuffer-intact",
    title: "In overwrite mode a sub-buffer that the reader holds stays intact while the writer wraps around",
    source: "M. Desnoyers, mail of 2024-01-11 (atomic exchange of the reader's extra sub-buffer); "
      + "ring-buffer-map.rst: \"can be safely read by the mapper\"")

  static let discardCounted = Claim(
    id: "discard-told-exactly",
    title: "With the ring buffer full and not overwritten, the reader learns exactly how many events were dropped",
    source: "lttng-concepts(7): discard mode \"drops … and counts\"; "
      + "trace_mmap.h: overrun is \"Number of entries lost in the ring-buffer\"")

  static let overwriteUncounted = Claim(
    id: "overwrite-number-not-told",
    title: "In overwrite mode the reader does not learn the exact number of lost events",
    source: "lttng-concepts(7): overwrite mode does not record the exact number of lost events")

  static let doubleAcquire = Claim(
    id: "double-acquire",
    title: "What does a second acquire without a release do?",
    source: "S. Rostedt, mail of 2024-01-11: \"I'm done, get me a new reader-sub-buffer\"; ring_buffer_frontend.c")

  static let releaseWithoutAcquire = Claim(
    id: "release-without-acquire",
    title: "A release without an acquire is refused and harmless",
    source: "lttng-ust, src/common/ringbuffer/ring_buffer_frontend.c, lib_ring_buffer_put_subbuf")

  static let positions = Claim(
    id: "non-destructive-reading",
    title: "A sub-buffer can be read by position any number of times without being consumed",
    source: "M. Desnoyers, mail of 2024-01-11 (\"to move the currently read subbuffer position\"); ust-ctl.h, snapshot")

  static let finalized = Claim(
    id: "eagain-and-enodata",
    title: "-EAGAIN means that there is nothing to read yet, -ENODATA that the buffer is finalized, for good",
    source: "lttng-ust, ring_buffer_frontend.c: -EAGAIN where there is nothing to read, -ENODATA where finalized")
}
