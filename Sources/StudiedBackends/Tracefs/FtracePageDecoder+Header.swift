import SubbufferSource
import TracefsBackend

extension FtracePageDecoder {
  /// The header of a sub-buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  func header(of subbuffer: RawSpan) throws(SourceError) -> PageHeader {
    do {
      return try PageHeader(in: subbuffer, format: page)
    } catch {
      throw SourceError(error)
    }
  }
}
