import BPFRingABI
import HeadTailBackend
import Platform
import Results
import Study
import SubbufferSource
import UprobeEvents
import Workload

extension BPFRingStudy {
  /// One for each of ``BPFRingAnswers``.
  package var probes: [Probe] {
    headTailProbes + [
      probe(BPFRingAnswers.wrapped) { (ring, evidence) throws(SourceError) in try ring.observeWrapping(&evidence) },
      Probe(BPFRingAnswers.unfinishedHides) { (evidence) throws(SourceError) in try observeUnfinished(&evidence) },
      Probe(BPFRingAnswers.pollUnfinished) { (evidence) throws(SourceError) in try observeUnfinished(&evidence) },
      Probe(BPFRingAnswers.discardedRecord) { (evidence) throws(SourceError) in
        try RecordedBPFRing.with(
          RingConfiguration(mode: .discard, producerCPU: producerCPU), writing: .discardOdd
        ) { (ring) throws(SourceError) in try ring.observeDiscarding(&evidence) }
      },
      probe(BPFRingAnswers.adaptiveWakeup) { (ring, evidence) throws(SourceError) in
        try ring.observeWakeups(&evidence)
      },
    ]
  }

  /// Has a second writer, on the reader's CPU, submit a record while the first is between the reservation and the submission
  /// of one; again and again until it is met.
  private func observeUnfinished(_ evidence: inout Evidence) throws(SourceError) {
    let configuration = RingConfiguration(mode: .discard, producerCPU: producerCPU)
    let otherCPU = CPUPlacement.choose().reader
    try RecordedBPFRing.with(
      configuration, writing: .reserve(pause: BPFRingAnswers.clockReadings)
    ) { (ring) throws(SourceError) in
      try ProbedWriter.with(cpu: otherCPU) { (second) throws(SourceError) in
        let recorder = try BPFRecorder(
          into: ring.ring, event: UInt64(second.events[0].id), process: second.producer.pid)
        defer { withExtendedLifetime(recorder) {} }
        for attempt in 1...100 {
          let seen = try ring.observeUnfinished(behind: second.producer)
          guard seen.isMet || attempt == 100 else { continue }
          for (name, value) in seen.observations { evidence.add(name, value) }
          return
        }
      }
    }
  }
}

extension RecordedBPFRing {
  /// Starts a write that pauses between the reservation and the submission, and has another writer write meanwhile.
  fileprivate func observeUnfinished(
    behind second: ProducerProcess
  ) throws(SourceError) -> (isMet: Bool, observations: [(String, String)]) {
    let reader = reader()
    let begin = head
    try producer.start(Load(first: 0, count: 1, payload: Self.payload))
    let start = ContinuousClock.now
    while head == begin {
      guard start.duration(to: .now) < .seconds(10) else {
        throw SourceError(call: "wait for a reservation", detail: "producer_pos stays at \(begin)")
      }
    }
    let first = head
    try second.write(Load(first: 1, count: 1, payload: Self.payload))
    let behind = head > first ? state(at: first) : "none"
    let poll = try pollText()
    let handedOut = try reader.next()?.sequences.count ?? 0
    // Last of all: where it is busy now, it was so all the time.
    let before = state(at: begin)
    while try producer.truth(within: 1_000) == nil {}
    let later = try reader.rest().reduce(0) { $0 + $1.sequences.count }
    return (
      behind == "submitted" && before == "busy",
      [
        ("first record meanwhile", before), ("second record meanwhile", behind), ("poll meanwhile", poll),
        ("events handed out meanwhile", "\(handedOut)"), ("events handed out later", "\(later)"),
      ]
    )
  }
}

extension RecordedBPFRing {
  /// The state of the record at a position, by its header.
  fileprivate func state(at position: UInt64) -> String {
    let header = ring.unsafeLength(at: position)
    return header & BPFRecordHeader.busy != 0
      ? "busy" : header & BPFRecordHeader.discarded != 0 ? "discarded" : "submitted"
  }

  /// Writes and reads over three laps, and looks at the records over the end of the data.
  fileprivate func observeWrapping(_ evidence: inout Evidence) throws(SourceError) {
    let reader = reader()
    var (position, produced) = (UInt64(0), UInt64(0))
    var (records, joined) = (0, 0)
    while position < 3 * UInt64(dataSize) {
      produced += try write(perRing / 2, from: produced).produced
      while position < head {
        let offset = Int(position & UInt64(dataSize - 1))
        let size = BPFRecordHeader.size(ring.unsafeLength(at: position))
        if offset + size > dataSize {
          records += 1
          // The last bytes of the record, where it goes on in the mapping and at the start of the data.
          let last = offset + size - 8
          let (here, there) = (word(last), word(last - dataSize))
          if here == there, word(offset + 16) == position / UInt64(eventSize) { joined += 1 }
        }
        position += UInt64(size)
      }
      _ = try reader.rest()
    }
    evidence.add("laps", position / UInt64(dataSize))
    evidence.add("records over the end", records)
    evidence.add("of them read in one piece", joined)
  }

  private func word(_ offset: Int) -> UInt64 { ring.unsafeData.load(fromByteOffset: offset, as: UInt64.self) }

  /// Fills the ring buffer with records of which every second one is discarded, and reads them.
  fileprivate func observeDiscarding(_ evidence: inout Evidence) throws(SourceError) {
    let size = UInt64(BPFRecordHeader.size(UInt32(BPFRecorder.fixedSize)))
    try write(2 * dataSize / Int(size))
    var discarded = 0
    for position in stride(from: UInt64(0), to: head, by: Int(size)) where state(at: position) == "discarded" {
      discarded += 1
    }
    let delivered = try readAndLeave()
    evidence.add("records handed out", delivered.count)
    evidence.add("records with the discard bit", discarded)
    evidence.add("odd sequence numbers handed out", delivered.count { $0 % 2 == 1 })
    evidence.add("bytes taken", head)
    evidence.add("size of the data", dataSize)
  }

  /// Notes which records wake up somebody who waits with epoll, edge-triggered.
  fileprivate func observeWakeups(_ evidence: inout Evidence) throws(SourceError) {
    let reader = reader()
    let edges = try BPFWakeups(ring)
    var produced: UInt64 = 0
    func woken(by count: Int) throws(SourceError) -> String {
      var woken = false
      for _ in 0..<count {
        produced += try write(1, from: produced).produced
        if try edges.isReported(within: 20) { woken = true }
      }
      return woken ? "yes" : "no"
    }
    evidence.add("wake-up: first", try woken(by: 1))
    evidence.add("wake-up: second to eighth", try woken(by: 7))
    _ = try reader.rest()
    evidence.add("wake-up: after all was read", try woken(by: 1))
    evidence.add("wake-up: behind an unread one", try woken(by: 1))
    evidence.add("events written", produced)
  }
}
