import SubbufferSource

extension ConsumerStream {
  /// The checked offset of the held sub-buffer in the mapping, in bytes: a whole sub-buffer lies within the
  /// mapping from there on.
  /// - Throws: ``SourceError`` of kind `malformed` where it does not.
  package func unsafeHeldOffset(mappedLength: Int, subbufferSize: Int) throws(SourceError) -> Int {
    var offset: UInt = 0
    let result = unsafeGetMmapReadOffsetResult(&offset)
    return try Self.heldOffset(result, offset, mappedLength: mappedLength, subbufferSize: subbufferSize)
  }

  /// The same, by what `lttng_ust_ctl_get_mmap_read_offset` returned and the offset that it gave.
  @inline(__always)
  static func heldOffset(
    _ result: Int32, _ offset: UInt, mappedLength: Int, subbufferSize: Int
  ) throws(SourceError) -> Int {
    try checked(result, "lttng_ust_ctl_get_mmap_read_offset")
    guard let distance = Int(exactly: offset), distance <= mappedLength - subbufferSize else {
      throw SourceError(
        .malformed, call: "lttng_ust_ctl_get_mmap_read_offset", detail: "\(offset) of \(mappedLength) bytes",
        remedy: "open the session again")
    }
    return distance
  }

  /// The number of bytes of the stream mapped.
  /// - Throws: ``SourceError`` where the library refuses, and of kind `malformed` where the number is no length.
  package func checkedMmapLength() throws(SourceError) -> Int {
    let length = try getMmapLength()
    guard let mappedLength = Int(exactly: length) else {
      throw SourceError(
        .malformed, call: "lttng_ust_ctl_get_mmap_len", detail: "\(length) bytes", remedy: "open the session again")
    }
    return mappedLength
  }
}
