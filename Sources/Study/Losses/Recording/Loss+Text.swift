import SubbufferSource

extension Loss {
  /// The value as a report and `results.json` write it.
  public var text: String {
    switch self {
    case .notTold: Loss.notToldText
    case .none: Loss.noneText
    case .events(let count): Loss.text(count, Loss.events)
    case .atMost(let count): Loss.atMostPrefix + Loss.text(count, Loss.events)
    case .packets(let count, 0): Loss.text(count, Loss.packets)
    case .packets(let count, let events): Loss.text(count, Loss.packets) + Loss.and + Loss.text(events, Loss.events)
    case .some: Loss.someText
    }
  }

  /// Reads what ``text`` wrote; `nil` for anything else.
  public init?(text: String) {
    switch text {
    case Loss.notToldText: self = .notTold
    case Loss.noneText: self = .none
    case Loss.someText: self = .some
    default:
      if let and = text.firstRange(of: Loss.and) {
        guard case .packets(let count, 0) = Loss(text: String(text[..<and.lowerBound])),
          case .events(let events) = Loss(text: String(text[and.upperBound...])), events > 0
        else { return nil }
        self = .packets(count, events: events)
        return
      }
      let isAtMost = text.hasPrefix(Loss.atMostPrefix)
      let words = text.dropFirst(isAtMost ? Loss.atMostPrefix.count : 0).split(separator: " ")
      guard words.count == 2, let count = UInt64(words[0]) else { return nil }
      switch words[1] {
      case "event", Substring(Loss.events): self = isAtMost ? .atMost(count) : .events(count)
      case "packet" where !isAtMost, Substring(Loss.packets) where !isAtMost: self = .packets(count)
      default: return nil
      }
    }
  }

  private static let notToldText = "no indication"
  private static let noneText = "none"
  private static let someText = "some, number not reported"
  private static let atMostPrefix = "at most "
  private static let and = " and "
  private static let events = "events"
  private static let packets = "packets"

  /// `1 event`, `2 events`.
  private static func text(_ count: UInt64, _ unit: String) -> String {
    "\(count) \(count == 1 ? String(unit.dropLast()) : unit)"
  }
}
