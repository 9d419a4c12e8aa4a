import CTFPackets
import Testing

@Suite struct MetadataTests {
  private func trace(_ header: EventHeader) -> TraceDescription {
    TraceDescription(
      uuid: TraceUUID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF), streamID: 3, eventHeader: header,
      eventID: 5, tracerVersion: "2.13.5", clockOffset: 17)
  }

  @Test(arguments: EventHeader.allCases)
  func hasWhatTheDescriptionSays(_ header: EventHeader) {
    let text = trace(header).metadata
    // By this beginning a reader distinguishes the text from metadata in packets.
    #expect(text.hasPrefix("/* CTF 1.8 */\n"))
    for line in [
      #"uuid = "00112233-4455-6677-8899-aabbccddeeff";"#, "byte_order = le;", #"tracer_name = "lttng-ust";"#,
      "tracer_major = 2;", "tracer_minor = 13;", "tracer_patchlevel = 5;", "freq = 1000000000;", "offset = 17;",
      #"name = "abi_compare:seq";"#, "id = 5;", "stream_id = 3;",
    ] {
      #expect(text.contains(line), "\(line)")
    }
    #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
  }

  /// The fields of header and context, in the order of ``PacketHeader``.
  @Test func hasTheFieldsOfAPacketInTheirOrder() {
    let text = trace(.compact).metadata
    let fields = [
      "magic", "uuid[16]", "stream_id", "stream_instance_id", "timestamp_begin", "timestamp_end", "content_size",
      "packet_size", "packet_seq_num", "events_discarded", "cpu_id",
    ]
    var rest = text[...]
    for field in fields {
      guard let place = rest.range(of: "_t \(field);") else {
        Issue.record("no \(field) in its place")
        return
      }
      rest = rest[place.upperBound...]
    }
  }

  @Test func theHeadersDiffer() {
    #expect(trace(.compact).metadata.contains("enum : uint5_t { compact = 0 ... 30, extended = 31 } id;"))
    #expect(trace(.compact).metadata.contains("uint27_clock_t timestamp;"))
    #expect(trace(.large).metadata.contains("enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;"))
    #expect(trace(.large).metadata.contains("uint32_clock_t timestamp;"))
  }

  @Test func aNameCannotLeaveItsQuotes() {
    var trace = trace(.compact)
    trace.eventName = "a\"b\\c\nd"
    #expect(trace.metadata.contains(#"name = "a\"b\\c\nd";"#))
  }

  @Test func aVersionMayBeShorterOrNone() {
    var trace = trace(.compact)
    trace.tracerVersion = "2"
    #expect(trace.metadata.contains("tracer_major = 2;"))
    #expect(!trace.metadata.contains("tracer_minor"))
    trace.tracerVersion = "unknown"
    #expect(!trace.metadata.contains("tracer_major"))
  }
}
