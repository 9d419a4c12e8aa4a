import Results
import SubbufferSource

/// The costs that the front page shows, computed from the rows of the pages.
struct Figures {
  /// A value with the range of the trials that it is the median of.
  struct Value {
    var median: Double
    var range: ClosedRange<Double>
    /// The mark of trials that fall into two clusters, else nothing.
    private let mark: String

    init?(_ trials: [Double]) {
      guard let median = trials.median, let least = trials.min(), let greatest = trials.max() else { return nil }
      self.median = median
      range = least...greatest
      mark = CostFormat.mark(trials)
    }

    /// "560 (400 to 560)", with two significant digits.
    var text: String { Self.text(median, range.lowerBound, range.upperBound) }

    /// A value with the ends of its range; without them if both are the same number.
    static func text(_ middle: Double, _ least: Double, _ greatest: Double) -> String {
      let ends = [least, greatest].map { Format.significant($0) }
      let middle = Format.significant(middle)
      return ends[0] == ends[1] ? middle : "\(middle) (\(ends[0]) to \(ends[1]))"
    }

    /// The text, marked if the trials have two speeds: "560 (400 to 560) ‡".
    var markedText: String { text + mark }

    /// The text with a unit: "560 (400 to 560) ns ‡".
    func text(in unit: String) -> String { "\(text) \(unit)\(mark)" }
  }

  /// A way to read a back end.
  struct ReadMethod: Hashable, ReaderMeasurement {
    var backend: String
    var reader: String

    /// The reader ABI.
    static func studied(_ backend: String) -> ReadMethod {
      ReadMethod(backend: backend, reader: LatencyResult.studiedReader)
    }
  }

  let results: StudyResults
  let backends: [String]

  /// The unit of every cost.
  var unit: String { results.timeUnit }

  /// The ways to read the back ends, the reader ABIs first.
  var readMethods: [ReadMethod] {
    let methods = results.latency.filter { backends.contains($0.backend) }
      .map { ReadMethod(backend: $0.backend, reader: $0.reader) }.uniqued()
    return methods.filter(\.isStudied) + methods.filter { !$0.isStudied }
  }

  /// The cost of acquire and release of a full sub-buffer by the number of its events, in the first mode that was measured.
  func growth(_ method: ReadMethod) -> GrowthLevels? {
    let rows = results.latency.filter { row in
      row.backend == method.backend && row.reader == method.reader && row.operation == .acquireAndRelease
        && row.growth?.series == .eventsOfFullSubbuffer && row.mode == mode(of: method)
    }
    return rows.isEmpty ? nil : GrowthLevels(rows)
  }

  /// The size of the sub-buffers of ``growth(_:)`` in bytes, as it is written in the set-up.
  func growthSize(_ backend: String) -> String? {
    results.latency.first { $0.backend == backend && $0.growth?.series == .eventsOfFullSubbuffer }?.setup
      .value(of: "sub-buffer size")
  }

  /// The cost of an acquire that finds nothing.
  func emptyAcquire(_ method: ReadMethod) -> Value? { value(of: .acquire, hasData: false, method) }

  /// The cost of a release; `nil` if the ABI has none.
  func release(_ method: ReadMethod) -> Value? { value(of: .release, hasData: true, method) }

  private func value(of operation: LatencyOperation, hasData: Bool, _ method: ReadMethod) -> Value? {
    let condition = LatencyCondition(hasData: hasData)
    let rows = results.latency.filter { $0.backend == method.backend && $0.reader == method.reader }
    return rows.first {
      $0.operation == operation && $0.condition == condition && $0.growth == nil && $0.mode == mode(of: method)
    }.flatMap { Value($0.trialMedians) }
  }

  /// The cost of an event when a full ring buffer with large sub-buffers is drained and decoded.
  /// - Returns: the cost, and the sizes of a sub-buffer and an event in bytes.
  func drain(_ method: ReadMethod) -> (value: Value, size: Int, eventSize: Int)? {
    let rows = results.throughput.filter { row in
      row.backend == method.backend && row.reader == method.reader && row.work == .decode && !row.trials.isEmpty
    }
    guard let row = rows.max(by: { $0.subbufferSize < $1.subbufferSize }),
      let value = Value(row.nanosecondsPerEvent)
    else { return nil }
    return (value, row.subbufferSize, row.eventSize)
  }

  /// A percentile of an event's write under one condition, trial by trial.
  ///
  /// `nil` if the CPUs take turns: then the tail is that of the turns.
  func write(_ backend: String, _ condition: WriterCondition, percentile: Double = 99.9) -> Value? {
    if results.environment.countsInstructions { return nil }
    return results.writerOverhead.first { $0.backend == backend && $0.condition == condition }
      .flatMap { Value($0.service.percentiles(percentile)) }
  }

  /// The call that is a write where the writer was timed.
  func writeCall(_ backend: String) -> String? {
    results.writerOverhead.first { $0.backend == backend && $0.condition == .noReader }?.call
  }

  /// The mode in which the writer was timed.
  func writeMode(_ backend: String) -> RingMode? {
    results.writerOverhead.first { $0.backend == backend && $0.condition == .noReader }?.mode
  }

  /// The number of writes of a back end of which one begins a sub-buffer, while the writer was timed.
  func writesPerSwitch(_ backend: String) -> Int? {
    writeSetting(backend, "events of a sub-buffer").flatMap { Int($0) }
  }

  /// An entry of the set-up in which the writer was timed.
  func writeSetting(_ backend: String, _ name: String) -> String? {
    results.writerOverhead.first { $0.backend == backend && $0.condition == .noReader }?.setup.value(of: name)
  }

  /// The greatest rate at which the delivery latency of a back end was measured, in events per second.
  var deliveryRate: UInt64? {
    results.environment.countsInstructions
      ? nil : results.deliveryLatency.filter { backends.contains($0.backend) }.map(\.rate).max()
  }

  /// The median age of an event when its reader holds it, for each reader of a back end at ``deliveryRate``, trial by trial.
  private func deliveryLatencies(_ backend: String) -> [(reader: DeliveryLatencyReader, value: Value)] {
    guard let rate = deliveryRate else { return [] }
    return results.deliveryLatency.filter { $0.backend == backend && $0.rate == rate }.compactMap { row in
      Value(row.trialMedians).map { (row.reader, $0) }
    }
  }

  /// The readers of which every ABI has one.
  enum DeliveryReader: String, CaseIterable {
    /// A reader that polls.
    case polling = "polling"
    /// A reader that the ABI wakes, without a timer that ends sub-buffers.
    case woken = "woken by the ABI"
    /// A reader that acquires at equal intervals.
    case timer = "by a timer"
  }

  /// The delivery latency of a kind of reader: the lowest if several were measured.
  func delivery(_ backend: String, _ kind: DeliveryReader) -> (reader: DeliveryLatencyReader, value: Value)? {
    let waiting: DeliveryLatencyReader.Waiting =
      switch kind {
      case .polling: .polling
      case .woken: .blocking
      case .timer: .timer
      }
    return deliveryLatencies(backend).filter { $0.reader.waiting == waiting && $0.reader.switchTimer == 0 }
      .min { $0.value.median < $1.value.median }
  }

  /// `true` if the measurements of a back end show an effect.
  func show(_ effect: Hazard.CostEffect, on backend: String) -> Bool {
    switch effect {
    case .acquireGrowsWithEvents:
      guard let levels = growth(.studied(backend))?.levels,
        let fit = LinearFit(levels)
      else { return false }
      return fit.slope > 0 && !fit.isFlat(upTo: levels.map(\.level).max() ?? 0)
    case .openReaderRaisesTail:
      guard let without = write(backend, .noReader), let with = write(backend, .idle) else { return false }
      return with.range.lowerBound > without.range.upperBound
    }
  }

  private func mode(of method: ReadMethod) -> RingMode? {
    results.latency.first { $0.backend == method.backend && $0.reader == method.reader }?.mode
  }
}
