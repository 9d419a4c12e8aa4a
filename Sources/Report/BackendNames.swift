import Results

extension StudyResults {
  /// The live back ends in the order of ``StudyResults/backends``, then the models, then any that only a record names.
  var backendNames: [String] {
    let recorded =
      self.operations.map(\.backend) + probes.map(\.backend) + self.latency.map(\.backend) + losses.map(\.backend)
      + self.deliveryLatency.map(\.backend) + self.writerOverhead.map(\.backend) + self.crossChecks.map(\.backend)
      + self.accessCounts.map(\.backend)
      + self.clauses.map(\.backend) + self.modelChecks.map(\.backend)
    let (live, models) = (self.backends.filter(\.isLive), self.backends.filter { !$0.isLive })
    return ((live + models).map(\.name) + recorded).uniqued()
  }

  /// The back ends that some records name, and the others.
  func backendNames(recordedIn records: [String]) -> (recorded: [String], others: [String]) {
    let recorded = Set(records)
    return (backendNames.filter(recorded.contains), backendNames.filter { !recorded.contains($0) })
  }

  /// The record of a back end; `nil` if only other records name it.
  func backend(_ name: String) -> BackendResult? { self.backends.first { $0.name == name } }

  /// `true` for a model; a name without a record is not called one.
  private func isModel(_ backend: String) -> Bool { self.backend(backend)?.isLive == false }

  /// A back end's name; a model is marked wherever a number or a verdict is its own. A name without a record in
  /// ``StudyResults/backends`` is not marked.
  func label(_ backend: String) -> Inline {
    isModel(backend) ? "\(code: backend) (model)" : .code(backend)
  }

  /// The same without markup, for drawings.
  func plainLabel(_ backend: String) -> String {
    isModel(backend) ? "\(backend) (model)" : backend
  }

  /// The same as the heading of a narrow column.
  func columnHeading(_ backend: String) -> Inline {
    isModel(backend) ? "\(code: backend)<br>model" : .code(backend)
  }

  /// The kind of a back end: `live`, or the ABI that it models.
  func kind(of backend: String) -> Inline {
    guard let result = self.backend(backend) else { return .absent }
    if result.isLive { return "live" }
    return result.modelOf.map { "model of \(code: $0)" } ?? "model"
  }

  /// A row of back ends, each with its label.
  func labels(_ backends: [String]) -> Inline { Inline(backends.map(label), separator: ", ") }
}

/// A measurement of one way to read a back end.
protocol ReaderMeasurement {
  var backend: String { get }
  /// ``LatencyResult/studiedReader``, or a baseline such as `read(2)`.
  var reader: String { get }
}

extension ReaderMeasurement {
  /// `true` if it is of the reader ABI, and not of a baseline.
  var isStudied: Bool { reader == LatencyResult.studiedReader }
}

extension LatencyResult: ReaderMeasurement {}
extension ThroughputResult: ReaderMeasurement {}

extension LatencyResult {
  /// The back end, and the reader if it is not the reader ABI: `tracefs by read(2)`.
  var plainName: String { name.plainName }
}

extension ResultsDiff.Cost.Name {
  /// The back end, and the reader if it is not the reader ABI: `tracefs by read(2)`.
  var plainName: String { reader == LatencyResult.studiedReader ? backend : "\(backend) by \(reader)" }
}

extension StudyResults {
  /// A back end, and the reader if it is not the reader ABI.
  func label(_ backend: String, reader: String) -> Inline {
    reader == LatencyResult.studiedReader ? label(backend) : "\(label(backend)) by \(code: reader)"
  }
}
