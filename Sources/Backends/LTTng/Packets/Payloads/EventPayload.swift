import SubbufferSource

/// The payload after the header of one of the workload's events: some bytes that contain its own length, and as many
/// more.
///
/// A CTF event does not carry its length, so who reads packets has to know it of each class of events. A type and not a
/// value, so that the loop over a packet's events is compiled for the one that the channel has.
public protocol EventPayload: Sendable {
  /// The number of bytes before the variable part.
  static var headerByteCount: Int { get }

  /// The length of the variable part in bytes.
  /// - Parameter offset: where the payload begins; ``headerByteCount`` bytes from there on lie within `bytes`.
  static func unsafeLength(in bytes: RawSpan, at offset: Int) -> UInt64

  /// The event's sequence number; `nil` where the payload has none.
  /// - Parameters:
  ///   - event: an event of the workload's class.
  ///   - bytes: those of the packet.
  static func sequenceNumber(of event: Event, in bytes: RawSpan) -> UInt64?
}
