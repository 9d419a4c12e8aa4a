import Study

extension Figures {
  /// The costs of one back end that the front page shows, under names that are the same for each version of the ABI: no name
  /// has the size of an event in it, which differs between versions.
  func quantities(of backend: String) -> [(name: String, cost: MatrixCost)] {
    let own = Way(backend: backend, reader: LatencyResult.studiedReader)
    var quantities: [(name: String, cost: MatrixCost)] = []
    func add(_ name: String, _ value: Value?) {
      if let value { quantities.append((name, MatrixCost(value))) }
    }
    for way in ways where way.backend == backend {
      let suffix = way == own ? "" : ", by \(way.reader)"
      guard let levels = growth(way)?.levels, let first = levels.first else { continue }
      let events = Int(first.level)
      add("acquire and release, \(events) \(events == 1 ? "event" : "events") in it\(suffix)", Value(first.trials))
      guard let fit = LinearFit(levels) else { continue }
      let spread = fit.slopeSpread
      let cost = MatrixCost(
        median: fit.slope, least: min(spread?.low ?? fit.slope, fit.slope),
        greatest: max(spread?.high ?? fit.slope, fit.slope))
      quantities.append(("… more for each event (fit)\(suffix)", cost))
    }
    add("release alone", release(own))
    add("acquire of an empty ring buffer", emptyAcquire(own))
    add("drain and decode, per event", drain(own)?.value)
    for (condition, name) in [
      (WriterCondition.noReader, "no reader"), (.idle, "idle reader"),
      (.waitingForSubbuffer, "reader woken by a full one"),
    ] {
      add("write of an event, p50, \(name)", write(backend, condition, percentile: 50))
      add("write of an event, p99.9, \(name)", write(backend, condition))
    }
    if let rate = deliveryRate {
      for reader in DeliveryReader.allCases {
        add("event age, \(reader.rawValue), \(Format.grouped(rate)) events/s", delivery(backend, reader)?.value)
      }
    }
    return quantities
  }
}
