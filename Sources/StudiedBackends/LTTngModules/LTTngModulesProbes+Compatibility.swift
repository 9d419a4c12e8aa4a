import Platform
import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// Readers of 32 bits, which are given the stream.
  var liveCompatibilityProbes: [Probe] {
    [
      probe(LTTngAnswers.layoutFor32Bits) { (ring, evidence) throws(SourceError) in
        let reader = try Reader32(.lttngModules)
        let stream = try ring.stream()
        try ring.write(500)
        let position = try stream.positions().consumed
        try LTTngCall.check(stream.unsafeGetSubbuffer(at: position), "get_subbuf")
        let look = try stream.look()
        try LTTngCall.check(stream.unsafePutSubbuffer(), "put_subbuf")
        let said = try reader.run(with: stream.waitDescriptor)
        evidence.add("32 bits: bytes of a pointer", said["bytes_of_a_pointer"])
        evidence.add("64 bits: packet", look.fieldsText)
        evidence.add(
          "32 bits: packet",
          said.text([
            "packet_seq_num", "timestamp_begin", "timestamp_end", "content_size", "packet_size", "events_discarded",
          ]))
        evidence.add("64 bits: events", look.sequences.asRange)
        evidence.add("32 bits: events", said.events)
      },
      probe(LTTngAnswers.ioctlFor32Bits) { (ring, evidence) throws(SourceError) in
        let reader = try Reader32(.lttngModules)
        let stream = try ring.stream()
        try ring.write(500)
        let before = try stream.positions().consumed
        let said = try reader.run(with: stream.waitDescriptor)
        evidence.add("32 bits: bytes of a pointer", said["bytes_of_a_pointer"])
        for call in ["mmap", "get_next_subbuf", "put_next_subbuf"] {
          evidence.add("32 bits: \(call)", said.result(call))
        }
        let getters = [
          "snapshot_get_consumed", "get_mmap_len", "get_mmap_read_offset", "get_subbuf_size", "get_content_size",
          "get_seq_num",
        ]
        evidence.add("32 bits: getters", getters.map { "\($0) \(said.result($0))" }.joined(separator: ", "))
        evidence.add("32 bits: get_mmap_len by the number for 64 bits", said.result("get_mmap_len_of_64"))
        evidence.add("sub-buffer size", ring.configuration.subbufferSize)
        evidence.add("bytes consumed by it", try stream.positions().consumed - before)
        evidence.add("64 bits: get_next_subbuf then", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
    ]
  }
}

extension LTTngLook {
  /// The fields of the header, sizes in bits.
  fileprivate var fieldsText: String {
    "packet_seq_num \(packetSequenceNumber), timestamp_begin \(timestamps.begin), timestamp_end \(timestamps.end), "
      + "content_size \(contentCount * 8), packet_size \(packetCount * 8), events_discarded \(eventsDiscarded)"
  }
}
