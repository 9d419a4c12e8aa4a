@testable import Study
import SubbufferSource
import Testing

extension LiveTests {
  /// The points at which the costs are measured.
  @Suite struct LatencyTests {
    /// The first reader leaves room for one more event in the sub-buffer. Once the writer has left that sub-buffer,
    /// splice takes the remaining event, which is as large as the requested partial sub-buffer.
    @Test func `splice has no row for partial sub-buffers`() throws {
      let backend = try LiveBackends.available("tracefs")
      var extent = LatencyExtent(.quick)
      let plans = LatencyPoint.Plan.all(backend, modes: extent.modes, counts: [], hasOtherCPU: false)
      let plan = try #require(plans.first { $0.isUsual })
      let partial = try #require(plan.points.first { $0.filling == .partial(1) })
      let room = plan.configuration.subbufferSize - backend.headerSize
      let full = try #require(
        plan.points.first { point in
          let left = room % backend.eventSize(payload: point.payload)
          return point.growth?.series == .eventsOfFullSubbuffer && left >= backend.eventSize(payload: partial.payload)
        })
      // The first point ends with a full sub-buffer, so the second one does, too.
      extent.samples = room / backend.eventSize(payload: partial.payload) - extent.warmup
      let readers = backend.baselines.map(\.name)
      var trial = LatencyTrial(
        of: plan, on: backend, points: [partial, full], readers: readers, extent: extent, placement: .choose(), place: 1
      )
      try backend.withStudiedRing(plan.configuration, &trial)
      let measured = trial.measured.keys.filter { $0.point == partial }.map(\.reader)
      #expect(readers.count == 2)
      #expect(Set(measured) == ["read(2)"])
    }
  }
}
