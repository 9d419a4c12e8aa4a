extension [UInt8] {
  /// Appends an integer, little endian.
  public mutating func append<Value: FixedWidthInteger>(little value: Value) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Overwrites the bytes at `offset` by an integer, little endian, as far as they reach.
  public mutating func put<Value: FixedWidthInteger>(little value: Value, at offset: Int) {
    Swift.withUnsafeBytes(of: value.littleEndian) { bytes in
      for (index, byte) in bytes.enumerated() where indices.contains(offset + index) { self[offset + index] = byte }
    }
  }
}
