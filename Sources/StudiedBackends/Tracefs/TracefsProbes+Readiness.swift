import Study
import SubbufferSource
import Workload

extension TracefsStudy {
  /// Who waits, and what ends it.
  var liveReadinessProbes: [Probe] {
    [
      Probe(.blockingAcquire) { (evidence) throws(SourceError) in
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        let one = UInt64((configuration.subbufferSize - headerSize) / eventSize(payload: 16))
        evidence.add("events of a sub-buffer", one)
        evidence.add("events of all sub-buffers", one * UInt64(configuration.subbufferCount))
        for percent in [0, 50, 100] {
          try evidence.named("buffer_percent \(percent): ") { (evidence) throws(SourceError) in
            try withKernelRing(configuration) { (ring) throws(SourceError) in
              try observeWaiting(ring, percent: percent, &evidence)
            }
          }
        }
      },
      probe(.pollThenAcquire) { (ring, evidence) throws(SourceError) in
        try ring.set(bufferPercent: 50)
        let mapping = try ring.map(nonBlocking: false)
        var written: UInt64 = 0
        while try mapping.poll(0) == 0, written < 2 * ring.eventsPerRing() {
          written += try ring.write(ring.eventsPerSubbuffer() / 4, from: written).produced
        }
        evidence.add("events written", written)
        evidence.add("poll", try mapping.poll(0))
        try mapping.whileAcquiring { (acquire) in
          evidence.add("ioctl without O_NONBLOCK", acquire.state())
        }
      },
      probe(.requestZeroWakes) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map(nonBlocking: false)
        let before = mapping.metaPage
        evidence.add("reader.id, reader.read before", "\(before.readerID), \(before.readerRead)")
        try mapping.whileAcquiring { (acquire) in
          evidence.add("ioctl without O_NONBLOCK", acquire.state())
          evidence.add("ioctl(fd, 0)", TracefsRequest.call(mapping.ring.descriptor.rawValue, 0))
          evidence.add("after ioctl(fd, 0)", acquire.state(within: 5_000))
        }
        let after = mapping.metaPage
        evidence.add("reader.id, reader.read after", "\(after.readerID), \(after.readerRead)")
      },
      probe(.tracingOffWakes) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map(nonBlocking: false)
        try mapping.whileAcquiring { (acquire) throws(SourceError) in
          evidence.add("ioctl without O_NONBLOCK", acquire.state())
          try ring.instance.set("tracing_on", "0")
          evidence.add("after tracing_on 0", acquire.state(within: 5_000))
        }
      },
    ]
  }

  private func observeWaiting(
    _ ring: TracefsRing, percent: Int, _ evidence: inout Evidence
  ) throws(SourceError) {
    try ring.set(bufferPercent: percent)
    let mapping = try ring.map(nonBlocking: false)
    let step = max(1, ring.eventsPerSubbuffer() / 4)
    var written: UInt64 = 0
    try mapping.whileAcquiring { (acquire) throws(SourceError) in
      evidence.add("empty", acquire.state())
      while acquire.state(within: 50) == WaitingAcquire.asleep, written < 2 * ring.eventsPerRing() {
        written += try ring.write(step, from: written).produced
      }
      evidence.add("at the end", acquire.state())
    }
    evidence.add("events written at the end", written)
    evidence.add("events handed out", mapping.metaPage.read)
  }
}

extension TracefsMapping {
  /// Has a thread acquire by the descriptor of this mapping, and waits for its end when `body` has returned.
  func whileAcquiring(_ body: (WaitingAcquire) throws(SourceError) -> Void) throws(SourceError) {
    let acquire = WaitingAcquire(descriptor: ring.descriptor.rawValue)
    defer { acquire.end() }
    try body(acquire)
  }
}
