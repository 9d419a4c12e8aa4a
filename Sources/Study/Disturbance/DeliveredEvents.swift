import SubbufferSource

/// The events of a load that a reader was handed out.
struct DeliveredEvents {
  private let first: UInt64
  private var isDelivered: [Bool]
  /// The first that came a second time.
  private(set) var repeated: UInt64?

  /// None yet, of N events.
  init(first: UInt64, count: Int) {
    self.first = first
    isDelivered = [Bool](repeating: false, count: count)
  }

  /// The number of events handed out.
  var count: Int { isDelivered.count(where: \.self) }

  /// `true` if the event at a place in the load was handed out.
  subscript(index: Int) -> Bool { isDelivered[index] }

  /// Notes one; events of other loads are passed over.
  mutating func add(_ sequence: UInt64) {
    guard sequence >= first, sequence - first < UInt64(isDelivered.count) else { return }
    let index = Int(sequence - first)
    if isDelivered[index], repeated == nil { repeated = sequence }
    isDelivered[index] = true
  }

  /// Refuses what came twice: a distribution over it would be of nothing.
  /// - Throws: ``SourceError`` of kind `malformed`.
  func check() throws(SourceError) {
    if let repeated {
      throw SourceError(.malformed, call: "drain", detail: "event \(repeated) was handed out twice")
    }
  }
}
