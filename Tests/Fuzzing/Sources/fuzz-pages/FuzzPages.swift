import BytesSource
import FuzzInput
import SubbufferSource
import TracefsBackend

/// What libFuzzer calls first.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?) -> CInt {
  let built = PageFuzzing.formats.enumerated().flatMap { number, format in
    PageBuilder.good(format.page).map { FuzzInput.seed([UInt16(number), 0], $0) }
  }
  writeSeedsIfAsked(built + [FuzzInput.seed([0, 0], PackageResources.linux_6_18_missed_stored_bin)])
  return 0
}

/// One input: the layout of the sub-buffer, `unreadOffset`, and the sub-buffer.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let format = input.number()
  let unreadOffset = input.number()
  PageFuzzing.formats[format % PageFuzzing.formats.count].decode(input.bytes, unreadOffset)
  return 0
}

/// The trial of one layout of a sub-buffer; libFuzzer has one thread.
private final class PageFuzzing {
  /// That of a kernel of 64 bits, and both of one of 32 bits.
  nonisolated(unsafe) static let formats = [
    FormatTexts.headerPage, FormatTexts.headerPage32(dataOffset: 12), FormatTexts.headerPage32(dataOffset: 16),
  ].map { PageFuzzing(headerPage: $0) }

  let page: PageFormat
  private var trial: DecodingTrial<FtracePageDecoder>

  private init(headerPage: String) {
    do {
      page = try PageFormat(headerPage: headerPage, headerEvent: FormatTexts.headerEvent)
      trial = try DecodingTrial(decoder: FormatTexts.decoder(page))
    } catch {
      stop("\(error)")
    }
  }

  func decode(_ bytes: [UInt8], _ unreadOffset: Int) {
    do throws(SourceError) {
      if let wrong = try trial.firstBrokenRule(bytes, unreadOffset: unreadOffset) { fatalError(wrong) }
      if let wrong = try trial.firstBrokenPageRule(bytes) { fatalError(wrong) }
    } catch {
      fatalError("\(error)")
    }
  }
}
