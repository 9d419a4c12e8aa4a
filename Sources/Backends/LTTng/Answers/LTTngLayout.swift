import Results
import Study

extension LTTngAnswers {
  package static let metadataDescribes = "a trace's metadata describes the header of its packets"

  package static let acquireRequest = Claim.acquireRequest.answered(
    procedure: "Write 8 events and flush. Make _IO(0xF6, 0x05), and record whether it handed out the events.",
    [
      .lttngModules: .documented("_IO(0xF6, 0x05)", Claim.request(["_IO(0xF6, 0x05)"])),
      .lttngUST: .doesNotApply(to: "an ioctl", "lttng_ust_ctl_get_next_subbuf is a function of a library"),
    ])

  package static let noMetaPage = "there is none; a trace's metadata describes the header of its packets"
}

extension LTTngAnswers {
  package static let layoutFor32Bits = Claim.layoutFor32Bits.answered(
    procedure:
      "Map the stream, write 500 events, get. Let a 32-bit program, built without any library, inherit the stream, get "
      + "the same sub-buffer, and read its packet header by its own declaration and its events.",
    [
      .lttngModules: .assumed("yes: packets have the layout that their metadata describes") { seen in
        try Claim.readBy32Bits(seen, ["packet", "events"])
      },
      .lttngUST: .doesNotApply(to: "a reader whose words are not the writer's", .ownConsumer),
    ])

  package static let ioctlFor32Bits = Claim.ioctlFor32Bits.answered(
    procedure:
      "Map the stream, write 500 events, get. Let a 32-bit program, built without any library, inherit the stream, map "
      + "it, get and put (get_next_subbuf, put_next_subbuf); get once more in this 64-bit process, as a control.",
    [
      .lttngModules: .assumed("from the compat ioctls: yes, they work and consume as the 64-bit ones do") { seen in
        let calls = ["32 bits: get_next_subbuf", "32 bits: put_next_subbuf"]
        if try !calls.allSatisfy({ try seen.works($0) }) {
          return try Answer("no: \(seen.codes(calls))", isExpected: false)
        }
        let isConsumed = try seen["bytes consumed by it"] == seen["sub-buffer size"]
        return Answer(isConsumed ? "yes" : "yes, but consumes another size", expected: "yes")
      },
      .lttngUST: .doesNotApply(to: "a reader whose words are not the writer's", .ownConsumer),
    ])
}

extension String {
  /// LTTng-UST's way to serve both widths.
  fileprivate static let ownConsumer =
    "each width has its own consumer daemon (lttng-sessiond(8), --consumerd32-path, --consumerd64-path), and packets "
    + "have an unsigned long in their header (ringbuffer-clients/template.h, struct packet_header, events_discarded)"
}
