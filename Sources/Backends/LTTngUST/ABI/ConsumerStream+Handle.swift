import CLTTngUST

extension ConsumerStream {
  /// The library's own stream, for a call in a process that was forked from this one. It is the stream's as long as this
  /// value lives.
  public var unsafeHandle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(pointer) }

  /// Takes the next sub-buffer of a stream that is given as its ``unsafeHandle``: 0 or a negative errno.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_next_subbuf`.
  public static let unsafeGetNextSubbufferOfHandle: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = {
    clu_get_next_subbuf(OpaquePointer($0))
  }
}
