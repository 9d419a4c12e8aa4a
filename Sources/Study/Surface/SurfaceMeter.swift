import SubbufferSource

/// Something that counts what goes on between two moments.
protocol SurfaceMeter: ~Copyable {
  /// An operation begins.
  /// - Throws: ``SourceError`` where counting fails.
  mutating func begin() throws(SourceError)

  /// It has ended, and was this one: what an acquire is, is known when it returns.
  /// - Throws: ``SourceError`` where counting fails.
  mutating func end(_ operation: SurfaceOperation) throws(SourceError)
}

/// Counts nothing, for a load that brings the ring buffer to where every other begins.
struct NoMeter: SurfaceMeter {
  func begin() {}
  func end(_ operation: SurfaceOperation) {}
}
