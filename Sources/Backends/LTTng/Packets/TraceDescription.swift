/// The properties of a trace apart from its packets that a reader needs to interpret them.
public struct TraceDescription: Sendable, Equatable {
  /// The `uuid` of every packet header.
  public var uuid: TraceUUID
  /// The `stream_id` of every packet header: the channel.
  public var streamID: UInt32
  /// The form of the event headers.
  public var eventHeader: EventHeader
  /// The name of the one event class: `provider:name`.
  public var eventName: String
  /// The id of the event class.
  public var eventID: UInt32
  /// The version of the tracer that wrote the packets, `2.13.5`; readers know of defects of versions by it.
  public var tracerVersion: String
  /// The offset from the trace clock, which is CLOCK_MONOTONIC, to the time of day, in nanoseconds.
  public var clockOffset: UInt64

  /// Describes the trace of one channel with the workload's event in it.
  public init(
    uuid: TraceUUID, streamID: UInt32, eventHeader: EventHeader, eventName: String = "abi_compare:seq",
    eventID: UInt32, tracerVersion: String, clockOffset: UInt64 = 0
  ) {
    self.uuid = uuid
    self.streamID = streamID
    self.eventHeader = eventHeader
    self.eventName = eventName
    self.eventID = eventID
    self.tracerVersion = tracerVersion
    self.clockOffset = clockOffset
  }
}

extension TraceDescription {
  /// The text of a recording's `metadata` file: TSDL of CTF 1.8.
  ///
  /// Every integer is little endian and aligned to 8 bits, so that nothing stands between two fields; the bit fields of
  /// the compact event header are aligned to 1 bit. The field names of header and context are those that readers give a
  /// meaning to: `packet_seq_num` and `events_discarded` are how they find losses.
  ///
  /// Source: CTF 1.8.3 specification, section 7 and appendix C; what `src/bin/lttng-sessiond/ust-metadata.c` of
  /// lttng-tools 2.13 writes.
  public var metadata: String {
    """
    /* CTF 1.8 */

    typealias integer { size = 5; align = 1; signed = false; } := uint5_t;
    typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
    typealias integer { size = 16; align = 8; signed = false; } := uint16_t;
    typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
    typealias integer { size = 64; align = 8; signed = false; } := uint64_t;

    trace {
      major = 1;
      minor = 8;
      uuid = "\(uuid)";
      byte_order = le;
      packet.header := struct {
        uint32_t magic;
        uint8_t uuid[16];
        uint32_t stream_id;
        uint64_t stream_instance_id;
      };
    };

    env {
      domain = "ust";
      tracer_name = "lttng-ust";
    \(tracerLines)
    };

    clock {
      name = "monotonic";
      description = "CLOCK_MONOTONIC";
      freq = 1000000000;
      offset = \(clockOffset);
    };

    typealias integer { size = 27; align = 1; signed = false; map = clock.monotonic.value; } := uint27_clock_t;
    typealias integer { size = 32; align = 8; signed = false; map = clock.monotonic.value; } := uint32_clock_t;
    typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := uint64_clock_t;

    stream {
      id = \(streamID);
      packet.context := struct {
        uint64_clock_t timestamp_begin;
        uint64_clock_t timestamp_end;
        uint64_t content_size;
        uint64_t packet_size;
        uint64_t packet_seq_num;
        uint64_t events_discarded;
        uint32_t cpu_id;
      };
      event.header := \(eventHeader.metadata);
    };

    event {
      name = "\(eventName.asLiteral)";
      id = \(eventID);
      stream_id = \(streamID);
      fields := struct {
        uint64_t seq;
        uint32_t length;
        uint8_t payload[length];
      };
    };

    """
  }

  /// `tracer_major`, `tracer_minor` and `tracer_patchlevel`, as far as the version has them.
  private var tracerLines: String {
    zip(["major", "minor", "patchlevel"], tracerVersion.split(separator: "."))
      .compactMap { name, text in UInt32(text).map { "  tracer_\(name) = \($0);" } }
      .joined(separator: "\n")
  }
}

extension EventHeader {
  /// The structure of the header in TSDL; ``EventHeader`` has its layout.
  fileprivate var metadata: String {
    let (type, largest, clock) =
      switch self {
      case .compact: ("uint5_t", 30, "uint27_clock_t")
      case .large: ("uint16_t", 65534, "uint32_clock_t")
      }
    return """
      struct {
          enum : \(type) { compact = 0 ... \(largest), extended = \(largest + 1) } id;
          variant <id> {
            struct {
              \(clock) timestamp;
            } compact;
            struct {
              uint32_t id;
              uint64_clock_t timestamp;
            } extended;
          } v;
        } align(8)
      """
  }
}

extension String {
  /// The text between the quotes of a literal of TSDL, whose escapes are those of C.
  fileprivate var asLiteral: String {
    replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
