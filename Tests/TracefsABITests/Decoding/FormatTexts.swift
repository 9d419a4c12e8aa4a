import TracefsABI

/// The format texts of tracefs in Linux 6.18 on x86-64.
enum FormatTexts {
  static let headerPage = """
    \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
    \tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
    \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
    \tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;

    """

  static let headerEvent = """
    # compressed entry header
    \ttype_len    :    5 bits
    \ttime_delta  :   27 bits
    \tarray       :   32 bits

    \tpadding     : type == 29
    \ttime_extend : type == 30
    \ttime_stamp : type == 31
    \tdata max type_len  == 28

    """

  static let rawData = """
    name: raw_data
    ID: 19
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
    \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
    \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

    \tfield:unsigned int id;\toffset:8;\tsize:4;\tsigned:0;
    \tfield:char buf[];\toffset:12;\tsize:0;\tsigned:0;

    print fmt: "id:%04x %08x", REC->id, (int)REC->buf[0]

    """

  /// Returns the header_page text of a 32-bit kernel.
  static func headerPage32(dataOffset: Int) -> String {
    headerPage.replacing("offset:8;\tsize:8", with: "offset:8;\tsize:4")
      .replacing("offset:16;\tsize:4080", with: "offset:\(dataOffset);\tsize:\(4096 - dataOffset)")
  }

  static func page() throws -> PageFormat { try PageFormat(headerPage: headerPage, headerEvent: headerEvent) }

  static func page32() throws -> PageFormat {
    try PageFormat(headerPage: headerPage32(dataOffset: 12), headerEvent: headerEvent)
  }

  static func decoder(_ page: PageFormat? = nil) throws -> FtracePageDecoder {
    try FtracePageDecoder(page: page ?? Self.page(), rawData: EventFormat(rawData))
  }
}
