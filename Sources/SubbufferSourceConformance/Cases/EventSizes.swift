/// The number of events of each size that fill a sub-buffer.
struct EventSizes {
  /// The bytes of a sub-buffer after its header.
  let capacity: Int
  private let sizeOf: (Int) -> Int

  /// The payload of an event that takes about half of a sub-buffer, or of the biggest that the writer can write: two fit,
  /// also with a time stamp in full length each.
  let half: Int
  /// The payload of the biggest event that fits.
  let largest: Int

  /// The greatest size of a full time stamp, in bytes.
  private static let longTimestamp = 16

  /// `nil` where no event fits, or the harness tells an impossible size.
  init?(_ shape: RingShape, _ harness: some ConformanceHarness) {
    let capacity = shape.subbufferSize - harness.headerSize
    let sizeOf = harness.eventSize
    guard harness.headerSize >= 0, sizeOf(0) > 0, let largest = Self.largest(upTo: capacity, sizeOf),
      let half = Self.largest(upTo: capacity / 2 - Self.longTimestamp, sizeOf)
    else { return nil }
    self.capacity = capacity
    self.sizeOf = sizeOf
    self.largest = largest
    self.half = max(0, min(half, harness.largestPayload))
  }

  /// The bytes that an event takes.
  func size(payload: Int) -> Int { max(1, sizeOf(payload)) }

  /// The number of events that fill a sub-buffer.
  func full(payload: Int) -> Int { max(1, capacity / size(payload: payload)) }

  /// The largest payload whose event takes no more than N bytes; `nil` if there is none.
  private static func largest(upTo limit: Int, _ sizeOf: (Int) -> Int) -> Int? {
    guard limit > 0, sizeOf(0) <= limit else { return nil }
    var fits = 0
    var tooBig = limit + 1
    while tooBig - fits > 1 {
      let middle = fits + (tooBig - fits) / 2
      if sizeOf(middle) <= limit { fits = middle } else { tooBig = middle }
    }
    return fits
  }
}
