import Glibc
import LTTngUSTBackend
import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// The size and number of sub-buffers.
  var liveGeometryProbes: [Probe] {
    [
      Probe(LTTngAnswers.oddSize) { (evidence) throws(SourceError) in
        for size: UInt64 in [8192, 12288] {
          for mode in [ChannelAttributes.Mode.overwrite, .discard] {
            evidence.add("\(size), \(mode)", try trial(mode, size: size, count: 8))
          }
        }
      },
      Probe(LTTngAnswers.sizeLimits) { (evidence) throws(SourceError) in
        let page = UInt64(sysconf(Int32(_SC_PAGESIZE)))
        for (name, size) in [("half a page", page / 2), ("1 page", page), ("128 pages", 128 * page)] {
          evidence.add(name, try trial(.overwrite, size: size, count: 2))
        }
      },
      Probe(LTTngAnswers.fewestSubbuffers) { (evidence) throws(SourceError) in
        for count: UInt64 in [1, 2, 3] {
          for mode in [ChannelAttributes.Mode.overwrite, .discard] {
            evidence.add("\(count), \(mode)", try trial(mode, size: 4096, count: count))
          }
        }
      },
      Probe(LTTngAnswers.largeEvent) { (evidence) throws(SourceError) in
        for size in [8192, 4096] {
          let configuration = RingConfiguration(mode: .discard, subbufferSize: size, producerCPU: producerCPU)
          try withProbeRing(configuration) { (ring) throws(SourceError) in
            let stream = try ring.stream()
            try ring.write(1)
            try ring.write(1, from: 1, payload: 4_080)
            try ring.write(1, from: 2)
            _ = stream.flushBuffer(producerActive: true)
            let look = try stream.readOne()
            let read = try look.sequences + stream.readAllUnread()
            evidence.add("\(size / 1024) KiB: events_discarded", look.eventsDiscarded)
            evidence.add("\(size / 1024) KiB: read", read.map { "\($0)" }.joined(separator: ", "))
          }
        }
      },
    ]
  }
}

/// The result of a request for a channel to the library.
private func trial(_ mode: ChannelAttributes.Mode, size: UInt64, count: UInt64) throws(SourceError) -> String {
  let library = try LTTngUSTLibrary()
  return try ChannelTrial.isAccepted(library, mode: mode, subbufferSize: size, subbufferCount: count)
    ? "accepted" : "refused"
}
