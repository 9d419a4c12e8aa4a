import CTFPackets
import CapturedSubbuffers
import Glibc
import SubbufferSource
import SystemPackage
import TracefsABI

/// Counts the sequence numbers in a file of sub-buffers: what whole programs of others are timed against.
@main
enum CountEvents {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    do throws(SourceError) {
      switch (arguments.first, arguments.dropFirst().first) {
      case ("pages", let path?) where arguments.count == 2: print(try pages(path))
      case ("packets", let path?) where arguments.count == 2: print(try packets(path, eventID: 0))
      default:
        throw SourceError(
          .usage, call: "count-events", remedy: "count-events pages FILE, or count-events packets FILE")
      }
    } catch {
      _ = try? FileDescriptor.standardError.writeAll("count-events: \(error)\n".utf8)
      exit(1)
    }
  }

  /// Pages of the running kernel, of the machine's page size.
  private static func pages(_ path: String) throws(SourceError) -> UInt64 {
    let decoder = try FtracePageDecoder(try Tracefs.mountedOrMounting())
    let bytes = try MappedFile.map(path)
    let pages = try Recorded.pages(in: bytes, size: Int(sysconf(Int32(_SC_PAGESIZE))), format: decoder.page)
    return try count(pages, decoder)
  }

  /// A stream file of a CTF 1.8 recording with compact event headers.
  private static func packets(_ path: String, eventID: UInt32) throws(SourceError) -> UInt64 {
    let decoder = PacketDecoder<SequencePayload>(eventHeader: .compact, sequenceEventID: eventID)
    return try count(try Recorded.packets(in: try MappedFile.map(path)), decoder)
  }

  private static func count(
    _ subbuffers: [UnsafeRawBufferPointer], _ decoder: some SubbufferDecoder
  ) throws(SourceError) -> UInt64 {
    let list = UnsafeMutableBufferPointer<UnsafeRawBufferPointer>.allocate(capacity: subbuffers.count)
    _ = list.initialize(from: subbuffers)
    var source = CapturedSubbuffers(UnsafeBufferPointer(list), decoder: decoder)
    return try source.countSequences().events
  }
}
