/// Little-endian loads for decoders that check the bounds of an event once, and not of each field.
extension RawSpan {
  /// The byte at an offset that the caller has checked.
  @inlinable
  @inline(__always)
  package func unsafeLoad8(at offset: Int) -> UInt8 {
    unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt8.self)
  }

  /// The two bytes at an offset that the caller has checked.
  @inlinable
  @inline(__always)
  package func unsafeLoad16(at offset: Int) -> UInt16 {
    UInt16(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
  }

  /// The four bytes at an offset that the caller has checked.
  @inlinable
  @inline(__always)
  package func unsafeLoad32(at offset: Int) -> UInt32 {
    UInt32(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }

  /// The eight bytes at an offset that the caller has checked.
  @inlinable
  @inline(__always)
  package func unsafeLoad64(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }
}
