/// Reads the events out of the sub-buffers of one source.
public protocol SubbufferDecoder: Sendable {
  /// The ``Event/typeID`` of the workload's events, those that carry a sequence number.
  var sequenceTypeID: UInt32 { get }

  /// Calls `body` for each event that this hand-over delivers: those from ``Subbuffer/unreadOffset`` on.
  ///
  /// `body` gets the event and all bytes of the sub-buffer. Padding and time extensions are not events.
  /// - Throws: ``MalformedSubbuffer`` with the offset where decoding cannot go on; events before it were visited.
  func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer)

  /// The sequence number of one of the workload's events, those of ``sequenceTypeID``; `nil` where its payload has none.
  /// - Parameter bytes: those of the sub-buffer that the event lies in.
  func sequenceNumber(of event: Event, in bytes: RawSpan) -> UInt64?
}

extension SubbufferDecoder {
  /// The first eight bytes of the payload.
  @inlinable
  public func sequenceNumber(of event: Event, in bytes: RawSpan) -> UInt64? { event.sequenceNumber(in: bytes) }

  /// Calls `body` with the sequence number of each event of the workload that this hand-over delivers, in order.
  /// - Throws: ``MalformedSubbuffer`` as ``forEachEvent(in:_:)``; the numbers before it were visited.
  @inlinable
  @inline(__always)
  public func forEachSequenceNumber(
    in subbuffer: borrowing Subbuffer, _ body: (UInt64) -> Void
  ) throws(MalformedSubbuffer) {
    let type = sequenceTypeID
    try forEachEvent(in: subbuffer) { event, bytes in
      if event.typeID == type, let sequence = sequenceNumber(of: event, in: bytes) { body(sequence) }
    }
  }
}

/// One event of a sub-buffer.
public struct Event: Sendable, Equatable {
  /// Nanoseconds of the ring buffer's clock.
  public var timestamp: UInt64
  /// The type of the event: the kernel's `common_type`, LTTng's event id.
  public var typeID: UInt32
  /// The offset of the event's payload in the bytes of the sub-buffer: of the workload's own data, where ``typeID`` is
  /// ``SubbufferDecoder/sequenceTypeID``.
  public var payloadOffset: Int
  /// The number of bytes of the payload; the decoder has checked that they lie within the sub-buffer.
  public var payloadCount: Int

  /// Describes an event.
  @inlinable
  public init(timestamp: UInt64, typeID: UInt32, payloadOffset: Int, payloadCount: Int) {
    self.timestamp = timestamp
    self.typeID = typeID
    self.payloadOffset = payloadOffset
    self.payloadCount = payloadCount
  }

  /// The first eight bytes of the payload, little endian, where the workload's sequence number is in binary; `nil` where
  /// the payload is shorter.
  @inlinable
  public func sequenceNumber(in bytes: RawSpan) -> UInt64? {
    // One comparison, since a negative offset is a large number here.
    let ends = bytes.byteCount < 8 ? 0 : UInt(bitPattern: bytes.byteCount &- 7)
    guard payloadCount >= 8, UInt(bitPattern: payloadOffset) < ends else { return nil }
    return bytes.unsafeLoad64(at: payloadOffset)
  }
}

/// A sub-buffer that cannot be decoded further.
public struct MalformedSubbuffer: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of error.
  public enum Reason: Sendable, Equatable {
    /// There is no room for the header.
    case headerTruncated
    /// The length in the header reaches beyond the sub-buffer.
    case lengthBeyondSubbuffer(UInt64)
    /// An event that reaches beyond the end of the data, with its length.
    case eventBeyondData(UInt64)
    /// An event whose length makes no progress, or is smaller than its own header.
    case eventTooShort(UInt64)
    /// An event of a type that the format does not have.
    case unknownType(UInt32)
    /// A field that must have one value has another, with that value.
    case wrongField(StaticString, UInt64)

    /// Equality; the static names compare by their text.
    public static func == (left: Reason, right: Reason) -> Bool {
      "\(left)" == "\(right)"
    }
  }

  /// The offset in the sub-buffer, in bytes.
  public var offset: Int
  /// The error.
  public var reason: Reason

  /// Describes a malformed sub-buffer.
  public init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }

  /// The reason and the offset in one line.
  public var description: String {
    let what =
      switch reason {
      case .headerTruncated: "no room for the header"
      case .lengthBeyondSubbuffer(let length): "length \(length) beyond the sub-buffer"
      case .eventBeyondData(let length): "event of \(length) bytes beyond the data"
      case .eventTooShort(let length): "event of \(length) bytes is too short"
      case .unknownType(let type): "unknown event type \(type)"
      case .wrongField(let name, let value): "\(name) is 0x\(String(value, radix: 16))"
      }
    return "malformed sub-buffer at offset \(offset): \(what)"
  }
}

extension SourceError {
  /// A malformed sub-buffer as an error of the source that handed it out.
  public init(_ malformed: MalformedSubbuffer) {
    self.init(
      .malformed, call: "decode", detail: malformed.description,
      remedy: "keep the sub-buffer and report it: the decoder does not match the writer's format")
  }
}

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
