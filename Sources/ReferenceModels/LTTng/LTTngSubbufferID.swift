/// The sub-buffer in a place, and its lap; `subbuffer_id` in `backend_internal.h`.
///
/// In overwrite mode one word carries the number of the sub-buffer (bits 0 to 31), whether no writer refers to it
/// (bit 32), and the lap in which it was delivered (bits 33 to 63); so the reader exchanges all three at once. In
/// discard mode the word is the number alone.
struct LTTngSubbufferID: Sendable, Hashable {
  var rawValue: UInt64

  private static let lapShift: UInt64 = 33
  private static let lapMask: UInt64 = ~0 << lapShift
  private static let noReference: UInt64 = 1 << 32

  init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// A sub-buffer that nobody has written to.
  init(subbuffer: Int, in mode: LTTngModelAttributes.Mode) {
    rawValue = UInt64(subbuffer) | (mode == .overwrite ? Self.noReference : 0)
  }

  /// The number of the sub-buffer; `subbuffer_id_get_index`.
  var subbuffer: Int { Int(rawValue & (Self.noReference - 1)) }

  /// `true` if no writer refers to it; `subbuffer_id_is_noref`. Only overwrite mode asks.
  var isNotReferenced: Bool { rawValue & Self.noReference != 0 }

  /// `true` if it was delivered in a lap; `subbuffer_id_compare_offset`.
  func isOfLap(_ lap: UInt64) -> Bool { rawValue & Self.lapMask == lap << Self.lapShift }

  /// The same sub-buffer, referred to by a writer; `subbuffer_id_clear_noref`.
  var referenced: LTTngSubbufferID { LTTngSubbufferID(rawValue: rawValue & ~Self.noReference) }

  /// The same sub-buffer, not referred to; `subbuffer_id_set_noref`.
  var notReferenced: LTTngSubbufferID { LTTngSubbufferID(rawValue: rawValue | Self.noReference) }

  /// The same sub-buffer, delivered in a lap and not referred to; `subbuffer_id_set_noref_offset`.
  func delivered(inLap lap: UInt64) -> LTTngSubbufferID {
    LTTngSubbufferID(rawValue: rawValue & ~Self.lapMask | lap << Self.lapShift | Self.noReference)
  }
}
