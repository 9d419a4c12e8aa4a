import SubbufferSource

extension SubbufferDecoder {
  /// The sequence numbers of the workload's events in a sub-buffer, in order.
  /// - Throws: ``SourceError`` of kind `malformed`.
  func sequences(in subbuffer: borrowing Subbuffer) throws(SourceError) -> [UInt64] {
    var found: [UInt64] = []
    do {
      try forEachEvent(in: subbuffer) { event, bytes in
        if event.typeID == sequenceTypeID, let sequence = event.sequenceNumber(in: bytes) { found.append(sequence) }
      }
    } catch {
      throw SourceError(error)
    }
    return found
  }
}

extension [UInt64] {
  /// The numbers as `first … last (count)`, for an observation.
  var asRange: String {
    guard let first, let last else { return "none" }
    return count == 1 ? "\(first)" : "\(first) … \(last) (\(count))"
  }
}
