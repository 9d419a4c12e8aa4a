import CLTTngUST
import Glibc
import SubbufferSource
import SystemPackage

/// The wake-up of a stream's reader: the writer puts a byte into a pipe for each sub-buffer
/// it delivers, and all write ends close when the traced process is gone.
extension ConsumerStream {
  /// The read end of the pipe; negative where it is closed.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_get_wait_fd`.
  public func getWaitDescriptor() -> Int32 {
    clu_stream_get_wait_fd(pointer)
  }

  /// This process's own write end of the pipe; negative where it is closed.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_get_wakeup_fd`.
  public func getWakeupDescriptor() -> Int32 {
    clu_stream_get_wakeup_fd(pointer)
  }

  /// Closes the read end of the pipe. A writer that finds it closed goes on without.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_close_wait_fd`.
  public func unsafeCloseWaitDescriptor() throws(SourceError) {
    try checked(clu_stream_close_wait_fd(pointer), "lttng_ust_ctl_stream_close_wait_fd")
  }

  /// Closes this process's own write end of the pipe.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_close_wakeup_fd`.
  public func closeWakeupDescriptor() throws(SourceError) {
    try checked(clu_stream_close_wakeup_fd(pointer), "lttng_ust_ctl_stream_close_wakeup_fd")
  }

  /// Takes all bytes out of the pipe, whose read end must not block.
  func drainWaitDescriptor() {
    let descriptor = getWaitDescriptor()
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      var count = buffer.count
      while count == buffer.count { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
    }
  }
}
