import SubbufferSource

extension FtracePageDecoder {
  /// A decoder of the pages of the running kernel, as `events/header_page`, `events/header_event` and
  /// `events/ftrace/raw_data/format` describe them.
  /// - Throws: ``SourceError`` where a file cannot be read, and of kind `unknownFormat` where it describes a format that
  ///   is not known.
  public init(_ tracefs: Tracefs) throws(SourceError) {
    let page = try PageFormat(
      headerPage: tracefs.text("events/header_page"), headerEvent: tracefs.text("events/header_event"))
    try self.init(page: page, rawData: EventFormat(tracefs.text("events/ftrace/raw_data/format")))
  }
}
