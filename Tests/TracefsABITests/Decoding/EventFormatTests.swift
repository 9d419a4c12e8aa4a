import SubbufferSource
import Testing
import TracefsABI

@Suite struct EventFormatTests {
  @Test func readsRawData() throws {
    let format = try EventFormat(FormatTexts.rawData)
    #expect(format.name == "raw_data")
    #expect(format.id == 19)
    #expect(
      format.fields.map(\.name) == [
        "common_type", "common_flags", "common_preempt_count", "common_pid", "id", "buf",
      ])
    let buf = try format.field("buf")
    #expect(buf.offset == 12)
    #expect(buf.size == 0)
    #expect(throws: SourceError.self) { try format.field("print") }
  }

  @Test(arguments: [
    ("name: raw_data", "", "no name"),
    ("ID: 19", "", "no ID"),
    ("ID: 19", "ID: x", "no ID"),
    ("ID: 19", "ID: 65536", "no ID"),
    ("common_type;\toffset:0", "common_type;\toffset:x", "unknown line"),
    ("field:", "fold:", "no fields"),
  ])
  func refusesOtherTexts(old: String, new: String, detail: String) {
    #expect {
      try EventFormat(FormatTexts.rawData.replacing(old, with: new))
    } throws: { error in
      let error = error as? SourceError
      return error?.kind == .unknownFormat && error?.detail.contains(detail) == true
    }
  }

  @Test(arguments: [
    ("offset:0;\tsize:2", "offset:0;\tsize:4"),
    ("common_type;\toffset:0", "common_type;\toffset:2"),
    ("common_type", "type"),
    ("offset:8;\tsize:4", "offset:8;\tsize:8"),
    ("id;\toffset:8", "id;\toffset:4"),
    ("id;\toffset:8", "id;\toffset:9223372036854775807"),
    ("offset:12", "offset:16"),
    ("buf[]", "data[]"),
  ])
  func theDecoderRefusesOtherLayouts(old: String, new: String) throws {
    let format = try EventFormat(FormatTexts.rawData.replacing(old, with: new))
    let page = try FormatTexts.page()
    #expect {
      try FtracePageDecoder(page: page, rawData: format)
    } throws: { error in
      (error as? SourceError)?.kind == .unknownFormat
    }
  }
}
