import CTFPackets
import LTTngUSTBackend
import Study
import SubbufferSource

/// What a reader of the one-to-one layer sees of the packet that it holds.
struct LTTngUSTLook {
  /// The packet's header.
  var header: PacketHeader
  /// Sequence numbers of all events in it.
  var sequences: [UInt64]
  /// All bytes of the sub-buffer.
  var bytes: [UInt8]

  /// Looks at the sub-buffer that is held on a stream.
  init(_ stream: borrowing ConsumerStream, _ session: USTSession) throws(SourceError) {
    let size = session.channel.attributes.subbufferSize
    let offset = try stream.unsafeHeldOffset(mappedLength: stream.checkedMmapLength(), subbufferSize: size)
    let start = UnsafeRawPointer(try stream.getMmapBase()) + offset
    let packet = UnsafeRawBufferPointer(start: start, count: size)
    bytes = Array(packet)
    do {
      header = try PacketHeader(in: packet.bytes)
    } catch {
      throw SourceError(error)
    }
    let decoder = PacketDecoder(eventHeader: session.eventHeader, sequenceEventID: session.eventID)
    sequences = try decoder.sequences(
      in: start, count: header.contentByteCount, unreadOffset: PacketHeader.byteCount)
  }

  /// The events of the sub-buffer that is held, or why it cannot be read, for an observation.
  static func text(_ stream: borrowing ConsumerStream, _ session: USTSession) -> String {
    do {
      let offset = try stream.unsafeGetMmapReadOffset()
      do throws(SourceError) {
        return "offset \(offset), events \(try LTTngUSTLook(stream, session).sequences.asRange)"
      } catch {
        return "offset \(offset), \(error.detail)"
      }
    } catch {
      return error.description
    }
  }
}
