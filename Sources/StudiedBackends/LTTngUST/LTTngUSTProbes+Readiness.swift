import Glibc
import LTTngUSTBackend
import Study
import SubbufferSource

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
        for setting in ring.settings().suffix(2) { evidence.add("\(setting.name) in µs", setting.value) }
        // The channel's timers are there already, so they do not lack what this one gets.
        evidence.addTimerControl()
        let stream = try ring.stream()
        // The new ring buffer has a header that a flush or timer ends; that one is out of the way.
        _ = stream.flushBuffer(producerActive: true)
        _ = try stream.readAll()
        try stream.emptyPipe()
        evidence.add("poll before the events", try stream.pollText())
        let truth = try ring.write(count(ring))
        evidence.add("events written", truth.produced)
        let told = try stream.pollText(5_000)
        evidence.add("poll", told)
        // A sub-buffer ended by a timer may have no events yet, so this waits, in the order that the library asks for:
        // empty the pipe, read, poll.
        let deadline = ContinuousClock.now + .seconds(5)
        var packets: [LTTngLook] = []
        let visible = min(truth.produced, ring.eventsPerSubbuffer())
        while packets.sequences.count < visible, ContinuousClock.now < deadline {
          try stream.emptyPipe()
          packets += try stream.readAll()
          if packets.sequences.count < visible { _ = try stream.pollText(100) }
        }
        evidence.add("packets got and put", packets.count)
        evidence.add("events handed out", packets.sequences.count)
      }
    }
  }
}

extension LTTngUSTStream {
  /// Takes all bytes out of the pipe by which the reader is woken up.
  fileprivate func emptyPipe() throws(SourceError) {
    var bytes = [UInt8](repeating: 0, count: Int(try waitByteCount()))
    if !bytes.isEmpty { _ = read(waitDescriptor, &bytes, bytes.count) }
  }
}
