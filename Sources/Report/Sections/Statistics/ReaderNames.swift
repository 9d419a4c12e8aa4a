import Study

extension LatencyResult {
  /// `true` if it is of the reader ABI, and not of a baseline.
  var isStudied: Bool { reader == LatencyResult.studiedReader }

  /// The back end, and the way of reading where that is not the reader ABI: `tracefs by read(2)`.
  var plainName: String { name.plainName }
}

extension ResultsDiff.Cost.Name {
  /// The back end, and the way of reading where that is not the reader ABI: `tracefs by read(2)`.
  var plainName: String { reader == LatencyResult.studiedReader ? backend : "\(backend) by \(reader)" }
}

extension Results {
  /// A back end, and the way of reading where that is not the reader ABI.
  func label(_ backend: String, reader: String) -> Inline {
    reader == LatencyResult.studiedReader ? label(backend) : "\(label(backend)) by \(code: reader)"
  }
}
