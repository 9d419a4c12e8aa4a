import LTTngUSTBackend
import Platform
import Results
@testable import Study
import Testing
import TracefsBackend

/// The plan of the measurement, without a ring buffer.
@Suite struct DeliveryLatencyPlanTests {
  private let tracefs = TracefsStudy(producerCPU: 1)
  private let lttng = LTTngUSTStudy(producerCPU: 1)

  private func bound(_ backend: any StudiedBackend, _ reader: DeliveryLatencyReader, _ rate: UInt64) -> UInt64 {
    DeliveryLatencyPoint(reader: reader, rate: rate).bound(on: backend)
  }

  @Test func whatHoldsEventsBackBoundsTheirAge() {
    // 4080 bytes of a sub-buffer of tracefs are filled by events of some 50 bytes, and the ring buffer by 16 of these.
    let events = UInt64((4096 - 16) / tracefs.eventSize(payload: DeliveryLatencyPoint.payload))
    #expect(bound(tracefs, DeliveryLatencyReader(.polling), 1_000) == 0)
    #expect(bound(tracefs, DeliveryLatencyReader(.blocking, wake: .wakeByFirstEvent), 1_000) == 0)
    #expect(bound(tracefs, DeliveryLatencyReader(.blocking, wake: .wakeAtHalf), 1_000) == 8 * events * 1_000_000)
    #expect(bound(tracefs, DeliveryLatencyReader(.blocking, wake: .wakeWhenFull), 1_000) == 16 * events * 1_000_000)
    #expect(bound(tracefs, DeliveryLatencyReader(.timer, period: 1_000_000), 1_000) == 1_000_000)
    // 100 events fill a sub-buffer of LTTng.
    #expect(bound(lttng, DeliveryLatencyReader(.polling, flushes: true), 1_000) == 0)
    #expect(bound(lttng, DeliveryLatencyReader(.polling), 1_000) == 100_000_000)
    #expect(bound(lttng, DeliveryLatencyReader(.blocking), 10_000) == 10_000_000)
    #expect(bound(lttng, DeliveryLatencyReader(.blocking, switchTimer: 1_000), 10_000) == 1_000_000)
    #expect(bound(lttng, DeliveryLatencyReader(.blocking, switchTimer: 1_000), 1_000_000) == 100_000)
    #expect(bound(lttng, DeliveryLatencyReader(.timer, period: 1_000_000), 10_000) == 11_000_000)
    #expect(bound(lttng, DeliveryLatencyReader(.timer, period: 1_000_000, flushes: true), 10_000) == 1_000_000)
  }

  @Test func wholeCyclesAreRecorded() {
    let extent = DeliveryLatencyExtent(.quick)
    for backend in [tracefs, lttng] as [any StudiedBackend] {
      for point in DeliveryLatencyPoint.Plan.all(backend, extent).flatMap(\.points) {
        let (load, cycle) = (point.load(extent, on: backend), point.cycle(on: backend))
        let recorded = load.recorded * 1_000_000_000 / point.rate
        #expect(recorded >= extent.window)
        #expect(cycle == 0 || recorded % cycle == 0, "\(backend.name), \(point)")
        #expect(load.runOut * 1_000_000_000 / point.rate > point.bound(on: backend))
      }
    }
  }

  @Test func eachProfileReadsEveryWay() {
    for profile in Profile.allCases {
      let extent = DeliveryLatencyExtent(profile)
      for backend in [tracefs, lttng] as [any StudiedBackend] {
        let readers = DeliveryLatencyPoint.Plan.all(backend, extent).flatMap { $0.points.map(\.reader) }
        // The quick profile does not poll LTTng, with or without a flush.
        let polls = backend.name == "tracefs" || profile != .quick
        #expect(
          Set(readers.map(\.waiting)) == Set(polls ? DeliveryLatencyReader.Waiting.allCases : [.blocking, .timer]))
        #expect(Set(readers.compactMap(\.wake)) == (backend.name == "tracefs" ? Set(RingControl.fills) : []))
        #expect(readers.contains(where: \.flushes) == (backend.name == "lttng-ust"))
        #expect(readers.contains { $0.switchTimer > 0 } == (backend.name == "lttng-ust"))
      }
    }
  }

  /// The whole quick run takes half a minute, so this part takes at most 3 s.
  @Test func aQuickRunHasRoomForIt() throws {
    let experiment = DeliveryLatencyExperiment(
      extent: DeliveryLatencyExtent(.quick), placement: try CPUPlacement(producer: 1, reader: 0, of: [0, 1]))
    let seconds = experiment.planned(on: [tracefs, lttng]).seconds(
      ringSeconds: ["tracefs": 0.045, "lttng-ust": 0.03])
    #expect(seconds > 1)
    #expect(seconds <= 3)
  }

  @Test func nothingIsMeasuredWithOneCPU() throws {
    let experiment = DeliveryLatencyExperiment(
      extent: DeliveryLatencyExtent(.quick), placement: try CPUPlacement(of: [0]))
    let planned = experiment.planned(on: [tracefs, lttng])
    #expect(planned.seconds(ringSeconds: [:]) == 0)
    var findings = StudyFindings()
    try planned.make(seed: 1, progress: { _ in }, &findings)
    #expect(findings.deliveryLatency.isEmpty)
    let writer = WriterOverheadExperiment(extent: WriterOverheadExtent(.quick), placement: try CPUPlacement(of: [0]))
    #expect(writer.subjects(on: [tracefs, lttng]).isEmpty)
  }
}

extension LiveTests {
  /// Delivery latency of each reader on each live ABI: the counts are consistent.
  @Suite struct DeliveryLatencyTests {
    private func measure(
      _ name: String, _ extent: DeliveryLatencyExtent
    ) throws -> (backend: any StudiedBackend, rows: [DeliveryLatencyResult]) {
      let backend = try LiveBackends.available(name)
      let experiment = DeliveryLatencyExperiment(extent: extent, placement: .choose())
      var findings = StudyFindings()
      findings.add(backend, status: .ran)
      try experiment.planned(on: [backend]).make(seed: 3, progress: { _ in }, &findings)
      #expect(findings.backends.first?.reason == nil)
      return (backend, findings.deliveryLatency)
    }

    /// The ring buffer has room for the whole load, so that nothing can be lost.
    @Test(arguments: LiveBackends.names) func everyEventIsSeenOnce(name: String) throws {
      var extent = DeliveryLatencyExtent(.quick)
      (extent.trials, extent.rates, extent.longest) = (2, [2_000], 60_000_000)
      (extent.unflushed, extent.pollsWithFlush, extent.switchTimers) = (true, true, [2_000])
      let (backend, rows) = try measure(name, extent)
      let plans = DeliveryLatencyPoint.Plan.all(backend, extent)
      #expect(rows.map(\.reader) == plans.flatMap { $0.points.map(\.reader) })
      for row in rows {
        let what = "\(name), \(row.reader)"
        #expect(row.counts.count == 2)
        for counts in row.counts {
          // Without sub-buffers of its own to read, a reader stops the writer in overwrite mode.
          #expect(counts.lost == 0 || backend.lacks(.subbuffers) != nil, "\(what)")
          // The ABI's own timer, if set, decides when the last sub-buffer ends; without sub-buffers an amount of data wakes
          // the reader up, and what comes after that is not announced.
          let mayBeLeft =
            row.reader.switchTimer > 0 || backend.lacks(.subbuffers) != nil && row.reader.waiting != .polling
          #expect(counts.left == 0 || mayBeLeft, "\(what)")
          #expect((counts.waits == 0) == (row.reader.waiting == .polling), "\(what)")
          #expect((counts.flushes > 0) == row.reader.flushes, "\(what)")
          #expect(counts.acquires > counts.handovers || counts.acquires == 0 && mayBeLeft, "\(what)")
          #expect(counts.cpu > 0 && counts.nanoseconds > 0, "\(what)")
        }
        func samples(_ trials: [Trial]) -> UInt64 { trials.reduce(0) { $0 + $1.distribution.count + $1.outOfRange } }
        let seen = row.counts.reduce(0) { $0 + $1.seen }
        #expect(samples(row.age) == seen, "\(what)")
        #expect(samples(row.intended) == seen, "\(what)")
        #expect(samples(row.youngest) <= row.counts.reduce(0) { $0 + $1.handovers }, "\(what)")
        // No event is written before its scheduled time.
        for (age, intended) in zip(row.age, row.intended) {
          #expect(intended.maximum + 1_000 >= age.maximum, "\(what)")
        }
      }
    }

    /// A reader that a fill level wakes sees no more events than were written.
    @Test func lossesAreCounted() throws {
      var extent = DeliveryLatencyExtent(.quick)
      (extent.trials, extent.rates, extent.longest) = (1, [50_000], 30_000_000)
      let (_, rows) = try measure("tracefs", extent)
      let filled = rows.filter { ($0.reader.wake?.fill ?? 0) > 0 }
      #expect(filled.map(\.reader.wake) == [.wakeAtHalf, .wakeWhenFull])
      for row in filled {
        for counts in row.counts {
          #expect(counts.seen + counts.left <= counts.events)
          #expect(counts.seen > 0)
        }
      }
    }
  }
}
