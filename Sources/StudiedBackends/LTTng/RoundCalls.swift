import Study

/// The names of the calls of one round of reading.
struct RoundCalls {
  var write: String
  var get: String
  var flush: String
  var wait: String
  /// Observations about a wait after a flush.
  var waiting: [Observation] = []
  var offset: String
  var losses: String
  var contentSize: String
  var put: String

  /// The functions of LTTng-UST's library, or their counterparts.
  /// - Parameter prefix: what their names begin with.
  static func functions(_ prefix: String, write: String) -> RoundCalls {
    RoundCalls(
      write: write, get: "\(prefix)get_next_subbuf", flush: "\(prefix)flush_buffer(stream, 1)",
      wait: "poll(wait fd, POLLIN)",
      waiting: [Observation("after the flush, this process's own wakeup fd", "closed in the set-up")],
      offset: "\(prefix)get_mmap_read_offset", losses: "\(prefix)get_events_discarded, get_sequence_number",
      contentSize: "get_content_size", put: "\(prefix)put_next_subbuf")
  }

  /// The ioctls of the kernel tracer; all names begin with `LTTNG_KERNEL_ABI_RING_BUFFER_`.
  static let ioctls = RoundCalls(
    write: "write(/proc/lttng-logger), once for each event", get: "ioctl GET_NEXT_SUBBUF", flush: "ioctl FLUSH",
    wait: "poll(stream, POLLIN | POLLPRI)", offset: "ioctl GET_MMAP_READ_OFFSET",
    losses: "ioctl GET_EVENTS_DISCARDED, GET_SEQ_NUM", contentSize: "GET_CONTENT_SIZE", put: "ioctl PUT_NEXT_SUBBUF")
}
