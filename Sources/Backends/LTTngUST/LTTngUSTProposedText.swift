/// Proposed texts as unified diffs against lttng-ust 2.13.5.
enum ProposedText {
  /// The errno that is never returned.
  static let endOfStream = """
    --- a/src/common/ringbuffer/ring_buffer_frontend.c
    +++ b/src/common/ringbuffer/ring_buffer_frontend.c
    @@ -1418,8 +1418,9 @@
      * @buf: ring buffer
      * @consumed: consumed count indicating the position where to read
      *
    - * Returns -ENODATA if buffer is finalized, -EAGAIN if there is currently no
    - * data to read at consumed position, or 0 if the get operation succeeds.
    + * Returns -EAGAIN if there is currently no data to read at consumed position,
    + * or 0 if the get operation succeeds. The end of a stream is reported by
    + * POLLHUP of the wakeup pipe.
      */
     int lib_ring_buffer_get_subbuf(struct lttng_ust_ring_buffer *buf,
     			       unsigned long consumed,
    """
}
