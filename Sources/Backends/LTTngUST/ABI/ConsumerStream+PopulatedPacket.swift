import CLTTngUST
import SubbufferSource

extension ConsumerStream {
  /// Ends the partial sub-buffer; if the produced position does not move by that, makes a packet without events, outside the
  /// ring buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_flush_events_or_populate_packet`, since 2.14.
  /// - Returns: the bytes of that packet; `nil` if none was made.
  /// - Throws: ``SourceError``, with `ENOSYS` before 2.14.
  public func flushEventsOrPopulatePacket() throws(SourceError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var length: UInt64 = 0
    var isPopulated = false
    let result = clu_flush_events_or_populate_packet(pointer, &bytes, bytes.count, &length, &isPopulated)
    try checked(result, "lttng_ust_ctl_flush_events_or_populate_packet")
    return isPopulated ? Array(bytes.prefix(Int(clamping: length))) : nil
  }
}
