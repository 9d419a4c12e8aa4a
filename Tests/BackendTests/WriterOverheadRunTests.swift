import Platform
import Results
@testable import Study
import SubbufferSource
import Testing

extension LiveTests {
  /// Timing of the writers of the live back ends.
  @Suite struct WriterOverheadRunTests {
    private func rows(
      _ backend: any StudiedBackend, _ mode: RingMode
    ) throws -> [WriterOverheadResult] {
      var extent = WriterOverheadExtent(.standard)
      (extent.trials, extent.modes) = (1, [mode])
      var findings = StudyFindings()
      findings.add(backend, status: .ran)
      let experiment = WriterOverheadExperiment(extent: extent, placement: CPUPlacement.choose())
      try experiment.planned(on: [backend]).make(seed: 3, progress: { _ in }, &findings)
      #expect(findings.backends.map(\.reason) == [nil])
      return findings.writerOverhead
    }

    @Test(
      .enabled(if: CPUPlacement.allowed.count > 1, "a second CPU is needed"), arguments: LiveBackends.names)
    func everyEventIsTimedAndIsDeliveredRefusedOrOverwritten(_ name: String) throws {
      let backend = try LiveBackends.available(name)
      for mode in backend.modes { try everyEventIsTimed(backend, mode) }
    }

    private func everyEventIsTimed(_ backend: any StudiedBackend, _ mode: RingMode) throws {
      let isKernel = backend.name == "tracefs"
      let rows = try rows(backend, mode)
      #expect(
        rows.map(\.condition)
          == WriterCondition.allCases.filter { $0 != .waitingForEvent || !backend.abis.contains(ABI("lttng")) })
      let configuration = WriterOverheadExtent.configuration(mode, producerCPU: backend.producerCPU)
      let events = UInt64(WriterOverheadExtent(.standard).events(configuration, backend))
      for row in rows {
        let what = "\(row.condition.rawValue)"
        let taken = row.service.distribution?.count ?? 0
        let refused = row.serviceOfRefused.distribution?.count ?? 0
        #expect(taken + refused == events, "\(what)")
        #expect(row.response.distribution?.count == events, "\(what)")
        #expect(row.produced == (row.condition == .noWrite ? 0 : events), "\(what)")
        #expect((row.refused != nil) == isKernel, "\(what)")
        #expect((row.wakeups ?? 0 > 0) == (row.condition == .waitingForSubbuffer || row.condition == .waitingForEvent))
        if row.condition == .noWrite { continue }
        #expect((row.delivered != nil) == (row.condition.hasReader || mode == .discard), "\(what)")
        guard let delivered = row.delivered else { continue }
        switch mode {
        case .overwrite: #expect(refused == 0 && delivered <= events, "\(what)")
        case .discard:
          #expect(delivered == taken, "\(what)")
          // The kernel's writer gets an error for each event that is not delivered.
          #expect(row.refused.map { $0 == refused } ?? true, "\(what)")
        }
        if !row.condition.hasReader || row.condition == .idle || row.condition == .holding {
          #expect(delivered < events, "\(what): nobody made room")
        }
      }
    }
  }
}
