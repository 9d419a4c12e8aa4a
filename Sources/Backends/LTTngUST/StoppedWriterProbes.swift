import LTTngBackend
import LTTngUSTABI
import Results
import Study
import SubbufferSource
import Workload

extension LTTngUSTStudy {
  /// Probes of a writer that is stopped or killed at each change that its write makes in the memory of the ring buffer.
  var stopsProbes: [Probe] {
    stoppedProbes + [
      Probe(LTTngUSTAnswers.fixedUpAtEachStop) { (evidence) throws(SourceError) in
        var (kills, losing, blocking) = (0, 0, 0)
        for event in [SteppedEvent.fits, .exceeds] {
          try withWriteForEachStop(.discard, event) { (write, stop, other) throws(SourceError) in
            try write.kill(at: stop)
            let failed = try write.fixUp()
            let lost = try UInt64(write.committed.count - write.committedCount(in: write.flushAndRead()))
            let others = try write.others(by: other, turns: 1)
            var text = "\(failed) failed; \(lost) committed events lost; \(others.text)"
            if !others.goOn {
              let again = try write.fixUp()
              text += "; called again: \(again) failed; \(try write.others(by: other, turns: 1).text)"
            }
            evidence.add("discard, event \(event.rawValue): \(stop.text)", text)
            if !others.goOn { evidence.add("the same, flushed before", try flushAndFixUp(event, stop)) }
            kills += 1
            losing += lost > 0 ? 1 : 0
            blocking += others.goOn ? 0 : 1
          }
        }
        evidence.add("kills", kills)
        evidence.add("kills after which committed events are lost", losing)
        evidence.add("kills after which others do not go on", blocking)
      }
    ]
  }

  /// Kills a producer at a stop, and completes its sub-buffers after a flush and before everything is read.
  private func flushAndFixUp(_ event: SteppedEvent, _ stop: WriteStop) throws(SourceError) -> String {
    var text = ""
    try withStoppedWrite(.discard, event) { (write) throws(SourceError) in
      try write.ring.withOtherProducer { (other) throws(SourceError) in
        try write.kill(at: stop)
        try write.stream.flush(producerActive: true)
        let failed = try write.fixUp()
        text = try "\(failed) failed; \(write.others(by: other, turns: 1).text)"
      }
    }
    return text
  }

  private var stoppedProbes: [Probe] {
    [
      Probe(LTTngUSTAnswers.stopsThatBlock) { (evidence) throws(SourceError) in
        var tally = StopTally()
        try withStoppedWrites { (prefix, write) throws(SourceError) in
          evidence.add("\(prefix)events committed before", write.committed.count)
          try write.atEachStop { (stop) throws(SourceError) in
            let count = write.committedCount(in: try write.flushAndRead())
            let phase: StopTally.Phase =
              stop.isDelivered ? .delivered : stop.isFilled ? .committed : stop.isReserved ? .reserved : .before
            evidence.add(prefix + stop.text, "\(phase.rawValue); \(count) events read")
            tally.add(phase, blocks: count < write.committed.count)
          }
        }
        tally.add(to: &evidence, [.before, .reserved, .committed, .delivered], blocking: "blocking stops")
      },
      Probe(LTTngUSTAnswers.killedAtEachStop) { (evidence) throws(SourceError) in
        var (losing, most, reported): (Int, UInt64, UInt64) = (0, 0, 0)
        for event in SteppedEvent.allCases {
          try withWriteForEachStop(.discard, event) { (write, stop, other) throws(SourceError) in
            try write.kill(at: stop)
            try StoppedWrite.write(write.ring.eventsPerSubbuffer(), by: other)
            let packets = try write.flushAndRead()
            let lost = UInt64(write.committed.count - write.committedCount(in: packets))
            let told = packets.map(\.eventsDiscarded).max() ?? 0
            evidence.add(
              "discard, event \(event.rawValue): \(stop.text)", "\(lost) committed events lost, \(told) reported")
            if lost == 0 { return }
            losing += 1
            most = max(most, lost)
            reported = max(reported, told)
          }
        }
        evidence.add("kills after which committed events are lost", losing)
        evidence.add("most committed events lost", most)
        evidence.add("most events reported after these", reported)
      },
      Probe(LTTngUSTAnswers.dropsAtEachStop) { (evidence) throws(SourceError) in
        var (stops, dropping, most): (Int, Int, UInt64) = (0, 0, 0)
        var written: UInt64 = 0
        try withStoppedWrites([.fits, .exceeds]) { (prefix, write) throws(SourceError) in
          written = write.ring.eventsPerSubbuffer()
          try write.ring.withOtherProducer { (other) throws(SourceError) in
            try write.atEachStop { (stop) throws(SourceError) in
              let before = write.write.lostEvents
              try StoppedWrite.write(written, by: other)
              let dropped = write.write.lostEvents &- before
              evidence.add(
                prefix + stop.text, "\(StopTally.Phase(of: stop).rawValue); \(dropped) of \(written) dropped")
              stops += 1
              dropping += dropped > 0 ? 1 : 0
              most = max(most, dropped)
            }
          }
        }
        evidence.add("stops", stops)
        evidence.add("stops at which the other drops events", dropping)
        evidence.add("events of the other", written)
        evidence.add("most events dropped", most)
      },
      Probe(LTTngUSTAnswers.othersAtEachStop) { (evidence) throws(SourceError) in
        var tally = StopTally()
        try withStoppedWrites([.fits, .exceeds]) { (prefix, write) throws(SourceError) in
          try write.ring.withOtherProducer { (other) throws(SourceError) in
            try write.atEachStop { (stop) throws(SourceError) in
              let seen = try write.others(by: other, turns: 2)
              let phase = StopTally.Phase(of: stop)
              evidence.add(prefix + stop.text, "\(phase.rawValue); \(seen.text)")
              tally.add(phase, blocks: seen.delivered == 0 && seen.dropped > 0)
            }
          }
        }
        tally.add(
          to: &evidence, [.before, .reserved, .committed, .released], blocking: "stops that others do not pass")
      },
      Probe(LTTngUSTAnswers.resumedAtEachStop) { (evidence) throws(SourceError) in
        var (stops, losing, wrong) = (0, 0, 0)
        for (mode, event) in [
          (RingMode.overwrite, SteppedEvent.fills), (.discard, .exceeds),
        ] {
          try withWriteForEachStop(mode, event, isRead: true) { (write, stop, other) throws(SourceError) in
            // After the delivery the other overwrites.
            if mode == .overwrite, stop.isDelivered { return }
            let seen = try write.resume(at: stop, with: other)
            evidence.add("\(mode.rawValue), event \(event.rawValue): \(stop.text)", seen.text)
            stops += 1
            losing += seen.lost > 0 ? 1 : 0
            wrong += seen.isExact ? 0 : 1
          }
        }
        evidence.add("stops", stops)
        evidence.add("stops after which events were lost", losing)
        evidence.add("stops with a wrong account", wrong)
      },
      Probe(LTTngUSTAnswers.readPastStop) { (evidence) throws(SourceError) in
        var (later, read) = (0, 0)
        try withStoppedWrites([.exceeds]) { (prefix, write) throws(SourceError) in
          try write.ring.withOtherProducer { (other) throws(SourceError) in
            try write.atEachStop { (stop) throws(SourceError) in
              if stop.isCommitted { return }
              let seen = try write.readPast(other)
              evidence.add(
                prefix + stop.text, "\(seen.refused) refused, then \(seen.read) of \(seen.later) full sub-buffers read")
              later += seen.later
              read += seen.read
            }
          }
        }
        evidence.add("full sub-buffers after the refused ones", later)
        evidence.add("of these got by get_subbuf", read)
      },
    ]
  }
}

extension WriteStop {
  /// The number and the changed field, for the name of an observation.
  fileprivate var text: String { "\(number < 10 ? "0" : "")\(number) \(field)" }
}

/// The number of stops, and of those at which somebody does not go on.
private struct StopTally {
  /// The parts of a write.
  enum Phase: String {
    case before = "before the reservation"
    case reserved = "before the commit"
    case committed = "after the commit"
    case delivered = "after the delivery"
    case released = "after the release"

    /// The part of a write by what happened to its event.
    init(of stop: WriteStop) {
      self = stop.isReleased ? .released : stop.isCommitted ? .committed : stop.isReserved ? .reserved : .before
    }
  }

  private var stops: [Phase: Int] = [:]
  private var blocking: [Phase: Int] = [:]

  mutating func add(_ phase: Phase, blocks: Bool) {
    stops[phase, default: 0] += 1
    if blocks { blocking[phase, default: 0] += 1 }
  }

  /// Adds both numbers of each part.
  func add(to evidence: inout Evidence, _ phases: [Phase], blocking name: String) {
    for phase in phases {
      evidence.add("stops, \(phase.rawValue)", stops[phase, default: 0])
      evidence.add("\(name), \(phase.rawValue)", blocking[phase, default: 0])
    }
  }
}

extension StoppedWrite {
  /// The events of another process while the writer is stopped.
  struct Others {
    var written: UInt64
    var delivered: Int
    /// By the counters in the memory of the ring buffer.
    var dropped: UInt64
    /// By `events_discarded` of the last packet that the reader got.
    var reported: UInt64

    /// The other drops no more than what finds no room.
    var goOn: Bool { delivered > dropped }

    var text: String {
      "\(delivered) of \(written) events of the other read, \(dropped) dropped, \(reported) reported"
    }
  }

  /// The first sequence number of the other process.
  private static let firstOfOther: UInt64 = 1_000_000

  /// Has another process write N short events, after those that it has written.
  fileprivate static func write(
    _ count: UInt64, by other: ProducerProcess, after written: UInt64 = 0
  ) throws(SourceError) {
    _ = try other.write(Load(first: firstOfOther + written, count: count, payload: 16))
  }

  /// The account of everything after a stop.
  struct Resumed {
    var lost: Int
    var reported: UInt64
    var duplicates: Int
    /// The stepped event was read.
    var hasStepped: Bool
    /// Gaps of `packet_seq_num`, which are of sub-buffers that were overwritten.
    var missingPackets: UInt64

    var isExact: Bool {
      (missingPackets == 0 ? lost == Int(reported) : lost > Int(reported)) && duplicates == 0 && hasStepped
    }

    var text: String {
      "\(lost) events lost, \(reported) reported, \(missingPackets) packets missing, \(duplicates) read twice"
        + (hasStepped ? "" : ", its own not read")
    }
  }

  /// Has another process write twice what fits while the writer is stopped, and some events after it has ended its write;
  /// the reader reads when everything is written.
  func resume(at stop: WriteStop, with other: ProducerProcess) throws(SourceError) -> Resumed {
    let count = 2 * ring.eventsPerRing()
    try at(stop) { () throws(SourceError) in
      try Self.write(count, by: other)
    }
    var packets = try stream.readAll()
    try Self.write(4, by: other, after: count)
    packets += try flushAndRead()
    // Everything before the sub-buffer was read before.
    let written = committed.count + 1 + Int(count) + 4
    let numbers = packets.map(\.packetSequenceNumber)
    let first = UInt64(ring.configuration.mode == .overwrite ? ring.configuration.subbufferCount - 1 : 2)
    let distinct = Set(packets.sequences)
    return Resumed(
      lost: written - distinct.count, reported: packets.last?.eventsDiscarded ?? 0,
      duplicates: packets.sequences.count - distinct.count, hasStepped: distinct.contains(sequence),
      missingPackets: numbers.last.map { $0 &+ 1 &- first &- UInt64(numbers.count) } ?? 0)
  }

  /// Completes what the killed producer has left, as a consumer daemon does.
  /// - Returns: the number of sub-buffers for which it failed.
  func fixUp() throws(SourceError) -> Int {
    let positions = try stream.positions()
    return try stream.stream.unsafeFixUpStalledStream(
      consumed: positions.consumed, produced: positions.produced, deadApplication: ring.session.application)
  }

  /// Has another process write as much as there is room for next to two sub-buffers, once or several times; the reader
  /// reads after each, the last time after a flush.
  func others(by other: ProducerProcess, turns: UInt64) throws(SourceError) -> Others {
    let before = write.lostEvents
    let count = ring.eventsPerSubbuffer() * UInt64(ring.configuration.subbufferCount - 2)
    var packets: [LTTngLook] = []
    for turn in 0..<turns {
      try Self.write(count, by: other, after: turn * count)
      if turn + 1 == turns { try stream.flush(producerActive: true) }
      packets += try stream.readAll()
    }
    return Others(
      written: turns * count, delivered: packets.sequences.count { $0 >= Self.firstOfOther },
      dropped: write.lostEvents &- before,
      reported: packets.last?.eventsDiscarded ?? 0)
  }

  /// Has another process fill the ring buffer, and gets each sub-buffer by its position.
  /// - Returns: the number of sub-buffers that were refused, of full ones after the first of these, and of those that were
  ///   read.
  func readPast(
    _ other: ProducerProcess
  ) throws(SourceError) -> (refused: Int, later: Int, read: Int) {
    let count = ring.eventsPerSubbuffer() * UInt64(ring.configuration.subbufferCount)
    try Self.write(count, by: other)
    let positions = try stream.positions()
    let size = UInt(ring.configuration.subbufferSize)
    var (refused, later, read) = (0, 0, 0)
    for position in stride(from: positions.consumed, to: positions.produced / size * size, by: Int(size)) {
      let got = stream.unsafeGetSubbuffer(at: position)
      defer { if got == 0 { _ = stream.unsafePutSubbuffer() } }
      if got != 0 {
        refused += 1
      } else if refused > 0 {
        read += try stream.look().sequences.isEmpty ? 0 : 1
      }
      if refused > 0, got == 0 || read > 0 { later += 1 }
    }
    return (refused, later, read)
  }
}
