import Platform
import Results
import Study
import SubbufferSource

extension KernelAnswers {
  static let layoutFor32Bits = Claim.layoutFor32Bits.answered(
    procedure:
      "Map the ring buffer, write 500 events, acquire. Let a 32-bit program, built without any library, map the same, "
      + "read the meta page by its own declaration and the reader sub-buffer.",
    [
      .kernel: .documented("yes: structure, fields and events are the same") { seen in
        try Claim.readBy32Bits(seen, ["sizeof", "meta page", "events"])
      }
    ])

  static let ioctlFor32Bits = Claim.ioctlFor32Bits.answered(
    procedure:
      "Map the ring buffer, write 500 events, acquire. Let a 32-bit program, built without any library, map the same "
      + "and acquire (TRACE_MMAP_IOCTL_GET_READER); acquire once more in this 64-bit process, as a control.",
    [
      .kernel: .assumed(
        "from both: yes, the ioctl returns 0 and the sub-buffer with the next events",
        reaching: [.worked("64 bits: ioctl then")]
      ) { seen in
        if try !seen.works("32 bits: ioctl") {
          return try Answer("no: \(seen.code("32 bits: ioctl"))", isExpected: false)
        }
        let isNew = try seen["32 bits: reader.id after it"] != seen["reader.id before it"]
        return Answer(isNew ? "yes" : "yes, but nothing new", expected: "yes")
      }
    ])
}

extension TracefsStudy {
  /// Readers of 32 bits.
  var liveCompatibilityProbes: [Probe] {
    // As ``MetaPage/fieldsText`` writes them.
    let metaPage = [
      "meta_struct_len", "subbuf_size", "nr_subbufs", "reader.id", "reader.read", "entries", "overrun", "read",
    ]
    return [
      probe(KernelAnswers.layoutFor32Bits) { (ring, evidence) throws(SourceError) in
        let reader = try Reader32(.tracefs)
        let mapping = try ring.map()
        try ring.write(500)
        let meta = try mapping.getReader()
        let look = try mapping.look()
        let said = try reader.run([ring.instance.ringBufferPath(cpu: ring.cpu)])
        evidence.add("32 bits: bytes of a pointer", said["bytes_of_a_pointer"])
        evidence.add("64 bits: sizeof", MetaPageLayout.merged.length)
        evidence.add("32 bits: sizeof", said["bytes_of_the_structure"])
        evidence.add("64 bits: meta page", meta.fieldsText)
        evidence.add("32 bits: meta page", said.text(metaPage))
        evidence.add("64 bits: events", look.sequences.asRange)
        evidence.add("32 bits: events", said.events)
      },
      probe(KernelAnswers.ioctlFor32Bits) { (ring, evidence) throws(SourceError) in
        let reader = try Reader32(.tracefs)
        let mapping = try ring.map()
        try ring.write(500)
        evidence.add("reader.id before it", try mapping.getReader().readerID)
        let said = try reader.run([ring.instance.ringBufferPath(cpu: ring.cpu)])
        evidence.add("32 bits: bytes of a pointer", said["bytes_of_a_pointer"])
        evidence.add("32 bits: open", said.result("open"))
        evidence.add("32 bits: mmap", said.result("mmap"))
        evidence.add("32 bits: ioctl", said.result("ioctl"))
        evidence.add("32 bits: reader.id after it", said["reader.id_after"])
        evidence.add("64 bits: ioctl then", ErrnoName.result(mapping.unsafeGetReader()))
        evidence.add("64 bits: reader.id after it", mapping.metaPage.readerID)
      },
    ]
  }
}
