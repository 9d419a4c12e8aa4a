import CTFPackets
import SubbufferSource
import TracefsABI

/// Where the sub-buffers lie in a file or in memory that has one behind the other.
public enum Recorded {
  /// The kernel's, of one size: each from its header to the end of its last event.
  /// - Throws: ``SourceError`` of kind `malformed` where one says that it has more than that.
  public static func pages(
    in bytes: UnsafeRawBufferPointer, size: Int, format: PageFormat
  ) throws(SourceError) -> [UnsafeRawBufferPointer] {
    var pages: [UnsafeRawBufferPointer] = []
    for start in stride(from: 0, through: bytes.count - size, by: size) {
      let page = UnsafeRawBufferPointer(rebasing: bytes[start..<start + size])
      let end = try header(of: page, format).endOfData
      guard end <= size else {
        throw SourceError(MalformedSubbuffer(offset: start, reason: .lengthBeyondSubbuffer(UInt64(end))))
      }
      pages.append(UnsafeRawBufferPointer(rebasing: page[..<end]))
    }
    return pages
  }

  /// LTTng's, each padded to its `packet_size`.
  /// - Throws: ``SourceError`` of kind `malformed` where one is no closed packet.
  public static func packets(in bytes: UnsafeRawBufferPointer) throws(SourceError) -> [UnsafeRawBufferPointer] {
    var packets: [UnsafeRawBufferPointer] = []
    var start = 0
    while start < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
      let header = try header(of: rest)
      packets.append(UnsafeRawBufferPointer(rebasing: rest[..<header.contentByteCount]))
      guard header.packetSize / 8 <= UInt64(rest.count) else { break }
      start += Int(header.packetSize / 8)
    }
    return packets
  }

  private static func header(of page: UnsafeRawBufferPointer, _ format: PageFormat) throws(SourceError) -> PageHeader {
    do throws(MalformedSubbuffer) {
      return try PageHeader(in: page.bytes, format: format)
    } catch {
      throw SourceError(error)
    }
  }

  private static func header(of packet: UnsafeRawBufferPointer) throws(SourceError) -> PacketHeader {
    do throws(MalformedSubbuffer) {
      return try PacketHeader(in: packet.bytes)
    } catch {
      throw SourceError(error)
    }
  }
}
