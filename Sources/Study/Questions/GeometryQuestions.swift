import Results

extension Claim {
  /// Is the length of an event of 200 bytes and more exact?
  public static let eventLength = Claim(
    "event-length", .geometry, title: "Is the length of an event of 200 bytes and more exact?",
    question: "Do events with payloads of 200, 201, 202 and 203 bytes have four different lengths?",
    source: "include/linux/ring_buffer.h, enum ring_buffer_type, a record with type_len zero: \"array[0] holds the "
      + "actual length\"; Common Trace Format (CTF) Specification, version 1.8.3, section 4.2.4: a sequence has a "
      + "length, and its elements follow without padding if they are aligned to bytes",
    procedure: "Write one event of each payload, each into a ring buffer of its own; read it; record the bytes of its "
      + "data.",
    notModelled: "a model's events have a layout of their own",
    reaching: [
      Mark("lengths-grow", "no longer event has fewer bytes") { seen in
        let lengths = try eventLengths(seen)
        return zip(lengths, lengths.dropFirst()).allSatisfy { $0 <= $1 }
      }
    ])

  package static let lengthsOfFour: Expectation.Judge = { seen in
    let lengths = try eventLengths(seen)
    let steps = zip(lengths, lengths.dropFirst()).map { $1 - $0 }
    if steps.allSatisfy({ $0 == 1 }) { return Answer("yes", isExpected: true) }
    return Answer(Set(lengths).count <= 2 ? "no, rounded up" : "no", isExpected: false)
  }

  private static func eventLengths(_ seen: Evidence) throws -> [Int64] {
    try eventPayloads.map { try seen.number("payload of \($0) bytes: bytes of data") }
  }

  /// Payloads whose events differ by a byte; all are above RB_MAX_SMALL_DATA.
  package static let eventPayloads: [UInt32] = [200, 201, 202, 203]

  /// A sub-buffer size of 12 KiB.
  public static let oddSize = Claim(
    "odd-subbuffer-size", .geometry, title: "A sub-buffer size of 12 KiB",
    question: "What happens to a sub-buffer size that is not a power of two?",
    source:
      "Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: it is \"the minimum size of the subbuffer. The kernel "
      + "may make it bigger due to the implementation details, or simply fail the operation\"; lttng-ust, "
      + "ring_buffer_backend.c, channel_backend_init: \"Make sure the number of subbuffers and subbuffer size are "
      + "power of 2, and nonzero.\"; lttng-modules, the same: \"size of sub-buffers (> PAGE_SIZE, power of 2)\"",
    notModelled: "a model is made with a size that it accepts",
    reaching: .nothing)

  /// Accepted sub-buffer sizes.
  public static let sizeLimits = Claim(
    "subbuffer-size-limits", .geometry, title: "Accepted sub-buffer sizes",
    question: "Between which sizes are sub-buffers accepted?",
    source: "kernel/trace/trace.c, buffer_subbuf_size_write: \"limit between 1 and 128 system pages\"; lttng-ust and "
      + "lttng-modules, ring_buffer_backend.c, channel_backend_init: \"Check that the subbuffer size is larger than a "
      + "page.\", next to code that refuses less than a page",
    notModelled: "a model is made with a size that it accepts")

  /// An unexpected set of sizes: "only 0, 1, 128".
  package static func sizes(_ accepted: [String]) -> Answer {
    let numbers = accepted.map { $0.split(separator: " ").first ?? "" }
    return Answer(accepted.isEmpty ? "none" : "only \(numbers.joined(separator: ", "))", isExpected: false)
  }

  /// Least number of sub-buffers of the writer.
  public static let fewestSubbuffers = Claim(
    "fewest-subbuffers", .geometry, title: "Least number of sub-buffers of the writer",
    question: "How few sub-buffers may a writer have?",
    source: "kernel/trace/ring_buffer.c, ring_buffer_resize: \"we need a minimum of two pages\"; lttng-ust and "
      + "lttng-modules, ring_buffer_backend.c, channel_backend_init: \"Overwrite mode buffers require at least 2 "
      + "subbuffers per buffer.\", and in lttng-ust from 2.15.0 on: \"Require at least 2 subbuffers per buffer.\" "
      + "(f8767b70)",
    notModelled: "a model is made with a number that it accepts",
    reaching: .nothing)

  /// Are sub-buffers of 64 KiB full and contiguous?
  public static let largeSubbuffers = Claim(
    "subbuffers-of-many-pages", .geometry, title: "Are sub-buffers of 64 KiB full and contiguous?",
    question: "Are sub-buffers of 64 KiB filled to their end, and does each continue where the one before ends?",
    source:
      "Documentation/trace/ring-buffer-map.rst: sub-buffer id is at meta_page_size + id × subbuf_size; map_test.c, "
      + "FIXTURE_VARIANT_ADD(map, subbuf_size_8k); LTTng: ust-ctl.h, subbuf_size",
    reaching: .nothing)

  package static let fullAndContiguous: Expectation.Judge = { seen in
    if try seen.number("room in the first") >= seen.number("bytes of an event") {
      return Answer("not full", isExpected: false)
    }
    let isContiguous =
      try seen.number("first of the second") == seen.number("last of the first") + 1 && seen["first"] == "0"
    return Answer(isContiguous ? "yes" : "events are missing", expected: "yes")
  }

  /// An event larger than a page, sub-buffers of 8 KiB.
  public static let largeEvent = Claim(
    "event-larger-than-a-page", .geometry, title: "An event larger than a page, sub-buffers of 8 KiB",
    question:
      "Is an event of more than 4096 bytes delivered through sub-buffers of 8 KiB, and what happens to it with 4 KiB?",
    source:
      "Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: \"Changing the sub buffer size allows for events to be "
      + "larger than the page size.\", \"An event can not be bigger than the size of the sub buffer.\"; lttng-ust and "
      + "lttng-modules, ring_buffer_frontend.c: \"Record too big for subbuffers, report error, don't complete the "
      + "sub-buffer switch.\"",
    notModelled: "the writers of the models have no events of this size",
    reaching: .nothing)

  package static func largeEvents(_ seen: Evidence, isReported: Bool) throws -> Answer {
    switch try seen["8 KiB: read"] {
    case "0, 1, 2": break
    case "0, 2":
      let isRefused = (try? seen.number("8 KiB: refused")) == 1
      return Answer(isRefused ? "refused" : "dropped", isExpected: false)
    default: return Answer("other events are lost", isExpected: false)
    }
    switch try seen["4 KiB: read"] {
    case "0, 1, 2": return Answer("delivered, with 4 KiB too", isExpected: false)
    case "0, 2": return Answer(isReported ? "delivered" : "delivered, 4 KiB drops silently", isExpected: isReported)
    default: return Answer("delivered, 4 KiB loses others", isExpected: false)
    }
  }
}
