import SubbufferSource

/// The range between the positions of a snapshot.
///
/// Positions count modulo the word size. A range that wraps would take 2^64 bytes to come about.
/// - Parameters:
///   - call: the call that made the snapshot.
///   - remedy: the remedy if the positions contradict each other.
/// - Throws: ``SubbufferSource/SourceError`` of kind `malformed` if the consumed position is beyond the produced one.
package func snapshotRange(
  consumed: UInt, produced: UInt, call: String, remedy: String
) throws(SourceError) -> Range<UInt> {
  guard consumed <= produced else {
    throw SourceError(
      .malformed, call: call, detail: "consumed \(consumed) is beyond produced \(produced)", remedy: remedy)
  }
  return consumed..<produced
}
