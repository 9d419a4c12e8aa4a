import BytesSource
import FuzzInput
import SubbufferSource
import TracefsABI

/// Writes the seeds if requested; libFuzzer calls this first.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?) -> CInt {
  let built = PageFuzzing.formats.enumerated().flatMap { number, format in
    PageBuilder.good(format.page).map { FuzzInput.seed([UInt16(number), 0], $0) }
  }
  writeSeedsIfAsked(built + [FuzzInput.seed([0, 0], PackageResources.linux_6_18_missed_stored_bin)])
  return 0
}

/// Decodes one input: the layout of the sub-buffer, `unreadOffset`, and the sub-buffer.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let format = input.number()
  let unreadOffset = input.number()
  PageFuzzing.formats[format % PageFuzzing.formats.count].decode(input.bytes, unreadOffset)
  return 0
}

/// The trial of one sub-buffer layout; `formats` is safe, because libFuzzer has one thread.
private final class PageFuzzing {
  /// The layout of a 64-bit kernel and the two layouts of a 32-bit kernel.
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
