import CLTTngModules
import SubbufferSource

/// Values that the kernel reads from packet headers and from the stream's identity. A packet is a held sub-buffer.
extension ModulesStream {
  /// When the packet was begun, in nanoseconds of the trace clock.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_TIMESTAMP_BEGIN`.
  public func unsafeGetTimestampBegin() throws(SourceError) -> UInt64 {
    try number(clm_get_timestamp_begin_request, "RING_BUFFER_GET_TIMESTAMP_BEGIN")
  }

  /// When the packet was closed, in nanoseconds of the trace clock.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_TIMESTAMP_END`.
  public func unsafeGetTimestampEnd() throws(SourceError) -> UInt64 {
    try number(clm_get_timestamp_end_request, "RING_BUFFER_GET_TIMESTAMP_END")
  }

  /// The number of events that the stream had discarded when the packet was ended, since the stream was made.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_EVENTS_DISCARDED`.
  public func unsafeGetEventsDiscarded() throws(SourceError) -> UInt64 {
    try number(clm_get_events_discarded_request, "RING_BUFFER_GET_EVENTS_DISCARDED")
  }

  /// The content size of the packet in bits, header included.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_CONTENT_SIZE`.
  public func unsafeGetContentSize() throws(SourceError) -> UInt64 {
    try number(clm_get_content_size_request, "RING_BUFFER_GET_CONTENT_SIZE")
  }

  /// The size of the packet in bits, padded to whole pages.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_PACKET_SIZE`.
  public func unsafeGetPacketSize() throws(SourceError) -> UInt64 {
    try number(clm_get_packet_size_request, "RING_BUFFER_GET_PACKET_SIZE")
  }

  /// The packet's number in its stream, counted from 0.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_SEQ_NUM`.
  public func unsafeGetSequenceNumber() throws(SourceError) -> UInt64 {
    try number(clm_get_seq_num_request, "RING_BUFFER_GET_SEQ_NUM")
  }

  /// The channel's number in its session.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_STREAM_ID`.
  public func getStreamID() throws(SourceError) -> UInt64 {
    try number(clm_get_stream_id_request, "RING_BUFFER_GET_STREAM_ID")
  }

  /// The stream's number in its channel, which is its CPU's.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_INSTANCE_ID`.
  public func getInstanceID() throws(SourceError) -> UInt64 {
    try number(clm_instance_id_request, "RING_BUFFER_INSTANCE_ID")
  }

  /// The time now as the writer would put it into an event, in nanoseconds of the trace clock.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_CURRENT_TIMESTAMP`.
  public func getCurrentTimestamp() throws(SourceError) -> UInt64 {
    try number(clm_get_current_timestamp_request, "RING_BUFFER_GET_CURRENT_TIMESTAMP")
  }
}
