/// Where the memory is that the source reads, for who finds out how it is read.
extension TracefsSource {
  /// The meta page.
  public var unsafeMetaPage: UnsafeRawPointer { ring.unsafeMetaPage }

  /// The first byte of a sub-buffer by its id; `nil` where there is none.
  public func unsafeSubbuffer(_ id: UInt32) -> UnsafeRawPointer? { ring.unsafeSubbuffer(id) }
}
