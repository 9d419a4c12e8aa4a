import Study

extension LatencyResult {
  /// Whether it is of the reader ABI, and not of a baseline.
  var isStudied: Bool { reader == LatencyResult.studiedReader }

  /// The back end, and the way of reading where that is not the reader ABI: `tracefs by read(2)`.
  var plainName: String { isStudied ? backend : "\(backend) by \(reader)" }
}

extension Results {
  /// The same with markup.
  func label(_ row: LatencyResult) -> Inline {
    row.isStudied ? label(row.backend) : "\(label(row.backend)) by \(code: row.reader)"
  }
}
