/// Proposed texts as unified diffs against lttng-tools 2.13.9.
enum ProposedText {
  /// Nothing else wakes a reader of the kernel tracer.
  static let readTimer = """
    --- a/doc/man/lttng-concepts.7.txt
    +++ b/doc/man/lttng-concepts.7.txt
    @@ -886,8 +886,10 @@
         When this timer expires, LTTng checks for full, consumable
         sub-buffers.
     +
    -By default, the LTTng tracers use an asynchronous message mechanism to
    -signal a full sub-buffer so that a consumer daemon can consume it.
    +By default, the LTTng user space tracer uses an asynchronous message
    +mechanism to signal a full sub-buffer so that a consumer daemon can
    +consume it. The LTTng kernel tracer does not: without this timer, nothing
    +wakes up the consumer daemon.
     +
     When such messages must be avoided, for example in real-time
     applications, use this timer instead.
    """
}
