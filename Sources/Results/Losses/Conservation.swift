/// Produced = delivered + missing: each event that was produced is delivered once, in order, or it is missing, which is
/// lost or cleared. A reader drains the ring buffer to its end, so what is unread then is missing.
///
/// Anything else is a defect of the ABI, of the decoder or of the producer; a violation says what decides between them.
enum Conservation {
  static func violations(
    of history: LossHistory, _ books: DeliveryBooks, produced: UInt64, missing: UInt64
  ) -> [String] {
    var violations: [String] = []
    if let (number, handover) = books.firstDuplicate {
      violations.append(
        "\(books.duplicates) events came again, first \(number), in \(name(handover, history)), which "
          + "\(books.handover(of: number).map { name($0, history) } ?? "none") had brought: "
          + who(books.handover(of: number), handover, history))
    }
    if let (number, handover) = books.firstReordered {
      violations.append(
        "\(books.reordered) events came after a later one, first \(number), in \(name(handover, history))")
    }
    if let (number, handover) = books.firstForeign {
      violations.append(
        "\(books.foreign) sequence numbers that the producer did not write, first \(number), in \(name(handover, history))"
      )
    }
    let (sum, overflow) = books.count.addingReportingOverflow(missing)
    if overflow || sum != produced {
      violations.append("\(books.count) delivered and \(missing) missing are not the \(produced) produced")
    }
    return violations
  }

  private static func name(_ handover: Int, _ history: LossHistory) -> String {
    let number = history.handovers.indices.contains(handover - 1) ? "\(history.handovers[handover - 1].number)" : "?"
    return "hand-over \(handover) (sub-buffer \(number))"
  }

  private static func who(_ first: Int?, _ second: Int, _ history: LossHistory) -> String {
    guard let first, history.handovers.indices.contains(first - 1), history.handovers.indices.contains(second - 1)
    else {
      return "nothing decides"
    }
    return history.handovers[first - 1].number == history.handovers[second - 1].number
      ? "the ABI gave the same sub-buffer again, or the reader began too early in it"
      : "two sub-buffers with different numbers held them"
  }
}
