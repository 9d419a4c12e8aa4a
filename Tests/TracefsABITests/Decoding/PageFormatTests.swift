import SubbufferSource
import Testing
import TracefsABI

@Suite struct PageFormatTests {
  private func refusal(page: String = FormatTexts.headerPage, event: String = FormatTexts.headerEvent) -> String? {
    do throws(SourceError) {
      _ = try PageFormat(headerPage: page, headerEvent: event)
      return nil
    } catch {
      #expect(error.kind == .unknownFormat)
      return error.detail
    }
  }

  @Test func readsA64BitKernel() throws {
    let format = try FormatTexts.page()
    #expect(format.timestampOffset == 0)
    #expect(format.commitOffset == 8)
    #expect(format.commitSize == 8)
    #expect(format.dataOffset == 16)
    #expect(format.topLevelDataSize == 4080)
  }

  @Test(arguments: [12, 16]) func readsA32BitKernel(dataOffset: Int) throws {
    let text = FormatTexts.headerPage32(dataOffset: dataOffset)
    let format = try PageFormat(headerPage: text, headerEvent: FormatTexts.headerEvent)
    #expect(format.commitSize == 4)
    #expect(format.dataOffset == dataOffset)
  }

  @Test func acceptsOtherSubbufferSizes() throws {
    let text = FormatTexts.headerPage.replacing("size:4080", with: "size:65520")
    #expect(try PageFormat(headerPage: text, headerEvent: FormatTexts.headerEvent).topLevelDataSize == 65520)
  }

  @Test(arguments: [
    ("timestamp;\toffset:0", "timestamp;\toffset:8", "timestamp's offset is 8, not 0"),
    ("offset:0;\tsize:8", "offset:0;\tsize:4", "timestamp's size is 4, not 8"),
    ("commit;\toffset:8", "commit;\toffset:12", "commit's offset is 12, not 8"),
    ("offset:8;\tsize:8", "offset:8;\tsize:2", "commit's size is 2, not 4 or 8"),
    ("overwrite;\toffset:8", "overwrite;\toffset:9", "overwrite's offset is 9, not 8"),
    ("data;\toffset:16", "data;\toffset:24", "data's offset is 24, not 16"),
    ("size:4080", "size:0", "data's size is 0"),
    ("size:4080", "size:-1", "unknown line"),
    ("size:4080", "size:99999999999999999999", "unknown line"),
    ("char data", "char extra", "unknown field 'extra'"),
    ("int overwrite", "int commit", "field 'commit' twice"),
    ("\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;", "", "no field 'data'"),
    ("signed:0;", "", "unknown line"),
  ])
  func refusesOtherPages(old: String, new: String, detail: String) {
    let text = FormatTexts.headerPage.replacing(old, with: new)
    #expect(text != FormatTexts.headerPage)
    #expect(refusal(page: text)?.contains(detail) == true)
  }

  @Test(arguments: [
    ("5 bits", "4 bits", "type_len is '4 bits', not '5 bits'"),
    ("27 bits", "28 bits", "time_delta is '28 bits', not '27 bits'"),
    ("32 bits", "64 bits", "array is '64 bits', not '32 bits'"),
    ("== 29", "== 30", "padding is 'type == 30', not 'type == 29'"),
    ("time_stamp :", "time_stomp :", "unknown line"),
    ("== 28", "== 27", "data max type_len is '== 27', not '== 28'"),
    ("\ttime_extend : type == 30\n", "", "no time_extend"),
    ("\ttime_extend : type == 30\n", "\tpadding : type == 29\n", "padding twice"),
    ("\tpadding", "\tsomething\n\tpadding", "unknown line 'something'"),
  ])
  func refusesOtherEvents(old: String, new: String, detail: String) {
    let text = FormatTexts.headerEvent.replacing(old, with: new)
    #expect(text != FormatTexts.headerEvent)
    #expect(refusal(event: text)?.contains(detail) == true)
  }

  @Test func refusesEmptyTexts() {
    #expect(refusal(page: "")?.contains("no field") == true)
    #expect(refusal(event: "")?.contains("no type_len") == true)
  }
}
