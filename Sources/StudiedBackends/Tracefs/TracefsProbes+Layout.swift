import Glibc
import Platform
import Study
import SubbufferSource
import TracefsBackend

extension TracefsStudy {
  /// The bytes of the meta page.
  var liveLayoutProbes: [Probe] {
    [
      probe(KernelAnswers.fieldsInPlace) { (ring, evidence) throws(SourceError) in
        let page = try MetaBytes(ring)
        let written = try ring.write(2_000)
        _ = try page.mapping.getReader()
        let stats = try ring.stats()
        var known: [String: UInt64] = [
          "meta_page_size": UInt64(sysconf(Int32(_SC_PAGESIZE))), "meta_struct_len": UInt64(MetaLayout.merged.length),
          "subbuf_size": UInt64(ring.configuration.subbufferSize),
          "nr_subbufs": UInt64(ring.configuration.subbufferCount + 1), "entries": written.accepted,
          "overrun": stats.overrun, "read": stats.readEvents,
        ]
        for id in 0..<UInt32(page.mapping.geometry.subbufferCount) {
          let look = try page.mapping.look(at: id, from: 0, end: nil)
          if look.sequences.first == stats.overrun {
            known["reader.id"] = UInt64(id)
            known["reader.read"] = UInt64(look.dataCount)
          }
        }
        for name in MetaLayout.merged.fieldsKnownFromElsewhere {
          let value = MetaLayout.merged.value(name, at: page.start)
          evidence.add(name, "\(value), known \(known[name].map(String.init) ?? "nothing")")
        }
        evidence.add("flags", MetaLayout.merged.value("flags", at: page.start))
      },
      probe(KernelAnswers.olderReader) { (ring, evidence) throws(SourceError) in
        let page = try MetaBytes(ring)
        try ring.write(2_000)
        _ = try page.mapping.getReader()
        let length = MetaLayout.merged.value("meta_struct_len", at: page.start)
        evidence.add("layout of the page", length == MetaLayout.merged.length ? "merged" : "unknown")
        // The features that a reader needs; the report shows ten observations.
        let needed = [
          "entries", "overrun", "read", "reader.id", "reader.read", "subbuf_size", "nr_subbufs", "meta_page_size",
          "meta_struct_len",
        ]
        for field in needed { evidence.add("v11: \(field)", MetaLayout.v11.value(field, at: page.start)) }
      },
      probe(KernelAnswers.paddingIsZero, subbufferSize: 8192) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let length = Int(mapping.metaPage.metaPageSize)
        let file = try RingBufferFile(ring)
        let page = try WholeMapping(file.descriptor, length: length)
        try ring.write(2_000)
        let used = Int(try mapping.getReader().metaStructLength)
        evidence.add("meta_page_size", length)
        evidence.add("meta_struct_len", used)
        let bytes = UnsafeRawBufferPointer(start: page.start, count: length)
        evidence.add("bytes behind it that are not zero", bytes.dropFirst(used).count { $0 != 0 })
      },
      probe(KernelAnswers.lastWords) { (ring, evidence) throws(SourceError) in
        let page = try MetaBytes(ring)
        let written = try ring.write(3 * ring.eventsPerRing())
        let meta = try page.mapping.getReader()
        let perSubbuffer = ring.eventsPerSubbuffer()
        evidence.add("events written", written.accepted)
        evidence.add("events of a sub-buffer", perSubbuffer)
        evidence.add("meta.overrun", meta.overrun)
        evidence.add("sub-buffers overwritten", meta.overrun / perSubbuffer)
        evidence.add("sub-buffers entered", (written.accepted - 1) / perSubbuffer)
        evidence.add("word at 64", MetaLayout.merged.value("Reserved1", at: page.start))
        evidence.add("word at 72", MetaLayout.merged.value("Reserved2", at: page.start))
      },
      probe(KernelAnswers.headerPageType) { (ring, evidence) throws(SourceError) in
        let text = try ring.tracefs.text("events/header_page")
        let line = text.split(separator: "\n").first { $0.contains("overwrite") }.map(String.init) ?? ""
        evidence.add("line", line.oneLine)
        // field: TYPE overwrite; offset:N; size:N; signed:N;
        let words = line.oneLine.split(separator: " ")
        let size = words.first { $0.hasPrefix("size:") }?.dropFirst(5).prefix { $0.isNumber }
        evidence.add("type", words.count > 1 ? String(words[1]) : "none")
        evidence.add("size", size.map(String.init) ?? "none")
        evidence.add("parser", outcome { () throws(SourceError) in _ = try FtracePageDecoder(ring.tracefs) })
      },
      probe(KernelAnswers.acquireRequest) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(8)
        for (name, request) in [
          ("_IO('T', 1)", TracefsRequest.io("T", 1)), ("_IO('R', 0x20)", TracefsRequest.io("R", 0x20)),
        ] {
          let before = mapping.metaPage.read
          evidence.add(name, ErrnoName.result(TracefsRequest.call(mapping.ring.descriptor.rawValue, request)))
          evidence.add("\(name): events handed out", mapping.metaPage.read - before)
        }
      },
    ]
  }
}

/// The meta page mapped once more, for its bytes, besides a mapping of everything.
private struct MetaBytes: ~Copyable {
  let mapping: TracefsMapping
  private let page: WholeMapping
  var start: UnsafeRawPointer { UnsafeRawPointer(page.start) }

  init(_ ring: TracefsRing) throws(SourceError) {
    let page = try WholeMapping(
      path: ring.instance.ringBufferPath(cpu: ring.cpu), length: Int(sysconf(Int32(_SC_PAGESIZE))))
    mapping = try ring.map()
    self.page = page
  }
}
