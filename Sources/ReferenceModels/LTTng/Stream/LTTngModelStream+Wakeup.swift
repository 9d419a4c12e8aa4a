/// The wake-up of the reader: the writer puts a byte into a pipe when it delivers a
/// sub-buffer and the one at the consumed position can be read. All write ends are closed when the writer is gone.
extension LTTngModelStream {
  /// The read end of the pipe, which does not block; negative where it is closed.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_get_wait_fd`.
  public func getWaitDescriptor() -> Int32 {
    ring.pipe.wait.rawValue
  }

  /// The write end of the reader's own process; negative where it is closed.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_get_wakeup_fd`.
  public func getWakeupDescriptor() -> Int32 {
    ring.pipe.wakeup.rawValue
  }

  /// Closes the read end of the pipe. A writer that finds it closed goes on without.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_close_wait_fd`.
  public func unsafeCloseWaitDescriptor() {
    ring.pipe.wait.close()
  }

  /// Closes the write end of the reader's own process, without which the hang-up is not seen.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_close_wakeup_fd`.
  public func closeWakeupDescriptor() {
    ring.pipe.wakeup.close()
  }
}
