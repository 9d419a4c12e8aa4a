import Glibc
import Results
import Study
import SubbufferSource
import Workload

/// The probes of the questions to every ring buffer with a head and a tail, in discard mode.
extension DesignStudy where Ring: HeadTailRing {
  /// One for each of ``HeadTailQuestions/all``.
  package var headTailProbes: [Probe] {
    headTailHandOver + headTailConsumption + headTailLosses + headTailMapping + headTailMisuse
  }

  private var headTailHandOver: [Probe] {
    [
      probe(.partialInvisible, mode: .discard) { (ring, evidence) throws(SourceError) in
        evidence.add("events written", try ring.write(3).produced)
        evidence.add("events handed out", try ring.reader().next()?.sequences.count ?? 0)
      },
      probe(.commitAdvances, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(4)
        let tail = ring.tail
        _ = try ring.reader().next { (held) throws(SourceError) in
          let before = ring.head &- tail
          evidence.add("bytes of data after the acquire", before)
          try ring.write(4, from: 4)
          let later = ring.head &- tail
          evidence.add("bytes of data later, without an acquire", later)
          evidence.add("new events", Int(later &- before) / ring.eventSize)
        }
      },
      probe(.onceInOrder, mode: .discard) { (ring, evidence) throws(SourceError) in
        let reader = ring.reader()
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...8 {
          for count in [1, 7, ring.perRing / 4, ring.perRing / 2] {
            produced += try ring.write(count, from: produced).produced
            delivered += try reader.rest().flatMap(\.sequences)
          }
        }
        evidence.add("events that fit", ring.perRing)
        evidence.addDelivered(delivered, of: produced)
      },
      probe(.nothingThere, mode: .discard) { (ring, evidence) throws(SourceError) in
        evidence.add("empty: head", ring.head)
        evidence.add("empty: tail", ring.tail)
        evidence.add("events written then", try ring.write(1).produced)
        evidence.add("not empty: head", ring.head)
        evidence.add("not empty: tail", ring.tail)
      },
      probe(.pollWhenAllIsRead, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.wake(upon: .event)
        let reader = ring.reader()
        evidence.add("empty: poll", try ring.pollText())
        try ring.write(8)
        evidence.add("with data: poll", try ring.pollText())
        evidence.add("events read", try reader.rest().reduce(0) { $0 + $1.sequences.count })
        evidence.add("all is read: poll", try ring.pollText())
        try ring.write(8, from: 8)
        _ = try reader.rest()
        evidence.add("all is read without a poll before: poll", try ring.pollText())
      },
    ]
  }

  private var headTailConsumption: [Probe] {
    [
      probe(.consumedAtRelease, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("tail before", ring.tail)
        _ = try ring.reader().next { _ in evidence.add("tail after the acquire", ring.tail) }
        evidence.add("tail after the release", ring.tail)
      },
      probe(.endToldByPoll, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("writer lives: poll", try ring.pollText())
        ring.producer.end()
        evidence.add("writer has ended: poll", try ring.pollText())
        evidence.add("events read then", try ring.readAndLeave().asRange)
        evidence.add("all is read: poll", try ring.pollText())
      },
      probe(.restAfterEnd, mode: .discard) { (ring, evidence) throws(SourceError) in
        let produced = try ring.write(ring.perRing / 2).produced
        ring.producer.end()
        evidence.add("poll", try ring.pollText())
        evidence.addDelivered(try ring.readAndLeave(), of: produced)
      },
      probe(.reopened, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("first reader: events", try ring.readAndLeave().asRange)
        try ring.write(4, from: 8)
        evidence.add("second reader: events", try ring.readAndLeave().asRange)
      },
      probe(.restKept, mode: .discard) { (ring, evidence) throws(SourceError) in
        // Nearly two laps, so that a hand-over that ends at the end of the data is a part.
        let before = try ring.write(ring.perRing / 2).produced
        _ = try ring.readAndLeave()
        let produced = try ring.write(ring.perRing - 8, from: before).produced
        let part = try ring.reader().next()?.sequences ?? []
        let rest = try ring.readAndLeave()
        evidence.add("events written", produced)
        evidence.add("events of the first reader", part.count)
        evidence.add("events of the second reader", rest.count)
        evidence.add("events of both readers", part.count + rest.count)
        evidence.add("gaps between the events", (part + rest).gapCount)
      },
      probe(.killedOutside, mode: .discard) { (ring, evidence) throws(SourceError) in
        let produced = try ring.write(ring.perRing / 2).produced
        ring.producer.end()
        evidence.addDelivered(try ring.readAndLeave(), of: produced)
      },
      probe(.lostBetweenReaders, mode: .discard) { (ring, evidence) throws(SourceError) in
        let before = try ring.write(8).produced
        _ = try ring.readAndLeave()
        let written = try ring.write(3 * ring.perRing, from: before).produced
        let second = ring.reader()
        var handovers = try second.rest()
        let sequences = handovers.flatMap(\.sequences)
        try ring.write(1, from: before + written)
        handovers += try second.rest()
        evidence.add("events missing between the two readers", Int(written) - sequences.count)
        evidence.add("reported to the second", handovers.reduce(0) { $0 + $1.lostCount })
      },
      probe(.severalReaders, mode: .discard) { (ring, evidence) throws(SourceError) in
        let (first, second) = (ring.reader(), ring.reader())
        evidence.add("events written", try ring.write(8).produced)
        evidence.add("first reader: events", try first.rest().flatMap(\.sequences).asRange)
        evidence.add("second reader: events", try second.rest().flatMap(\.sequences).asRange)
        evidence.add("tail", ring.tail)
      },
    ]
  }

  private var headTailLosses: [Probe] {
    [
      probe(.discardDropsNewest, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.observeLoss(&evidence) { _, _, _ in }
      },
      probe(.discardCounted, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.observeLoss(&evidence) { _, all, evidence in
          evidence.add("reported in the ring buffer, one event later", all.reduce(0) { $0 + $1.lostCount })
        }
      },
      probe(.receivedPlusDiscarded, mode: .discard) { (ring, evidence) throws(SourceError) in
        let reader = ring.reader()
        var produced: UInt64 = 0
        var delivered: [UInt64] = []
        for _ in 1...3 {
          produced += try ring.write(2 * ring.perRing, from: produced).produced
          delivered += try reader.rest().flatMap(\.sequences)
        }
        evidence.addDelivered(delivered, of: produced)
        evidence.add("lost by the count", try ring.lostCount())
      },
      probe(.writerTold, mode: .discard) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(2 * ring.perRing)
        evidence.add("writes that failed", truth.refused)
        evidence.add("lost by the count", try ring.lostCount())
      },
      probe(.roomAfterRelease, mode: .discard) { (ring, evidence) throws(SourceError) in
        var sequence = try ring.write(2 * ring.perRing).produced
        func recorded() throws(SourceError) -> UInt64 {
          let (head, count) = (ring.head, 2 * ring.perRing)
          sequence += try ring.write(count, from: sequence).produced
          return (ring.head &- head) / UInt64(ring.eventSize)
        }
        evidence.add("events that fit", ring.perRing)
        evidence.add("events recorded while it is full", try recorded())
        var meanwhile: UInt64 = 0
        _ = try ring.reader().next { (held) throws(SourceError) in meanwhile = try recorded() }
        evidence.add("events recorded after the acquire", meanwhile)
        evidence.add("events recorded after the store of the tail", try recorded())
      },
      probe(HeadTailQuestions.lossAtEnd, mode: .discard) { (ring, evidence) throws(SourceError) in
        let reader = ring.reader()
        let produced = try ring.write(2 * ring.perRing).produced
        let handovers = try reader.rest()
        evidence.add("events lost", Int(produced) - handovers.reduce(0) { $0 + $1.sequences.count })
        evidence.add("reported when everything is read", handovers.reduce(0) { $0 + $1.lostCount })
        try ring.write(1, from: produced)
        evidence.add("reported with the next event", try reader.rest().reduce(0) { $0 + $1.lostCount })
      },
    ]
  }

  private var headTailMapping: [Probe] {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    return [
      probe(.storesRefused, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        try evidence.addMappingControl([
          MappingAttempt(length: ring.mappedLength, protection: PROT_READ | PROT_WRITE)
        ])
        evidence.addStores(
          into: ring.unsafeData, at: ring.dataOffset, of: ring.descriptor.rawValue, length: ring.mappedLength)
      },
      probe(.mappingRestrictions, mode: .discard) { (ring, evidence) throws(SourceError) in
        let attempts = MappingAttempt.toBeRefused(all: ring.mappedLength, subbuffer: page)
        try evidence.addMappingControl(attempts)
        for attempt in [.plain(ring.mappedLength)] + attempts {
          evidence.add(attempt.name, attempt(ring.descriptor.rawValue))
        }
      },
      probe(.mappingStays, mode: .discard) { (ring, evidence) throws(SourceError) in
        let length = ring.mappedLength
        try evidence.addProtectionControl(PROT_READ | PROT_WRITE, length: length)
        try evidence.addGrowthControl(by: page, length: length)
        var mapping = try WholeMapping(ring.descriptor.rawValue, length: length)
        evidence.add("mprotect(PROT_READ|PROT_WRITE)", mapping.protect(PROT_READ | PROT_WRITE))
        evidence.add("mremap, one sub-buffer longer", mapping.grow(by: page, mayMove: false))
        evidence.add("mremap(MREMAP_MAYMOVE), one sub-buffer longer", mapping.grow(by: page, mayMove: true))
      },
      probe(.notExecutable, mode: .discard) { (ring, evidence) throws(SourceError) in
        let mapping = try WholeMapping(ring.descriptor.rawValue, length: ring.mappedLength)
        try evidence.addProtectionControl(PROT_READ | PROT_EXEC, length: mapping.length)
        evidence.add("mprotect(PROT_READ|PROT_EXEC)", mapping.protect(PROT_READ | PROT_EXEC))
      },
      probe(.mappingFlags, mode: .discard) { (ring, evidence) throws(SourceError) in
        let mapping = try WholeMapping(ring.descriptor.rawValue, length: ring.mappedLength)
        evidence.add("VmFlags", try mapping.flags())
      },
      probe(.mappingInherited, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.addLoads(of: ring.unsafeData)
      },
      probe(.debuggerReads, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.addDebuggersRead(of: ring.unsafeData)
      },
    ]
  }

  private var headTailMisuse: [Probe] {
    [
      probe(HeadTailQuestions.tailAhead, mode: .discard) { (ring, evidence) throws(SourceError) in
        evidence.add("size of the data", ring.dataSize)
        ring.unsafeStoreTail(UInt64(ring.dataSize / 2))
        evidence.add("events written", try ring.write(2 * ring.perRing).produced)
        evidence.add("bytes that the head moved", ring.head)
        evidence.add("lost by the count", try ring.lostCount())
      },
      probe(HeadTailQuestions.tailBackwards, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        evidence.add("events of the first reading", try ring.readAndLeave().asRange)
        ring.unsafeStoreTail(0)
        evidence.add("events of the second reading", try ring.readAndLeave().asRange)
        ring.unsafeStoreTail(0)
        try ring.write(2 * ring.perRing, from: 8)
        let later = try ring.readAndLeave()
        evidence.add("first event read later", later.first.map(String.init) ?? "none")
        evidence.add("gaps between the events read later", later.gapCount)
      },
    ]
  }
}
