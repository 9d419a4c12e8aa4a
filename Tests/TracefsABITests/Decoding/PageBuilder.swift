import BytesSource
import TracefsABI

/// Builds a sub-buffer of the kernel's ring buffer.
struct PageBuilder {
  static let rawDataID: UInt16 = 19

  var bytes: [UInt8] = []
  let format: PageFormat

  init(_ format: PageFormat, timestamp: UInt64 = 1_000) {
    self.format = format
    bytes.append(little: timestamp)
    bytes += [UInt8](repeating: 0, count: format.dataOffset - 8)
  }

  var dataLength: Int { bytes.count - format.dataOffset }

  /// Appends a header word.
  mutating func header(_ typeLen: UInt32, delta: UInt64) {
    bytes.append(little: UInt32(truncatingIfNeeded: delta) << 5 | typeLen)
  }

  /// Appends an event whose data are `data`, rounded up to words, with the length where the kernel stores it.
  mutating func event(_ data: [UInt8], delta: UInt64, lengthWord: Bool = false) {
    let words = (data.count + 3) / 4
    if lengthWord || words > 28 {
      header(0, delta: delta)
      bytes.append(little: UInt32(4 + words * 4))
    } else {
      header(UInt32(words), delta: delta)
    }
    bytes += data + [UInt8](repeating: 0, count: words * 4 - data.count)
  }

  /// Appends a raw_data event with a sequence number.
  mutating func raw(_ sequence: UInt64, delta: UInt64 = 1, payload: Int = 0, lengthWord: Bool = false) {
    event(Self.rawData(sequence, payload: payload), delta: delta, lengthWord: lengthWord)
  }

  static func rawData(_ sequence: UInt64, payload: Int = 0) -> [UInt8] {
    var data: [UInt8] = []
    data.append(little: rawDataID)
    data += [0, 0]
    data.append(little: UInt32(4711))
    data.append(little: UInt32(7))
    data.append(little: sequence)
    return data + [UInt8](repeating: 0xAB, count: payload)
  }

  /// Appends padding of `count` bytes, including header and length word.
  mutating func padding(_ count: Int, delta: UInt64 = 1) {
    header(EventType.padding, delta: delta)
    bytes.append(little: UInt32(count - 4))
    bytes += [UInt8](repeating: 0, count: count - 8)
  }

  mutating func timeExtend(_ value: UInt64) {
    header(EventType.timeExtend, delta: value)
    bytes.append(little: UInt32(truncatingIfNeeded: value >> 27))
  }

  mutating func timeStamp(_ value: UInt64) {
    header(EventType.timeStamp, delta: value)
    bytes.append(little: UInt32(truncatingIfNeeded: value >> 27))
  }

  /// Returns the sub-buffer up to its last event, as a source hands it over.
  func committed(flags: UInt32 = 0) -> [UInt8] {
    var page = bytes
    // The kernel adds a negative int to a long.
    let commit = Int64(dataLength) &+ Int64(Int32(bitPattern: flags & 1 << 31)) &+ Int64(flags & 1 << 30)
    if format.commitSize == 8 {
      page.put(little: commit, at: 8)
    } else {
      page.put(little: UInt32(truncatingIfNeeded: commit), at: 8)
    }
    return page
  }
}
