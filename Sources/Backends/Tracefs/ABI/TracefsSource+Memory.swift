/// The memory that the source reads, for access counts.
extension TracefsSource {
  /// The meta page.
  public var unsafeMetaPage: UnsafeRawPointer { ring.unsafeMetaPage }

  /// The first byte of a sub-buffer by its id; `nil` if there is none.
  public func unsafeSubbuffer(_ id: UInt32) -> UnsafeRawPointer? { ring.unsafeSubbuffer(id) }
}
