/// A point that a loss scenario must pass before its channels are judged: events were lost, the writer was inside a write.
///
/// A mark is a pure function of the history, so that stored results are judged again with the present marks.
public enum LossMark: String, Codable, Sendable, CaseIterable {
  /// Events were lost.
  case eventsLost = "events-lost"
  /// A reader found events.
  case eventsDelivered = "events-delivered"
  /// A reader held a sub-buffer while the next steps were played.
  case subbufferHeld = "subbuffer-held"
  /// Another reader opened the ring buffer after the first life.
  case readerOpened = "reader-opened"
  /// A reader was killed while it held a sub-buffer.
  case readerKilled = "reader-killed"
  /// The producer was inside a write.
  case writerInsideWrite = "writer-inside-write"
  /// The ring buffer was cleared.
  case cleared
  /// The mode was switched.
  case modeSwitched = "mode-switched"
  /// A change of the number or size of the sub-buffers was tried.
  case resizeTried = "resize-tried"

  /// The point in a few words.
  public var words: String {
    switch self {
    case .eventsLost: "events were lost"
    case .eventsDelivered: "events were delivered"
    case .subbufferHeld: "the reader held a sub-buffer"
    case .readerOpened: "another reader opened the ring buffer"
    case .readerKilled: "a reader was killed while it held a sub-buffer"
    case .writerInsideWrite: "the writer was inside a write"
    case .cleared: "the ring buffer was cleared"
    case .modeSwitched: "the mode was switched"
    case .resizeTried: "another number or size of the sub-buffers was asked for"
    }
  }

  /// `true` if a history shows that the point was passed.
  public func isReached(in history: LossHistory) -> Bool {
    func calls(_ purpose: CallRecord.Purpose) -> [CallRecord] { history.calls.filter { $0.purpose == purpose } }
    func works(_ purpose: CallRecord.Purpose) -> Bool { calls(purpose).contains { $0.result == "0" } }
    switch self {
    case .eventsLost: return !history.gaps.isEmpty
    case .eventsDelivered: return history.handovers.contains { !$0.runs.isEmpty }
    // A hold that found nothing is recorded.
    case .subbufferHeld: return calls(.hold).isEmpty && !history.handovers.isEmpty
    case .readerOpened: return !calls(.open).isEmpty
    case .readerKilled: return works(.killReader)
    case .writerInsideWrite: return !calls(.holdWriter).isEmpty
    case .cleared: return !history.clears.isEmpty && works(.clear)
    case .modeSwitched: return works(.switchMode)
    case .resizeTried: return !calls(.resize).isEmpty
    }
  }
}

extension [LossMark] {
  /// The reason why a history is undecided; `nil` if all points were passed.
  func missing(in history: LossHistory) -> String? {
    first { !$0.isReached(in: history) }.map { Mark.missing($0.words) }
  }
}
