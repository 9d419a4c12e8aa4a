/// The order of the conditions in one trial.
///
/// A ring buffer is opened by a reader once while it waits, since LTTng's stream cannot be waited for by a second one. So
/// the conditions with a reader follow each other, and those without lie before and behind them.
struct DisturbanceOrder: Sendable, Equatable {
  /// Those before a reader opens the ring buffer.
  var before: [WriterCondition] = []
  /// Those while it is open.
  var reader: [WriterCondition]
  /// Those after it was closed.
  var behind: [WriterCondition] = []

  /// Draws an order.
  ///
  /// In overwrite mode one of the two without a reader lies on each side, so that neither is always the first. In discard
  /// mode all lie behind: the ring buffer has to be emptied by a reader before its memory can be filled a second time, and
  /// when it is filled first, page faults are in the cost of the events.
  init(
    _ conditions: [WriterCondition], _ mode: RingConfiguration.Mode, using generator: inout SeededGenerator
  ) {
    reader = conditions.filter(\.hasReader).shuffled(using: &generator)
    let isFirstBefore = Bool.random(using: &generator)
    for condition in conditions.filter({ !$0.hasReader }).shuffled(using: &generator) {
      let isBefore =
        switch condition {
        case .noReader: isFirstBefore
        case .noReaderAgain: !isFirstBefore
        default: Bool.random(using: &generator)
        }
      if mode == .overwrite, isBefore { before.append(condition) } else { behind.append(condition) }
    }
  }
}
