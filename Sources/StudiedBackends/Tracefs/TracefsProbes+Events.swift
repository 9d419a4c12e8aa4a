import CPlatform
import Glibc
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

extension TracefsStudy {
  /// Probes of the sizes of events.
  var liveEventsProbes: [Probe] {
    [
      probe(KernelAnswers.markerSize) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let file = try MarkerFile(ring.instance)
        try onCPU(ring.cpu) { () throws(SourceError) in
          for size in KernelAnswers.markerSizes {
            let written = file.write(zeros: size)
            guard written == size else {
              throw SourceError(call: "write trace_marker_raw", errno: Errno(rawValue: Int32(-written)))
            }
          }
        }
        _ = try mapping.getReader()
        for (size, count) in zip(KernelAnswers.markerSizes, try mapping.markers().dataCounts) {
          evidence.add("\(size) bytes written: bytes of data", count)
        }
      },
      Probe(KernelAnswers.eventLength) { (evidence) throws(SourceError) in
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        for payload in Claim.eventPayloads {
          try withProbeRing(configuration) { (ring) throws(SourceError) in
            let mapping = try ring.map()
            try ring.write(1, payload: payload)
            _ = try mapping.getReader()
            let counts = try mapping.markers().dataCounts
            evidence.add("payload of \(payload) bytes: bytes of data", counts.first.map { "\($0)" } ?? "no event")
          }
        }
      },
    ]
  }

  /// Probes of the memory that a writer hands over.
  var liveMemoryProbes: [Probe] {
    [
      probe(KernelAnswers.unreadableMemory) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let file = try MarkerFile(ring.instance)
        let memory = try MarkerMemory()
        for (name, protection) in [("unreadable", PROT_NONE), ("readable", PROT_READ)] {
          try memory.protect(protection)
          // In core, for kernels that copy without page faults.
          if protection == PROT_READ { evidence.add("load of a byte", signalText(cprocess_load(memory.start))) }
          let written = try onCPU(ring.cpu) { () throws(SourceError) in
            file.write(memory.start, count: MarkerMemory.markerSize)
          }
          evidence.add("\(name): write", written)
          let before = mapping.metaPage
          let meta = try mapping.getReader()
          evidence.add("\(name): events", meta.read - before.read)
        }
      },
      probe(KernelAnswers.absentPage) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let file = try MarkerFile(ring.instance)
        let memory = try MarkerMemory()
        for name in ["absent", "present"] {
          if name == "present" { evidence.add("load of a byte", signalText(cprocess_load(memory.start))) }
          let written = try onCPU(ring.cpu) { () throws(SourceError) in
            file.write(memory.start, count: MarkerMemory.markerSize)
          }
          evidence.add("\(name): write", written)
          let before = mapping.metaPage
          let meta = try mapping.getReader()
          let from = before.readerID == meta.readerID ? before.readerRead : 0
          let data = try mapping.bytes(of: meta.readerID).dropFirst(TracefsRing.headerSize)
            .prefix(Int(meta.readerRead)).dropFirst(Int(from))
          evidence.add("\(name): payload", MarkerMemory.isContained(in: data) ? "as written" : "other bytes")
        }
      },
    ]
  }
}

extension DecodedEvents {
  /// The bytes of data of raw markers after the common fields: the id and the payload.
  fileprivate var dataCounts: [Int] { payloadCounts.map { 4 + $0 } }
}
