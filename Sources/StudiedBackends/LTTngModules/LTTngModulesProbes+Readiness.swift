import Glibc
import LTTngModulesBackend
import Study
import SubbufferSource

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
        for setting in ring.settings().suffix(2) { evidence.add("\(setting.name) in µs", setting.value) }
        // The channel's timers are there already, so they do not lack what this one gets.
        evidence.addTimerControl()
        let stream = try ring.stream()
        // The new ring buffer has a header that a flush or timer ends; that one is out of the way.
        _ = stream.flushBuffer(producerActive: true)
        _ = try stream.readAll()
        evidence.add("poll before the events", try stream.pollText())
        let truth = try ring.write(count(ring))
        evidence.add("events written", truth.produced)
        evidence.add("poll", try stream.pollText(5_000))
        let deadline = ContinuousClock.now + .seconds(5)
        var packets: [LTTngLook] = []
        let visible = min(truth.produced, ring.eventsPerSubbuffer())
        while packets.sequences.count < visible, ContinuousClock.now < deadline {
          packets += try stream.readAll()
          if packets.sequences.count < visible { _ = try stream.pollText(100) }
        }
        evidence.add("packets got and put", packets.count)
        evidence.add("events handed out", packets.sequences.count)
      }
    }
  }
}
