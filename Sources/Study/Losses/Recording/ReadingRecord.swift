import SubbufferSource

/// The reading of a channel at one time, as a line: `3: 2300 events` when three hand-overs had been made; with the
/// number of sub-buffers that it marked, where it marks them: `3: some, number not reported; 1 marked`.
public struct ReadingRecord: Sendable, Equatable {
  /// The number of hand-overs that had been made, the one that told it included. One more than there were in all stands
  /// for what was reported after the last one.
  public var handover: Int
  /// The reported loss up to then.
  public var loss: Loss
  /// In how many sub-buffers the channel had marked a loss.
  public var marks: UInt64

  /// A reading.
  public init(handover: Int, loss: Loss, marks: UInt64 = 0) {
    self.handover = handover
    self.loss = loss
    self.marks = marks
  }
}

extension ReadingRecord: TextCoded {
  /// The line.
  public var text: String {
    "\(handover): \(loss.text)" + (marks == 0 ? "" : "; \(marks) marked")
  }

  /// Reads the line.
  public init?(text: String) {
    let parts = text.split(separator: ": ", maxSplits: 1)
    guard parts.count == 2, let handover = Int(parts[0]), handover >= 0 else { return nil }
    let halves = parts[1].split(separator: "; ", maxSplits: 1)
    guard let first = halves.first, let loss = Loss(text: String(first)) else { return nil }
    self.init(handover: handover, loss: loss)
    guard halves.count == 2 else { return }
    guard halves[1].hasSuffix(" marked"), let marks = UInt64(halves[1].dropLast(" marked".count)) else { return nil }
    self.marks = marks
  }
}
