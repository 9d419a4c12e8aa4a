import CTFPackets
import SubbufferSource

/// The header of a packet: the fields of `struct packet_header` (`ringbuffer-clients/template.h`) in eight words of 64
/// bits each, little endian. LTTng's own has 84 bytes and a uuid; the model's memory consists of whole words.
package struct LTTngPacketHeader: PacketHeading, Sendable, Hashable {
  /// The size of the header in bytes.
  package static let byteCount = 64
  /// `CTF_MAGIC_NUMBER`.
  static let magic: UInt64 = 0xC1FC_1FC1

  /// The fields in their order, one word each.
  enum Field: Int, CaseIterable {
    case magic, timestampBegin, timestampEnd, contentSize, packetSize, packetSequenceNumber, eventsDiscarded, cpu

    /// The offset in the packet, in bytes.
    var offset: Int { rawValue * 8 }
  }

  /// When the packet was begun, in readings of the model's clock.
  package let timestampBegin: UInt64
  /// When the last event of the packet was reserved, in readings of the model's clock.
  package let timestampEnd: UInt64
  /// The content size of the packet in bits, header included.
  package let contentSize: UInt64
  /// The size of the packet in bits, padded to whole pages.
  package let packetSize: UInt64
  /// The packet's number, counted from 0.
  package let packetSequenceNumber: UInt64
  /// The number of events that had been discarded when the packet was ended, since the ring buffer was made.
  package let eventsDiscarded: UInt64
  /// The CPU of the ring buffer.
  package let cpu: UInt64

  /// Reads the header of a packet, and checks that it was delivered: a header and its content lie within `bytes`.
  /// - Throws: ``MalformedSubbuffer``.
  package init(in bytes: RawSpan) throws(MalformedSubbuffer) {
    guard bytes.byteCount >= Self.byteCount else {
      throw MalformedSubbuffer(offset: bytes.byteCount, reason: .headerTruncated)
    }
    func field(_ field: Field) -> UInt64 { bytes.unsafeLoad64(at: field.offset) }
    let magic = field(.magic)
    guard magic == Self.magic else {
      throw MalformedSubbuffer(offset: Field.magic.offset, reason: .wrongField("magic", magic))
    }
    let contentSize = field(.contentSize)
    guard contentSize % 64 == 0, contentSize >= UInt64(Self.byteCount) * 8 else {
      throw MalformedSubbuffer(offset: Field.contentSize.offset, reason: .wrongField("content_size", contentSize))
    }
    guard contentSize / 8 <= UInt64(bytes.byteCount) else {
      throw MalformedSubbuffer(offset: Field.contentSize.offset, reason: .lengthBeyondSubbuffer(contentSize / 8))
    }
    self.contentSize = contentSize
    timestampBegin = field(.timestampBegin)
    timestampEnd = field(.timestampEnd)
    packetSize = field(.packetSize)
    packetSequenceNumber = field(.packetSequenceNumber)
    eventsDiscarded = field(.eventsDiscarded)
    cpu = field(.cpu)
  }

  /// The content size of the packet in bytes, header included.
  package var contentByteCount: Int { Int(truncatingIfNeeded: contentSize / 8) }
}

/// An event of the model: a header word, the sequence number, and a payload that follows from the sequence number.
///
/// The header word has the number of bytes after it in its low half (those of the sequence number and the payload, not
/// those that fill the last word), and the low half of the time of the reservation in its high half.
struct LTTngEvent: Sendable, Hashable {
  /// The sequence number.
  let sequence: UInt64
  /// The size of the payload after the sequence number, in bytes.
  let payloadByteCount: Int

  /// The size of the header word in bytes.
  static let headerByteCount = 8
  /// The number of words of the event.
  var wordCount: Int { 2 + (payloadByteCount + 7) / 8 }
  /// The size of the event in bytes; `slot_size`.
  var slotSize: UInt64 { UInt64(wordCount) * 8 }

  /// A word of the event.
  func word(_ index: Int, timestamp: UInt64) -> UInt64 {
    switch index {
    case 0: UInt64(8 + payloadByteCount) | timestamp << 32
    case 1: sequence
    default: Self.payloadWord(index - 2, of: sequence)
    }
  }

  /// A word of the payload of the event with a sequence number.
  static func payloadWord(_ index: Int, of sequence: UInt64) -> UInt64 {
    sequence &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index)
  }
}
