import Glibc
import Study
import SubbufferSource

extension KernelStudy {
  /// Probes of the time at which a reader learns of data.
  var readinessProbes: [Probe] {
    [
      Probe(KernelAnswers.readyAtPercent) { (evidence) throws(SourceError) in
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        evidence.add("sub-buffers of the writer", configuration.subbufferCount)
        for percent in [0, 25, 50, 75, 100] {
          try withProbeRing(configuration) { (ring) throws(SourceError) in
            if percent == 0 {
              evidence.add("events of a sub-buffer", ring.eventsPerSubbuffer())
              evidence.add("events written between two polls", pollStep(ring))
            }
            try ring.set(bufferPercent: percent)
            let ready = try fillUntilReady(ring)
            evidence.add("buffer_percent \(percent): first ready, at events", ready.map(String.init) ?? "never")
          }
        }
      },
      probe(KernelAnswers.nothingThere) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.addAcquireOfNothing("empty", mapping)
        try ring.write(8)
        _ = try mapping.readAll()
        evidence.addAcquireOfNothing("all is read", mapping)
      },
      probe(KernelAnswers.pollWhenAllIsRead) { (ring, evidence) throws(SourceError) in
        try ring.set(bufferPercent: 0)
        let mapping = try ring.map()
        evidence.add("empty: poll", try mapping.poll(0))
        let one = ring.eventsPerSubbuffer()
        try ring.write(2 * one + one / 2)
        evidence.add("with data: poll", try mapping.poll(0))
        evidence.add("events read", try mapping.readAll().reduce(0) { $0 + $1.sequences.count })
        evidence.add("all is read: poll", try mapping.poll(0))
      },
      probe(KernelAnswers.pollinWhenFull, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.set(bufferPercent: 0)
        let mapping = try ring.map()
        func ready() throws(SourceError) -> String {
          try Int32(mapping.poll(0)) & POLLIN != 0 ? "POLLIN" : "0"
        }
        try ring.write(ring.eventsPerSubbuffer() + 1)
        evidence.add("one full: poll for POLLIN", try ready())
        try ring.write(2 * ring.eventsPerRing(), from: ring.eventsPerSubbuffer() + 1)
        evidence.add("full: poll for POLLIN", try ready())
        evidence.add("full: acquire", mapping.unsafeGetReader())
      },
      probe(KernelAnswers.nonBlockingIgnoresPercent) { (ring, evidence) throws(SourceError) in
        try ring.set(bufferPercent: 100)
        let mapping = try ring.map(nonBlocking: true)
        try ring.write(3)
        evidence.add("poll", try mapping.poll(0))
        evidence.add("ioctl", mapping.unsafeGetReader())
        evidence.add("events handed out", try mapping.look().sequences.count)
      },
    ]
  }

  /// The number of events between two polls: a quarter of a sub-buffer.
  private func pollStep(_ ring: Ring) -> UInt64 { max(1, ring.eventsPerSubbuffer() / 4) }

  /// Fills the ring buffer up to twice, a quarter of a sub-buffer at a time, and polls without waiting.
  /// - Returns: the number of events at which poll first said ready.
  private func fillUntilReady(_ ring: Ring) throws(SourceError) -> UInt64? {
    let mapping = try ring.map()
    let step = pollStep(ring)
    var written: UInt64 = 0
    while try mapping.poll(0) == 0 {
      if written >= 2 * ring.eventsPerRing() { return nil }
      try ring.write(step, from: written)
      written += step
    }
    return written
  }
}

extension Evidence {
  /// Writes down an acquire that finds nothing new.
  fileprivate mutating func addAcquireOfNothing(_ when: String, _ mapping: some KernelMapping) {
    add("\(when): meta page before", mapping.metaPage.allCounters)
    add("\(when): ioctl", mapping.unsafeGetReader())
    add("\(when): meta page after", mapping.metaPage.allCounters)
  }
}
