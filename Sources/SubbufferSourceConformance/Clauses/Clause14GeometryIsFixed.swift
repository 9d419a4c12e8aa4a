import SubbufferSource

/// Clause 14: whatever was written and read, the geometry is that of the beginning.
enum Clause14GeometryIsFixed {
  static func judge(_ history: History) throws(CaseEnd) {
    guard let first = history.geometries.first else { throw .inconclusive("the source reported no geometry") }
    if history.geometries.count > 1 {
      throw .broken(
        expected: "the geometry of the beginning, \(first.text)",
        seen: "then \(history.geometries[1].text)")
    }
    guard first.subbufferSize == history.shape.subbufferSize else {
      throw .inconclusive("the ring buffer does not have the requested shape: \(first.text)")
    }
    try history.keptOrInconclusive()
  }
}

extension Geometry {
  fileprivate var text: String {
    "\(subbufferCount) sub-buffers of \(subbufferSize) bytes, \(readerSubbuffers) of them the reader's"
  }
}
