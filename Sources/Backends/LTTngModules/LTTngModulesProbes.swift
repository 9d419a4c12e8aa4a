import Glibc
import LTTngBackend
import LTTngModulesABI
import Platform
import Results
import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// The probes that all ring buffers of LTTng's design answer, but those about what the kernel tracer does not have or has
  /// otherwise, and those about the kernel.
  package var probes: [Probe] {
    let own = Set(liveProbes.map(\.claim.id))
    return lttngProbes.filter { impossible[$0.claim.id] == nil && !own.contains($0.claim.id) } + liveProbes
  }

  private var liveProbes: [Probe] {
    liveFinalisationProbes + liveReadinessProbes + liveMisuseProbes + liveMappingProbes + liveChangesProbes
      + liveGeometryProbes + liveCompatibilityProbes + liveMemoryProbes + populatedPacketProbes
      + [eventLengthProbe, acquireRequestProbe, idsProbe]
  }

  private var idsProbe: Probe {
    probe(LTTngAnswers.idsOfEmpty) { (ring, evidence) throws(SourceError) in try observeIDs(ring, &evidence) }
  }

  /// Why there is no probe of a claim.
  package func whyNotProbed(_ claim: Claim) -> String {
    impossible[claim.id] ?? "this back end has no probe for it"
  }

  /// Claims whose probe cannot be made here, by their ids, and why.
  private var impossible: [String: String] {
    var reasons: [String: String] = [:]
    for claim in [
      LTTngAnswers.countNeverFalls, LTTngAnswers.countOfLate, LTTngAnswers.overwriteBesideUncommitted,
      LTTngAnswers.killedInside, LTTngAnswers.killedInsideTold,
    ] {
      reasons[claim.id] = LTTngModulesStudy.noUncommittedEvent
    }
    reasons[LTTngAnswers.wakeUpForEach.id] = "the reader is woken up by the stream's own file, and there is no pipe"
    reasons[LTTngAnswers.largeEvent.id] = "the logger cuts texts off at 1024 bytes"
    return reasons
  }
}

extension LTTngModulesStudy {
  /// Clearing another CPU, and stopping the session.
  var liveChangesProbes: [Probe] {
    [
      probe(LTTngAnswers.clearOfAnother) { (ring, evidence) throws(SourceError) in
        let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let other = (0..<count).first { $0 != ring.cpu }
        evidence.add("another CPU", other.map { "\($0)" } ?? "none")
        guard let other else { return }
        let stream = try ring.stream()
        let theirs = try LTTngModulesStream(ring.session.channel.stream(cpu: other), ring.session)
        try ring.write(300)
        evidence.add("clear of the other", ErrnoName.result(theirs.clearBuffer()))
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
      probe(LTTngAnswers.writerTold, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(2 * ring.eventsPerRing())
        _ = try stream.readAll()
        try stream.flush(producerActive: false)
        evidence.add("events produced", truth.produced)
        evidence.add("writes that failed", truth.refused)
        evidence.add("events_discarded of the last packet", try stream.readAll().last?.eventsDiscarded ?? 0)
      },
    ]
  }
}

extension LTTngModulesStudy {
  /// The end of recording. What ends a ring buffer is the end of its session.
  var liveFinalisationProbes: [Probe] {
    [
      probe(LTTngAnswers.finalized) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("session there: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("session there: poll", try stream.pollText())
        ring.session.end()
        evidence.add("session ended: poll", try stream.pollText())
        evidence.add("events read then", try stream.readAll().sequences.asRange)
        evidence.add("all is read: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("all is read: snapshot", ErrnoName.result(stream.snapshot()))
        evidence.add("all is read: poll", try stream.pollText())
      },
      probe(LTTngAnswers.endToldByPoll) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("session there: poll", try stream.pollText())
        ring.session.end()
        evidence.add("session ended: poll", try stream.pollText())
        evidence.add("events read then", try stream.readAll().sequences.asRange)
        evidence.add("all is read: poll", try stream.pollText())
      },
      probe(LTTngAnswers.restAfterEnd) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let one = ring.eventsPerSubbuffer()
        let truth = try ring.write(2 * one + one / 2)
        ring.session.end()
        evidence.addDelivered(try stream.readAll().sequences, of: truth.produced)
      },
      probe(LTTngAnswers.recordingOffTold) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        try stream.flush(producerActive: true)
        _ = try stream.readAll()
        evidence.add("recording: acquire", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("recording: poll", try stream.pollText())
        try ring.session.stop()
        // Stopping ends the sub-buffer, whatever is in it.
        evidence.add("packets that the stop has ended", try stream.readAll().count)
        evidence.add("switched off: acquire", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("switched off: poll", try stream.pollText())
        let before = try stream.positions().produced
        try ring.write(8, from: 8)
        evidence.add("bytes produced by 8 events then", try stream.positions().produced &- before)
      },
    ]
  }
}

extension LTTngModulesStudy {
  /// The size and number of sub-buffers.
  var liveGeometryProbes: [Probe] {
    [
      Probe(LTTngAnswers.oddSize) { (evidence) throws(SourceError) in
        for size in [8192, 12288] {
          for mode in RingMode.allCases.reversed() {
            evidence.add("\(size), \(mode.rawValue)", try trial(mode, size: size, count: 8))
          }
        }
      },
      Probe(LTTngAnswers.sizeLimits) { (evidence) throws(SourceError) in
        let page = sysconf(Int32(_SC_PAGESIZE))
        for (name, size) in [("half a page", page / 2), ("1 page", page), ("128 pages", 128 * page)] {
          evidence.add(name, try trial(.overwrite, size: size, count: 2))
        }
      },
      Probe(LTTngAnswers.fewestSubbuffers) { (evidence) throws(SourceError) in
        for count in [1, 2, 3] {
          for mode in RingMode.allCases.reversed() {
            evidence.add("\(count), \(mode.rawValue)", try trial(mode, size: 4096, count: count))
          }
        }
      },
    ]
  }

  /// The result of a request for a channel to the kernel.
  private func trial(_ mode: RingMode, size: Int, count: Int) throws(SourceError) -> String {
    let attributes = ModulesChannelAttributes(
      mode: mode, subbufferSize: size, subbufferCount: count)
    let modules = try LTTngModules()
    do throws(SourceError) {
      try ModulesSession(modules, attributes: attributes, process: getpid()).end()
      return "accepted"
    } catch {
      guard error.errno == .invalidArgument else { throw error }
      return "refused"
    }
  }
}

extension LTTngModulesStudy {
  /// Calls on what is not held, and calls that do not exist.
  var liveMisuseProbes: [Probe] {
    [
      probe(LTTngAnswers.gettersWithoutGet) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.named("before a get: ") { $0.addGetters(of: stream) }
        if evidence.addSwitchedOff(stream) { return }
        try ring.write(ring.eventsPerSubbuffer() + 1)
        try stream.getNext()
        try stream.putNext()
        evidence.named("after the put: ") { $0.addGetters(of: stream) }
      },
      probe(LTTngAnswers.unknownRequest) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        for number in [0x13, 0x1F, 0x7F] as [UInt] {
          // _IO(0xF6, number) of <asm-generic/ioctl.h>.
          let result = ioctl(stream.waitDescriptor, 0xF6 << 8 | number)
          evidence.add("_IO(0xF6, 0x\(String(number, radix: 16)))", Attempt.call(result))
        }
        evidence.add("consumed position", try stream.positions().consumed)
      },
    ]
  }
}

extension LTTngModulesStudy {
  /// The kernel's timers.
  var liveReadinessProbes: [Probe] {
    [
      timerProbe(LTTngAnswers.switchTimer, switchTimer: 20_000) { (ring) in 3 },
      timerProbe(LTTngAnswers.readTimer, switchTimer: 0) { (ring) in
        ring.eventsPerSubbuffer() + ring.eventsPerSubbuffer() / 2
      },
    ]
  }

  /// Writes N events into a channel with timers, waits until poll says ready, and gets. Without a read timer a
  /// reader that waits is not woken.
  private func timerProbe(
    _ claim: Claim, switchTimer: UInt32, count: @escaping @Sendable (LTTngModulesRing) -> UInt64
  ) -> Probe {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return Probe(claim) { (evidence) throws(SourceError) in
      let adjust: (inout ModulesChannelAttributes) -> Void = {
        $0.switchTimer = switchTimer
        $0.readTimer = 20_000
      }
      try LTTngModulesRing.with(configuration, adjust: adjust) { (ring) throws(SourceError) in
        try evidence.addTimedDelivery(of: ring, settings: ring.settings(), writing: count(ring))
      }
    }
  }
}
