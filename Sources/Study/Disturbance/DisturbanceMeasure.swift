import Workload

/// The result of one trial under one condition.
struct DisturbanceMeasure {
  var produced: UInt64
  var delivered: UInt64?
  var refused: UInt64?
  var wakeups: UInt64?
  var service: Trial?
  var serviceOfRefused: Trial?
  var response: Trial?

  /// Sorts the times of a load.
  /// - Parameters:
  ///   - truth: what the writer wrote.
  ///   - delivered: what a reader was handed out of it; `nil` where nobody read it.
  ///   - mode: in discard mode an event that was not delivered, where somebody read what was there, was refused, also
  ///     where the ABI does not tell the writer.
  init(
    _ times: [EventTime], _ truth: Truth, delivered: DeliveredEvents?, tellsWriter: Bool,
    mode: RingConfiguration.Mode, place: Int
  ) {
    var service = LatencySamples()
    var refused = LatencySamples()
    var response = LatencySamples()
    for (index, time) in times.enumerated() {
      response.record(time.response)
      let isTaken = mode == .discard ? delivered?[index] ?? true : !time.isRefused
      if isTaken { service.record(time.service) } else { refused.record(time.service) }
    }
    produced = truth.produced
    self.delivered = delivered.map { UInt64($0.count) }
    self.refused = tellsWriter ? truth.refused : nil
    self.service = service.take(place: place)
    serviceOfRefused = refused.take(place: place)
    self.response = response.take(place: place)
  }
}

extension DisturbanceResult {
  /// Adds a trial.
  mutating func add(_ measure: DisturbanceMeasure) {
    produced += measure.produced
    if let more = measure.delivered { delivered = (delivered ?? 0) + more }
    if let more = measure.refused { refused = (refused ?? 0) + more }
    if let more = measure.wakeups { wakeups = (wakeups ?? 0) + more }
    if let trial = measure.service { service.append(trial) }
    if let trial = measure.serviceOfRefused { serviceOfRefused.append(trial) }
    if let trial = measure.response { response.append(trial) }
  }
}
