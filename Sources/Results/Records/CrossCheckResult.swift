import SubbufferSource

/// The counts of another program, or of another way of reading, under a load, next to those of this program and the
/// producer's truth.
public struct CrossCheckResult: Codable, Sendable, Equatable {
  /// A load: the writes, and the way of reading.
  public struct Load: Codable, Sendable, Equatable {
    /// Its name: `stalled`.
    public var name: String
    /// The shape of the ring buffer, the load, and what the reader did.
    public var setup: [Observation]

    /// Describes a load.
    public init(name: String, setup: [Observation]) {
      self.name = name
      self.setup = setup
    }
  }

  /// The reason why nothing was compared.
  public struct Skip: Codable, Sendable, Equatable {
    /// The missing prerequisite, or the failure.
    public var reason: String
    /// A remedy; empty if none is known.
    public var remedy: String

    /// A reason and its remedy.
    public init(reason: String, remedy: String) {
      self.reason = reason
      self.remedy = remedy
    }
  }

  /// One quantity, as each side counts it.
  public struct Row: Codable, Sendable, Equatable {
    /// The explanation of a difference for which no rule gives one.
    public static let unexplained = "unexplained"

    /// The quantity: `discarded events`.
    public var what: String
    /// The count of this program; `nil` without a number.
    public var ours: UInt64?
    /// The count of the tool; `nil` without a number.
    public var theirs: UInt64?
    /// The producer's own count; `nil` if it does not count this.
    public var truth: UInt64?
    /// The source of `ours`.
    public var oursBy: String
    /// The source of `theirs`.
    public var theirsBy: String
    /// Why the numbers differ, found to hold in the data of this run; ``unexplained`` where no rule holds; `nil` where
    /// they do not differ.
    public var explanation: String?

    /// A row whose explanation is looked for only where its numbers differ.
    /// - Parameter explain: what a rule says that holds in the data of the run; `nil` where none does.
    public init(
      _ what: String, ours: UInt64?, theirs: UInt64?, truth: UInt64? = nil, oursBy: String, theirsBy: String,
      explain: () -> String? = { nil }
    ) {
      self.what = what
      self.ours = ours
      self.theirs = theirs
      self.truth = truth
      self.oursBy = oursBy
      self.theirsBy = theirsBy
      explanation = differs ? explain() ?? Row.unexplained : nil
    }

    /// `true` if the numbers differ and there is no explanation.
    public var isUnexplained: Bool { differs && (explanation ?? Row.unexplained) == Row.unexplained }

    /// The agreement of the numbers of a row.
    public enum Agreement: Sendable, CaseIterable {
      /// Both numbers are equal, and equal to the truth where it is known.
      case equal
      /// Both numbers are equal, and the truth is another.
      case equalAndUntrue
      /// This program and the tool have different numbers.
      case differ
    }

    /// The agreement of the numbers.
    public var agreement: Agreement { ours != theirs ? .differ : differs ? .equalAndUntrue : .equal }

    /// `true` if this program and the tool differ, or one of them and the truth. No number differs from any number.
    public var differs: Bool {
      guard ours == theirs else { return true }
      guard let truth else { return false }
      return ours != truth
    }
  }

  /// No more raw lines are kept as evidence.
  public static let mostEvidence = 10

  /// The back end.
  public var backend: String
  /// The mode of the ring buffer.
  public var mode: RingMode
  /// The load, and the way in which it was read.
  public var load: Load
  /// The other counting tool, with its version: `babeltrace2 2.0.4`.
  public var tool: String
  /// Why nothing was compared; `nil` where it was.
  public var skipped: Skip?
  /// The compared counts.
  public var rows: [Row]
  /// Lines of the tool from which its counts were taken, as it wrote them, at most ``mostEvidence``.
  public var evidence: [String]

  /// A comparison under one load.
  public init(backend: String, mode: RingMode, load: Load, tool: String, rows: [Row]) {
    self.backend = backend
    self.mode = mode
    self.load = load
    self.tool = tool
    self.rows = rows
    evidence = []
  }

  /// Keeps lines of the tool, as many as have room.
  public mutating func add(evidence lines: [String]) {
    evidence += lines.prefix(max(0, CrossCheckResult.mostEvidence - evidence.count))
  }

  /// `true` if a difference has no explanation.
  public var hasUnexplained: Bool { rows.contains(where: \.isUnexplained) }
}
