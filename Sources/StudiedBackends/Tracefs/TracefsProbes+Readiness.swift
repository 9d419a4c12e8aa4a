import Study
import SubbufferSource

extension TracefsStudy {
  /// Probes of waiting and of its end.
  var liveReadinessProbes: [Probe] {
    [
      Probe(KernelAnswers.blockingAcquire) { (evidence) throws(SourceError) in
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        let one = try withProbeRing(configuration) { (ring) in ring.eventsPerSubbuffer() }
        evidence.add("events of a sub-buffer", one)
        evidence.add("events of all sub-buffers", one * UInt64(configuration.subbufferCount))
        for percent in [0, 50, 100] {
          for (start, already) in [("empty at first", UInt64(0)), ("an event there", 1)] {
            try withProbeRing(configuration) { (ring) throws(SourceError) in
              let returned = try eventsUntilReturn(ring, percent: percent, already: already)
              evidence.add("buffer_percent \(percent), \(start): events written when it returned", returned)
            }
          }
        }
      },
      probe(KernelAnswers.pollThenAcquire) { (ring, evidence) throws(SourceError) in
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
      probe(KernelAnswers.requestZeroWakes) { (ring, evidence) throws(SourceError) in
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
      probe(KernelAnswers.tracingOffWakes) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map(nonBlocking: false)
        try mapping.whileAcquiring { (acquire) throws(SourceError) in
          evidence.add("ioctl without O_NONBLOCK", acquire.state())
          try ring.instance.set("tracing_on", "0")
          evidence.add("after tracing_on 0", acquire.state(within: 5_000))
        }
      },
    ]
  }

  /// Writes until an acquire that waits has returned 0.
  /// - Parameter already: how many events are there when it begins.
  /// - Returns: how many events were written by then; in words where it did not sleep on the empty ring buffer, or did
  ///   not return.
  private func eventsUntilReturn(
    _ ring: TracefsRing, percent: Int, already: UInt64
  ) throws(SourceError) -> String {
    try ring.set(bufferPercent: percent)
    let mapping = try ring.map(nonBlocking: false)
    let step = max(1, ring.eventsPerSubbuffer() / 4)
    var written = already > 0 ? try ring.write(already).produced : 0
    var text = ""
    try mapping.whileAcquiring { (acquire) throws(SourceError) in
      let first = acquire.state()
      if already == 0, first != WaitingAcquire.asleep {
        text = "on the empty ring buffer: \(first)"
        return
      }
      while acquire.state(within: 50) == WaitingAcquire.asleep, written < 2 * ring.eventsPerRing() {
        written += try ring.write(step, from: written).produced
      }
      let last = acquire.state()
      text = last == "returned 0" ? String(written) : "\(last), with \(written) events written"
    }
    return text
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
