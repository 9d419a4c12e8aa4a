import Study

/// Claims about the size of an event in the ring buffer.
extension Claim {
  static let markerSize = Claim(
    "raw-marker-size", .geometry, title: "Bytes of a raw marker beyond those written",
    question: "Does an event of trace_marker_raw have exactly as many bytes of data as were written?",
    source:
      "S. Rostedt, commit 54b91e54b113 (\"tracing: Stop fortify-string from warning in tracing_mark_raw_write()\"), "
      + "2025-10-11, in Linux 6.18: \"cnt includes the 'id' and the buffer data, so adding cnt to the size of *entry "
      + "actually allocates too much on the ring buffer\"",
    procedure: "Write raw markers of 20, 24, 40, 100 and 200 bytes; map the ring buffer and acquire; record the bytes "
      + "of data of each event after its common fields.",
    notModelled: "a model's events have a layout of their own",
    reaching: .nothing,
    [
      .kernel: .documented("yes: none are added") { seen in
        let surplus = try markerSizes.map { try Int64($0) - seen.number("\($0) bytes written: bytes of data") }
        let added = Set(surplus.map { -$0 })
        guard let all = added.first, added.count == 1 else { return Answer("differs by size", isExpected: false) }
        return Answer(all == 0 ? "none" : "\(all)", expected: "none")
      },
      .lttng: .doesNotApply(
        to: "trace_marker_raw", "the fields of an event have the sizes that the trace's metadata describes"),
    ])

  /// Sizes of raw markers that are multiples of the alignment, on both sides of RB_MAX_SMALL_DATA.
  static let markerSizes = [20, 24, 40, 100, 200]

  static let eventLength = Claim(
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
    ],
    [
      .kernel: .documented("yes: array[0] grows by one with each byte", lengthsOfFour),
      .lttng: .documented("yes: the content of the packet grows by one with each byte", lengthsOfFour),
    ])

  private static let lengthsOfFour: Expectation.Judge = { seen in
    let lengths = try eventLengths(seen)
    let steps = zip(lengths, lengths.dropFirst()).map { $1 - $0 }
    if steps.allSatisfy({ $0 == 1 }) { return Answer("yes", isExpected: true) }
    return Answer(Set(lengths).count <= 2 ? "no, rounded up" : "no", isExpected: false)
  }

  private static func eventLengths(_ seen: Evidence) throws -> [Int64] {
    try eventPayloads.map { try seen.number("payload of \($0) bytes: bytes of data") }
  }

  /// Payloads whose events differ by a byte; all are above RB_MAX_SMALL_DATA.
  static let eventPayloads: [UInt32] = [200, 201, 202, 203]
}
