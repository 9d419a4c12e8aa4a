import CLTTngUST
import SubbufferSource

/// Values that the library reads from packet headers and from the stream's identity. A packet is a held sub-buffer.
extension ConsumerStream {
  /// When the packet was begun, in nanoseconds of CLOCK_MONOTONIC.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_timestamp_begin`.
  public func unsafeGetTimestampBegin() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_timestamp_begin", clu_get_timestamp_begin)
  }

  /// When the last event of the packet was reserved, in nanoseconds of CLOCK_MONOTONIC.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_timestamp_end`.
  public func unsafeGetTimestampEnd() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_timestamp_end", clu_get_timestamp_end)
  }

  /// The number of events that the stream had discarded when the packet was ended, since the stream was made.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_events_discarded`.
  public func unsafeGetEventsDiscarded() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_events_discarded", clu_get_events_discarded)
  }

  /// The content size of the packet in bits, header included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_content_size`.
  public func unsafeGetContentSize() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_content_size", clu_get_content_size)
  }

  /// The size of the packet in bits, padded to whole pages.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_packet_size`.
  public func unsafeGetPacketSize() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_packet_size", clu_get_packet_size)
  }

  /// The packet's number in its stream, counted from 0.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_sequence_number`.
  public func unsafeGetSequenceNumber() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_sequence_number", clu_get_sequence_number)
  }

  /// The channel's id, ``ChannelAttributes/channelID``, once the traced process has registered the channel.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_stream_id`.
  public func getStreamID() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_stream_id", clu_get_stream_id)
  }

  /// The stream's number in its channel, which is its CPU's.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_instance_id`.
  public func getInstanceID() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_instance_id", clu_get_instance_id)
  }

  /// The time now as the writer would put it into an event, in nanoseconds of CLOCK_MONOTONIC.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_current_timestamp`.
  public func getCurrentTimestamp() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_current_timestamp", clu_get_current_timestamp)
  }
}
