import SubbufferSource

/// Carries out a plan and records what happens; judges nothing.
struct HistoryRecorder: ConformanceVisitor {
  private let plan: HistoryPlan
  private let sizes: EventSizes
  private let conditions: Bench.Conditions
  private(set) var history: History
  private(set) var wasCalled = false

  init(_ plan: HistoryPlan, _ shape: RingShape, _ sizes: EventSizes, _ conditions: Bench.Conditions) {
    self.plan = plan
    self.sizes = sizes
    self.conditions = conditions
    history = History(shape: shape, load: plan.load)
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(_ source: inout Source, _ writer: any ConformanceWriter) {
    wasCalled = true
    var bench = Bench(history.shape, sizes, writer, conditions)
    var reader = Reader()
    history.geometries = [source.geometry]
    do throws(CaseEnd) {
      var flushed = false
      for step in plan.steps {
        switch step {
        case .write(let count, let payload, let fit):
          try bench.write(count, payload: payload, fit: fit)
          flushed = false
        case .flush:
          try source.flushOrEnd()
          flushed = true
        case .read:
          try reader.drain(&source, bench)
          history.reads.append(
            History.Read(handovers: reader.handovers.count, writes: bench.writes.count, flushed: flushed))
        }
        noteGeometry(source.geometry)
      }
      history.readings = try readings(&source)
    } catch {
      history.end = error
      noteGeometry(source.geometry)
    }
    history.writes = bench.writes
    history.handovers = reader.handovers
  }

  private mutating func noteGeometry(_ geometry: Geometry) {
    if geometry != history.geometries.last { history.geometries.append(geometry) }
  }

  private func readings<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source
  ) throws(CaseEnd) -> [LossReading] {
    do throws(SourceError) {
      return try source.lossChannels()
    } catch {
      throw CaseEnd(error, in: "lossChannels")
    }
  }
}
