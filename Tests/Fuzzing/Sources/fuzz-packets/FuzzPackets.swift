import BytesSource
import CTFPackets
import FuzzInput
import SubbufferSource

/// Writes the seeds if requested; libFuzzer calls this first.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?) -> CInt {
  writeSeedsIfAsked(
    PacketForm.all.enumerated().flatMap { number, form in
      PacketBuilder.good(form.header, isText: form.isText).map {
        FuzzInput.seed([UInt16(number), 0, 84, UInt16($0.count), 1_000], $0)
      }
    })
  return 0
}

/// Decodes one input: the form of the events, `unreadOffset`, the place and the preceding time of an event header, and
/// the packet.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let form = input.number()
  let unreadOffset = input.number()
  // Numbers from 0x8000 on represent negative ones.
  let place = EventHeaderPlace(
    offset: Int(Int16(truncatingIfNeeded: input.number())), end: Int(Int16(truncatingIfNeeded: input.number())),
    last: UInt64(input.number()) << 20)
  PacketForm.all[form % PacketForm.all.count].fuzzing.decode(input.bytes, unreadOffset, place)
  return 0
}

/// A form of event header and payload with its trial; `all` is safe, because libFuzzer has one thread.
private struct PacketForm {
  nonisolated(unsafe) static let all = EventHeader.allCases.flatMap {
    [
      PacketForm(header: $0, isText: false, fuzzing: PacketFuzzing($0.decoder)),
      PacketForm(header: $0, isText: true, fuzzing: PacketFuzzing($0.textDecoder)),
    ]
  }

  let header: EventHeader
  let isText: Bool
  let fuzzing: any Fuzzing
}

private protocol Fuzzing: AnyObject {
  func decode(_ bytes: [UInt8], _ unreadOffset: Int, _ place: EventHeaderPlace)
}

private final class PacketFuzzing<Payload: EventPayload>: Fuzzing {
  private var trial: DecodingTrial<PacketDecoder<Payload>>

  init(_ decoder: PacketDecoder<Payload>) {
    do throws(SourceError) {
      trial = try DecodingTrial(decoder: decoder)
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
