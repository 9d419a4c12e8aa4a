import Results

extension Claim {
  /// Is a held sub-buffer left intact?
  public static let held = Claim(
    "held-subbuffer-intact", .handOver, title: "Is a held sub-buffer left intact?",
    question: "In overwrite mode, does a full sub-buffer that the reader holds stay unchanged while the writer wraps "
      + "around?",
    source: "M. Desnoyers, \(Cited.v11), 2024-01-11 (a \"reader\" extra sub-buffer is exchanged); S. Rostedt, "
      + "[RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping, 2023-12-29: \"writer will only write to the "
      + "other pages\"; Documentation/trace/ring-buffer-design.rst: \"the reader could do what it wants with it, as long as "
      + "a writer has left that page\"; lttng-ust, ustctl.c, lttng_ust_ctl_get_next_subbuf: \"Get exclusive read access\"; "
      + "lttng-modules, include/ringbuffer/vfs.h, GET_NEXT_SUBBUF: \"Get exclusive read access to the next sub-buffer "
      + "that can be read.\"",
    procedure: "Write 1000 events, acquire, copy the sub-buffer; write 4000 more, which overwrite the ring buffer more "
      + "than once; compare the bytes.")

  /// Is a partial sub-buffer handed out?
  public static let partialInvisible = Claim(
    "partial-not-visible", .handOver, title: "Is a partial sub-buffer handed out?",
    question: "Is a sub-buffer handed out to the reader before it is full, flushed, or its timer fires?",
    source: "lttng-concepts(7), Event record loss mode: \"When there's no space left in a sub-buffer, the tracer marks "
      + "it as consumable\", and Timers; lttng-ust, lib_ring_buffer_switch_slow (flush); lttng-modules, "
      + "ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Check that we are not about to read the same subbuffer in "
      + "which the writer head is.\"",
    reaching: [.eventsWritten()])

  /// Are events appended after delivery visible?
  public static let commitAdvances = Claim(
    "commit-advances-without-acquire", .handOver, title: "Are events appended after delivery visible?",
    question:
      "Do events that are written into a sub-buffer after it was handed out become visible in it without another "
      + "acquire?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29, of the writer on the reader's page: \"It can still update that page "
      + "and the begging of the sub-buffer has the index of where the writer currently is\"; V. Donnefort, "
      + "\(Cited.v2), 2023-03-29: \"it can just check the meta->entries field or the commit field in the reader_page "
      + "header?\"",
    reaching: [
      .subbufferHeld { seen in try seen.number("bytes of data after the acquire") > 0 }
    ])

  /// The judge of ``commitAdvances``. Reads “bytes of data after the acquire”, “bytes of data later, without an acquire” and
  /// “new events”, of 4.
  public static func lateEvents(_ seen: Evidence) throws -> Answer {
    let isLonger =
      try seen.number("bytes of data later, without an acquire") > seen.number("bytes of data after the acquire")
    let answer =
      switch try (isLonger, seen.number("new events")) {
      case (true, 4): "yes"
      case (false, 0): "no"
      default: "in part"
      }
    return Answer(answer, expected: "yes")
  }

  /// How does a reader locate its sub-buffer?
  public static let whereItIs = Claim(
    "where-the-subbuffer-is", .handOver, title: "How does a reader locate its sub-buffer?",
    question: "Does a call return the place of the reader's sub-buffer, or does the meta page contain it?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"The main difference is that you use an ioctl() that returns "
      + "where to find the reader-sub-buffer, where our ioctl() is just \"I'm done, get me a new "
      + "reader-sub-buffer\". Ours will update the meta page.\"; Documentation/trace/ring-buffer-map.rst: \"This ioctl also "
      + "updates the meta-page fields.\"; lttng-modules, include/ringbuffer/vfs.h, GET_MMAP_READ_OFFSET: \"returns the "
      + "offset of the subbuffer belonging to the mmap reader.\"",
    procedure: "Acquire and release three full sub-buffers. Record what the calls return and the place of each.",
    reaching: .nothing)

  package static func areDistinct(_ list: String, _ count: Int) -> Bool {
    let values = list.split(separator: ",").map { $0.drop { $0 == " " } }
    return values.count == count && Set(values).count == count
  }

  /// One reader, with room: every event once and in order?
  public static let onceInOrder = Claim(
    "every-event-once", .handOver, title: "One reader, with room: every event once and in order?",
    question: "If nothing is lost, do successive acquires hand out every event exactly once and in order, over several "
      + "laps and with partial sub-buffers in between?",
    source: "Documentation/trace/ring-buffer-map.rst: \"The application mapping the ring-buffer becomes then a "
      + "consumer for that ring-buffer, in a similar fashion to trace_pipe.\"; lttng-modules, include/ringbuffer/vfs.h: "
      + "\"Use LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF / LTTNG_KERNEL_ABI_RING_BUFFER_PUT_NEXT_SUBBUF to read and "
      + "consume sub-buffers sequentially.\"",
    reaching: [
      .writerWrapped { seen in try seen.number("events produced") > 2 * seen.number("events that fit") }
    ])

  /// The judge of ``onceInOrder``. Reads what ``Evidence/addDelivered(_:of:)`` adds.
  public static func everyEventOnce(_ seen: Evidence) throws -> Answer {
    let (produced, delivered) = try (seen.number("events produced"), seen.number("events delivered"))
    if delivered != produced {
      return Answer(delivered < produced ? "no, some are missing" : "no, some come twice", expected: "yes")
    }
    let isInOrder = try seen.number("gaps between the delivered") == 0 && seen.number("first delivered") == 0
    return Answer(isInOrder ? "yes" : "no, not in order", expected: "yes")
  }

  /// Is there an extra sub-buffer for the reader?
  public static let extraSubbuffer = Claim(
    "extra-reader-subbuffer", .handOver, title: "Is there an extra sub-buffer for the reader?",
    question: "Is there one sub-buffer more than the writer has, and does each become the reader's in turn?",
    source: "M. Desnoyers, \(Cited.v11), 2024-01-11: \"atomically exchanging a \"reader\" extra subbuffer with the "
      + "subbuffer to be read\"; S. Rostedt, the same day: \"You have a reader-sub-buffer as well.\"; trace_mmap.h, "
      + "@nr_subbufs: \"including the reader\"; lttng-ust and lttng-modules, ring_buffer_backend.c: \"@extra_reader_sb: "
      + "need extra subbuffer for reader\", which is \"(config->mode == RING_BUFFER_OVERWRITE) ? 1 : 0\" (lttng-ust from "
      + "2.15.0 on: in discard mode too, \"to allow punching holes (reclaiming pages) from subbuffers\", f8767b70); "
      + "lttng-modules: "
      + "\"Exchange the target writer subbuffer with our own unused subbuffer.\"",
    procedure: "In each mode, many times: acquire a sub-buffer, write more than fits, and release it. Count the "
      + "different places of the reader's sub-buffer. Do the same before that with nothing written while one is held.",
    reaching: .nothing)

  /// The answer to ``extraSubbuffer`` in one mode. Reads “different places”, “the writer's sub-buffers” and, if there is an
  /// unused one, “sub-buffers in the mapping”, each with the prefix of the mode.
  public static func extra(_ seen: Evidence, _ mode: String) throws -> String {
    let (places, count) = try (
      seen.number("\(mode)different places"), seen.number("\(mode)the writer's sub-buffers")
    )
    if places == count {
      // Older results have no number of sub-buffers in the mapping.
      return (try? seen.number("\(mode)sub-buffers in the mapping")) == count + 1 ? "unused" : "no"
    }
    return places == count + 1 ? "yes" : "\(places) for \(count)"
  }
}
