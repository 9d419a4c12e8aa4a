import BytesSource
import CTFPackets
import FuzzInput
import SubbufferSource

/// What libFuzzer calls first.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?) -> CInt {
  writeSeedsIfAsked(
    EventHeader.allCases.enumerated().flatMap { form, header in
      PacketBuilder.good(header).map { FuzzInput.seed([UInt16(form), 0, 84, UInt16($0.count), 1_000], $0) }
    })
  return 0
}

/// One input: the form of the event headers, `unreadOffset`, where an event header is read and after which time, and the
/// packet.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let form = input.number()
  let unreadOffset = input.number()
  // The numbers from 0x8000 on stand for negative ones.
  let place = EventHeaderPlace(
    offset: Int(Int16(truncatingIfNeeded: input.number())), end: Int(Int16(truncatingIfNeeded: input.number())),
    last: UInt64(input.number()) << 20)
  PacketFuzzing.forms[form % EventHeader.allCases.count].decode(input.bytes, unreadOffset, place)
  return 0
}

/// The trial of one form of the event headers; libFuzzer has one thread.
private final class PacketFuzzing {
  nonisolated(unsafe) static let forms = EventHeader.allCases.map { PacketFuzzing($0) }

  private var trial: DecodingTrial<PacketDecoder>

  private init(_ header: EventHeader) {
    do throws(SourceError) {
      trial = try DecodingTrial(decoder: header.decoder)
    } catch {
      stop("\(error)")
    }
  }

  func decode(_ bytes: [UInt8], _ unreadOffset: Int, _ place: EventHeaderPlace) {
    do throws(SourceError) {
      if let wrong = try trial.firstBrokenRule(bytes, unreadOffset: unreadOffset) { fatalError(wrong) }
      if let wrong = try trial.firstBrokenPacketRule(bytes, place) { fatalError(wrong) }
    } catch {
      fatalError("\(error)")
    }
  }
}
