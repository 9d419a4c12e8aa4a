import SubbufferSource

/// The order of the conditions in one trial.
///
/// A ring buffer is opened by a reader once while it waits, since LTTng's stream cannot be waited for by a second one.
/// So the conditions with a reader follow each other, and those without lie after them: LTTng-UST's stream is opened
/// with the channel, and its writer wakes who has it open with each sub-buffer (`active_readers`,
/// lib_ring_buffer_check_deliver_slow of lttng-ust), whether or not that one reads.
struct DisturbanceOrder: Sendable, Equatable {
  /// The conditions while a reader has the ring buffer open.
  var reader: [WriterCondition]
  /// The conditions after it was closed.
  var behind: [WriterCondition]

  /// Draws an order.
  init(_ conditions: [WriterCondition], using generator: inout SeededGenerator) {
    reader = conditions.filter(\.hasReader).shuffled(using: &generator)
    behind = conditions.filter { !$0.hasReader }.shuffled(using: &generator)
  }
}
