import Results
import SubbufferSource

/// Histories as short lines, for tests.
extension HandoverRecord {
  /// Reads `7: 200-291, 300-310`: the sub-buffer's own number and the sequence numbers of its events; `nil` for other text.
  package init?(_ line: String) {
    let parts = line.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = UInt64(parts[0]) else { return nil }
    self.init(number: number)
    for run in parts[1].split(separator: ",") {
      let bounds = run.drop { $0 == " " }.split(separator: "-").compactMap { UInt64($0) }
      guard let lower = bounds.first, let upper = bounds.last, lower <= upper else { return nil }
      runs.append(lower...upper)
    }
  }
}

extension ReadingRecord {
  /// Reads `3: 2300 events; 1 marked`: the number of hand-overs, the report, and the number of marked sub-buffers; `nil` for
  /// other text.
  package init?(_ line: String) {
    let parts = line.split(separator: ": ", maxSplits: 1)
    guard parts.count == 2, let handover = Int(parts[0]) else { return nil }
    let halves = parts[1].split(separator: "; ", maxSplits: 1)
    guard let loss = halves.first.flatMap({ Loss(String($0)) }) else { return nil }
    let marks = halves.count == 2 ? UInt64(halves[1].prefix { $0 != " " }) : 0
    guard let marks else { return nil }
    self.init(handover: handover, loss: loss, marks: marks)
  }
}

extension Loss {
  /// Reads the words of ``Results``' `Loss.text`; `nil` for other text.
  fileprivate init?(_ text: String) {
    let words = text.replacing("at most ", with: "").split(separator: " ")
    let numbers = words.compactMap { UInt64($0) }
    switch (text, words.dropFirst().first) {
    case ("no indication", _): self = .notTold
    case ("none", _): self = .none
    case ("some, number not reported", _): self = .some
    case (_, "event"?), (_, "events"?):
      guard let count = numbers.first else { return nil }
      self = text.hasPrefix("at most") ? .atMost(count) : .events(count)
    case (_, "packet"?), (_, "packets"?):
      guard let count = numbers.first else { return nil }
      self = .packets(count, events: numbers.count > 1 ? numbers[1] : 0)
    default: return nil
    }
  }
}

extension Trial {
  /// Reads `17 2 95 123456: 96*3 97*45`: place, samples out of range, minimum, maximum, and the buckets; `nil` for other
  /// text.
  package init?(_ line: String) {
    let parts = line.split(separator: ":")
    let head = parts.first?.split(separator: " ").compactMap { UInt64($0) } ?? []
    let buckets = parts.last?.split(separator: " ").compactMap { pair -> Distribution.Bucket? in
      let numbers = pair.split(separator: "*").compactMap { UInt64($0) }
      return numbers.count == 2 ? Distribution.Bucket(nanoseconds: numbers[0], count: numbers[1]) : nil
    }
    guard parts.count == 2, head.count == 4, let distribution = buckets.flatMap({ Distribution($0) }) else {
      return nil
    }
    self.init(
      place: Int(clamping: head[0]), outOfRange: head[1], minimum: head[2], maximum: head[3],
      distribution: distribution)
  }
}

extension StudyResults {
  /// Results with judged parts, for tests.
  package init(
    run: RunDescription, environment: RunEnvironment, backends: [BackendResult], operations: [OperationRecord] = [],
    probes: [ProbeResult] = [], latency: [LatencyResult] = [], losses: [LossResult] = [], clauses: [ClauseRecord] = [],
    modelChecks: [ModelCheckResult] = []
  ) {
    self.init(
      StudyRecords(
        run: run, environment: environment, backends: backends, operations: operations, probes: [], latency: latency,
        losses: [], clauses: clauses, modelChecks: modelChecks),
      probes: probes, losses: losses)
  }
}
