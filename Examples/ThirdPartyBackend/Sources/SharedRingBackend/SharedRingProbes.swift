import CSharedRing
import Glibc
import Results
import Study
import SubbufferSource
import Workload

/// A reader for probes.
typealias SharedRingReader = SourceReader<SharedRingSource>

extension SourceReader<SharedRingSource> {
  init(_ ring: SharedRing) { self.init(SharedRingSource(ring)) }
}

extension SharedRingStudy {
  /// A probe on a ring buffer of its own with 8 sub-buffers of 4096 bytes.
  private func probe(
    _ claim: Claim, _ mode: RingMode = .overwrite, file: String = #fileID, line: Int = #line,
    _ observe: @escaping @Sendable (SharedRing, inout Evidence) throws(SourceError) -> Void
  ) -> Probe {
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    return Probe(claim, file: file, line: line) { (evidence) throws(SourceError) in
      try observe(SharedRing(configuration), &evidence)
    }
  }

  /// One for each of ``SharedRingAnswers``.
  public var probes: [Probe] { handOverProbes + consumptionProbes + lossProbes }

  private var handOverProbes: [Probe] {
    [
      probe(.held) { (ring, evidence) throws(SourceError) in
        var reader = SharedRingReader(ring)
        try ring.write(1_000)
        let lost = shared_ring_lost(ring.start)
        var changed = 0
        _ = try reader.next { (held) throws(SourceError) in
          let before = held.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
          try ring.write(4_000, from: 1_000)
          changed = held.withBytes { bytes in bytes.withUnsafeBytes { zip(before, $0).count { $0 != $1 } } }
        }
        evidence.add("events overwritten meanwhile", shared_ring_lost(ring.start) - lost)
        evidence.add("bytes of the held sub-buffer that changed", changed)
      },
      probe(.partialInvisible) { (ring, evidence) throws(SourceError) in
        var reader = SharedRingReader(ring)
        evidence.add("events written", try ring.write(3).produced)
        evidence.add("events handed out", try reader.next()?.sequences.count ?? 0)
      },
      probe(.commitAdvances) { (ring, evidence) throws(SourceError) in
        var reader = SharedRingReader(ring)
        try ring.write(4)
        _ = try reader.next { (held) throws(SourceError) in
          let end = held.unreadOffset + held.unreadCount
          evidence.add("bytes of data after the acquire", end - SharedRing.headerSize)
          try ring.write(4, from: 4)
          let later = held.withBytes { bytes in bytes.withUnsafeBytes { $0.baseAddress.map(shared_ring_used) ?? 0 } }
          evidence.add("bytes of data later, without an acquire", Int(later) - SharedRing.headerSize)
          evidence.add("new events", (Int(later) - end) / ring.eventSize)
        }
      },
      probe(.onceInOrder) { (ring, evidence) throws(SourceError) in
        var reader = SharedRingReader(ring)
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...8 {
          for count in [1, ring.perSubbuffer / 2, ring.perSubbuffer + 3, 2 * ring.perSubbuffer] {
            produced += try ring.write(count, from: produced).produced
            delivered += try reader.rest().flatMap(\.sequences)
          }
        }
        evidence.add("events that fit", ring.perRing)
        evidence.addDelivered(delivered, of: produced)
      },
      Probe(.extraSubbuffer) { (evidence) throws(SourceError) in
        for mode in RingMode.allCases {
          try evidence.named("\(mode.rawValue): ") { (evidence) throws(SourceError) in
            let ring = try SharedRing(RingConfiguration(mode: mode, producerCPU: producerCPU))
            try observePlaces(ring, &evidence)
          }
        }
      },
    ]
  }

  private var consumptionProbes: [Probe] {
    [
      probe(.reopened) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("first reader: events", try acquireAndLeave(ring).asRange)
        try ring.write(4, from: 8)
        evidence.add("second reader: events", try acquireAndLeave(ring).asRange)
      },
      probe(.deadReader) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("first reader, killed: its acquire", try StudiedSharedRing(ring: ring).killReaderHolding())
        evidence.add("second reader: events", try acquireAndLeave(ring).asRange)
      },
      probe(.restKept) { (ring, evidence) throws(SourceError) in
        let produced = try ring.write(3 * ring.perSubbuffer + ring.perSubbuffer / 2).produced
        let first = try acquireAndLeave(ring)
        var reader = SharedRingReader(ring)
        let second = try reader.rest().flatMap(\.sequences)
        evidence.add("events written", produced)
        evidence.add("events of the first reader", first.count)
        evidence.add("events of the second reader", second.count)
        evidence.add("events of both readers", first.count + second.count)
        evidence.add("gaps between the events", (first + second).gapCount)
      },
      probe(.killedOutside) { (ring, evidence) throws(SourceError) in
        let produced = try ring.write(2 * ring.perSubbuffer + ring.perSubbuffer / 2).produced
        ring.producer.end()
        var reader = SharedRingReader(ring)
        evidence.addDelivered(try reader.rest().flatMap(\.sequences), of: produced)
      },
      probe(.lostBetweenReaders) { (ring, evidence) throws(SourceError) in
        let written = try ring.write(ring.perSubbuffer + ring.perSubbuffer / 2).produced
        var first = SharedRingReader(ring)
        _ = try first.rest()
        try ring.write(2 * ring.perRing, from: written)
        var second = SharedRingReader(ring)
        let handovers = try second.rest()
        let sequences = handovers.flatMap(\.sequences)
        evidence.add("events missing between the two readers", 2 * ring.perRing - sequences.count)
        evidence.add("told to the second", handovers.reduce(0) { $0 + $1.lostCount })
      },
    ]
  }

  private var lossProbes: [Probe] {
    [
      probe(.discardCounted, .discard) { (ring, evidence) throws(SourceError) in try observeLoss(ring, &evidence) },
      probe(.overwriteUncounted) { (ring, evidence) throws(SourceError) in try observeLoss(ring, &evidence) },
      probe(.lossBetweenAcquires) { (ring, evidence) throws(SourceError) in
        var reader = SharedRingReader(ring)
        let written = try ring.write(2 * ring.perRing).produced
        let first = try reader.next()
        try ring.write(3 * ring.perRing, from: written)
        let second = try reader.next()
        evidence.add(
          "events missing between the two", (first?.sequences ?? []).missing(before: second?.sequences ?? []))
        evidence.add("told with the second", second?.lostCount ?? 0)
      },
      probe(.discardDropsNewest, .discard) { (ring, evidence) throws(SourceError) in try observeLoss(ring, &evidence) },
      probe(.overwriteDropsOldest) { (ring, evidence) throws(SourceError) in try observeLoss(ring, &evidence) },
      probe(.writerTold, .discard) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(2 * ring.perRing)
        evidence.add("writes that failed", truth.refused)
        evidence.add("errno of the first", truth.firstErrno == ENOBUFS ? "ENOBUFS" : "\(truth.firstErrno)")
        evidence.add("lost", shared_ring_lost(ring.start))
      },
    ]
  }

  /// Many times: writes more than fits, acquires once, and records the place of the sub-buffer.
  private func observePlaces(_ ring: SharedRing, _ evidence: inout Evidence) throws(SourceError) {
    var reader = SharedRingReader(ring)
    var places: Set<UnsafeRawPointer?> = []
    var produced: UInt64 = 0
    for _ in 0..<3 * (ring.configuration.subbufferCount + 1) {
      produced += try ring.write(ring.perRing + ring.perSubbuffer, from: produced).produced
      _ = try reader.next { held in
        places.insert(held.withBytes { bytes in bytes.withUnsafeBytes { $0.baseAddress } })
      }
    }
    evidence.add("the writer's sub-buffers", ring.configuration.subbufferCount)
    evidence.add("different places", places.count)
  }

  /// A reader that acquires once, reads and leaves.
  private func acquireAndLeave(_ ring: SharedRing) throws(SourceError) -> [UInt64] {
    var reader = SharedRingReader(ring)
    return try reader.next()?.sequences ?? []
  }

  /// Three times what fits, and then all that is left; a last event, so that a loss after it has a sub-buffer to be told.
  private func observeLoss(_ ring: SharedRing, _ evidence: inout Evidence) throws(SourceError) {
    var reader = SharedRingReader(ring)
    let produced = try ring.write(3 * ring.perRing).produced
    var handovers = try reader.rest()
    evidence.addDelivered(handovers.flatMap(\.sequences), of: produced)
    evidence.add("lost", shared_ring_lost(ring.start))
    try ring.write(1, from: produced)
    handovers += try reader.rest()
    evidence.add("told with the sub-buffers, one event later", handovers.reduce(0) { $0 + $1.lostCount })
  }
}
