import CPlatform
import Glibc
import LTTngBackend
import LTTngUSTABI
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage

extension LTTngUSTStudy {
  /// All probes on LTTng-UST's ring buffer: those that its model answers too, and those about the library.
  package var probes: [Probe] {
    lttngProbes + liveProbes
  }

  /// The probes that only the live ring buffer can answer.
  var liveProbes: [Probe] {
    liveFinalisationProbes + liveReadinessProbes + liveMisuseProbes + liveMappingProbes
      + liveChangesProbes + liveGeometryProbes + populatedPacketProbes + stopsProbes
      + [eventLengthProbe, idsProbe]
  }

  /// The id of the channel is not 0, so that an id that is not filled in is another one.
  private var idsProbe: Probe {
    Probe(LTTngAnswers.idsOfEmpty) { (evidence) throws(SourceError) in
      let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
      try LTTngUSTRing.with(configuration, adjust: { $0.channelID = 7 }) { (ring) throws(SourceError) in
        try observeIDs(ring, &evidence)
      }
    }
  }
}

extension LTTngUSTStudy {
  /// Clearing another CPU, and stopping the session.
  var liveChangesProbes: [Probe] {
    [
      probe(LTTngAnswers.clearOfAnother) { (ring, evidence) throws(SourceError) in
        let other = (0..<ring.library.streamsPerChannel).first { $0 != ring.cpu }
        evidence.add("another CPU", other.map { "\($0)" } ?? "none")
        guard let other else { return }
        let stream = try ring.stream()
        let theirs = try ring.session.channel.stream(cpu: other)
        try ring.write(300)
        try theirs.clearBuffer()
        evidence.add("read after the first", try stream.readAllUnread().asRange)
        try ring.write(100, from: 300)
        evidence.add("clear of this", ErrnoName.result(stream.clearBuffer()))
        evidence.add("read after the second", try stream.readAllUnread().asRange)
      },
      probe(LTTngAnswers.recordingOff) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(100)
        try ring.session.stop()
        try ring.write(100, from: 100)
        evidence.add("read while it is off", try stream.readAllUnread().asRange)
        try ring.session.restart()
        try ring.write(100, from: 200)
        evidence.add("read after", try stream.readAllUnread().asRange)
      },
    ]
  }
}

extension LTTngUSTStudy {
  /// The end of recording.
  var liveFinalisationProbes: [Probe] {
    [
      probe(LTTngAnswers.recordingOffTold) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        try stream.flush(producerActive: true)
        _ = try stream.readAll()
        evidence.add("recording: acquire", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("recording: poll", try stream.pollText())
        try ring.session.stop()
        evidence.add("switched off: acquire", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("switched off: poll", try stream.pollText())
        let before = try stream.positions().produced
        try ring.write(8, from: 8)
        evidence.add("bytes produced by 8 events then", try stream.positions().produced &- before)
      }
    ]
  }
}

extension LTTngUSTStudy {
  /// The size and number of sub-buffers.
  var liveGeometryProbes: [Probe] {
    [
      Probe(LTTngAnswers.oddSize) { (evidence) throws(SourceError) in
        for size: UInt64 in [8192, 12288] {
          for mode in [RingMode.overwrite, .discard] {
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
          for mode in [RingMode.overwrite, .discard] {
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
private func trial(_ mode: RingMode, size: UInt64, count: UInt64) throws(SourceError) -> String {
  let library = try LTTngUSTLibrary()
  return try ChannelTrial.isAccepted(library, mode: mode, subbufferSize: size, subbufferCount: count)
    ? "accepted" : "refused"
}

extension LTTngUSTStudy {
  /// Probes of the memory of a stream.
  var liveMappingProbes: [Probe] {
    [
      probe(LTTngAnswers.mappingInherited) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.addLoads(of: try stream.stream.getMmapBase())
      },
      probe(LTTngAnswers.debuggerReads) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.addDebuggersRead(of: try stream.stream.getMmapBase())
      },
      probe(LTTngAnswers.droppedPages) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        let got = stream.unsafeGetNextSubbuffer()
        guard got == 0 else {
          throw SourceError(call: "get_next_subbuf", errno: Errno(rawValue: -got))
        }
        let before = try stream.look().bytes
        let start = try stream.stream.getMmapBase() + Int(try stream.stream.unsafeGetMmapReadOffset())
        evidence.add("madvise(MADV_DONTNEED)", Attempt.call(madvise(start, before.count, MADV_DONTNEED)))
        evidence.add("load after it", signalText(cprocess_load(start)))
        evidence.add("the same bytes", try stream.look().bytes == before ? "yes" : "no")
        try stream.putNext()
      },
      probe(LTTngAnswers.outsideHeld) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(3 * ring.eventsPerSubbuffer() + ring.eventsPerSubbuffer() / 2)
        try stream.getNext()
        let size = ring.configuration.subbufferSize
        let base = UnsafeRawPointer(try stream.stream.getMmapBase())
        let held = try Int(stream.stream.unsafeGetMmapReadOffset())
        evidence.add("load of the held sub-buffer", signalText(cprocess_load(base + held)))
        // The sub-buffers lie one after the other; the memory before them holds positions and counters.
        let count = ring.configuration.subbufferCount + 1
        let first = held % size
        let offsets = (0..<count).map { first + $0 * size }.filter { $0 != held }
        let mapped = try Int(stream.stream.getMmapLength())
        evidence.addLoads(ofOthers: offsets.filter { $0 + size <= mapped }.map { base + $0 })
        try stream.putNext()
      },
      probe(LTTngAnswers.storesRefused) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(2 * ring.eventsPerSubbuffer() + 1)
        try stream.getNext()
        let start = try stream.stream.getMmapBase() + Int(try stream.stream.unsafeGetMmapReadOffset())
        evidence.addStoresAsDebugger(into: start)
        evidence.add("writable mapping", "the library's own")
        evidence.addStore(into: start, by: start)
        try stream.putNext()
      },
      Probe(LTTngAnswers.truncatedMemory) { (evidence) throws(SourceError) in
        let library = try LTTngUSTLibrary()
        // The one that is cut comes last: the library may be of no use any more.
        for (name, isSealed) in [("sealed", true), ("not sealed", false)] {
          let trial = try ChannelTrial.truncate(library, sealed: isSealed)
          evidence.add("\(name): ftruncate", ErrnoName.result(trial.truncation))
          let wasLeft = trial.signals >= ChannelTrial.mostSignals
          evidence.add(
            "\(name): get_next_subbuf", wasLeft ? "does not return" : ErrnoName.result(trial.getNext))
          evidence.add("\(name): SIGBUS", wasLeft ? "\(trial.signals) and more" : "\(trial.signals)")
        }
      },
    ]
  }
}

extension LTTngUSTStudy {
  /// Calls of the library on what is not held.
  var liveMisuseProbes: [Probe] {
    [
      probe(LTTngAnswers.gettersWithoutGet) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.named("before a get: ") { $0.addGetters(of: stream) }
        try ring.write(ring.eventsPerSubbuffer() + 1)
        try stream.getNext()
        try stream.putNext()
        evidence.named("after the put: ") { $0.addGetters(of: stream) }
      }
    ]
  }
}

extension LTTngUSTStudy {
  /// The timers of the consumer's library.
  var liveReadinessProbes: [Probe] {
    [
      timerProbe(LTTngAnswers.switchTimer, { $0.switchTimer = 20_000 }) { (ring) in 3 },
      timerProbe(LTTngAnswers.readTimer, { $0.readTimer = 20_000 }) { (ring) in
        ring.eventsPerSubbuffer() + ring.eventsPerSubbuffer() / 2
      },
    ]
  }

  /// Writes N events into a channel with a timer, waits until poll says ready, and gets.
  private func timerProbe(
    _ claim: Claim, _ adjust: @escaping @Sendable (inout ChannelAttributes) -> Void,
    count: @escaping @Sendable (LTTngUSTRing) -> UInt64
  ) -> Probe {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return Probe(claim) { (evidence) throws(SourceError) in
      try LTTngUSTRing.with(configuration, adjust: adjust) { (ring) throws(SourceError) in
        try evidence.addTimedDelivery(of: ring, settings: ring.settings(), writing: count(ring))
      }
    }
  }
}
