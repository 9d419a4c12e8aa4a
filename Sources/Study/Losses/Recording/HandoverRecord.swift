import SubbufferSourceConformance

/// The events of one hand-over, as a line: `7: 200-291, 300-310` are the sub-buffer's own number and the sequence
/// numbers of its events that were not handed out before; without events `7:`.
public struct HandoverRecord: Sendable, Equatable {
  /// The sub-buffer's own number: the kernel's `reader.id`, LTTng's `packet_seq_num`.
  public var number: UInt64
  /// The sequence numbers, as runs in the order in which they came.
  public var runs: [ClosedRange<UInt64>]

  /// A hand-over.
  public init(number: UInt64, runs: [ClosedRange<UInt64>] = []) {
    self.number = number
    self.runs = runs
  }

  /// Adds the next event.
  mutating func add(_ sequence: UInt64) {
    if let last = runs.last, last.upperBound < .max, last.upperBound + 1 == sequence {
      runs[runs.count - 1] = last.lowerBound...sequence
    } else {
      runs.append(sequence...sequence)
    }
  }
}

extension HandoverRecord: TextCoded {
  /// The line.
  public var text: String {
    "\(number):"
      + runs.map { " \($0.lowerBound)" + ($0.lowerBound == $0.upperBound ? "" : "-\($0.upperBound)") }.joined(
        separator: ",")
  }

  /// Reads the line.
  public init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = UInt64(parts[0]) else { return nil }
    self.init(number: number)
    for run in parts[1].split(separator: ",") {
      let bounds = run.drop { $0 == " " }.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
      guard let first = bounds.first, let lower = first, bounds.count <= 2, let last = bounds.last, let upper = last,
        lower <= upper
      else { return nil }
      runs.append(lower...upper)
    }
  }
}
