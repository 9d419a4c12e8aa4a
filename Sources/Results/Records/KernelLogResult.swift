import Platform

/// The kernel's log during a run.
public struct KernelLogResult: Codable, Sendable, Equatable {
  /// The reason why the log was not read; absent if it was.
  public var unreadable: String?
  /// The reason why markers did not arrive in the log; absent if they did. Then the lines of a part are those after the
  /// end that the log had at its begin.
  public var unmarked: String?
  /// The reason why the forks of the machine were not followed; absent if they were. Then a thread that this program
  /// did not start itself cannot be told from one of another program.
  public var forksUnknown: String?
  /// `/proc/sys/kernel/tainted` before the run; absent if it could not be read.
  public var taintBefore: UInt64?
  /// The same after the run.
  public var taintAfter: UInt64?
  /// The lines during parts of the run that have no record of their own, or more than one.
  public var parts: [KernelLogPart]?

  /// Describes the log of a run.
  public init(
    unreadable: String? = nil, unmarked: String? = nil, forksUnknown: String? = nil, taintBefore: UInt64? = nil,
    taintAfter: UInt64? = nil, parts: [KernelLogPart]? = nil
  ) {
    self.unreadable = unreadable
    self.unmarked = unmarked
    self.forksUnknown = forksUnknown
    self.taintBefore = taintBefore
    self.taintAfter = taintAfter
    self.parts = parts
  }

  /// The bits of a taint and their letters: "512 (W)".
  public static func text(ofTaint bits: UInt64) -> String { KernelTaint(rawValue: bits).text }
}

/// A part of a run during which the kernel's log received lines.
public struct KernelLogPart: Codable, Sendable, Equatable {
  /// The back end; absent if the part measures several.
  public var backend: String?
  /// The part: `clauses of the protocol`.
  public var part: String
  /// The lines.
  public var log: KernelLogExcerpt

  /// Names a part.
  public init(backend: String?, part: String, log: KernelLogExcerpt) {
    self.backend = backend
    self.part = part
    self.log = log
  }
}

/// The lines that the kernel's log received during one part of a run. A part without any has none.
public struct KernelLogExcerpt: Codable, Sendable, Equatable {
  /// The greatest number of lines that are kept.
  public static let longest = 96

  /// The lines, in the order of the log.
  public var lines: [KernelLogLine]
  /// The threads that the lines name, with their place in the run; absent if they name none.
  public var threads: [KernelLogThread]?
  /// The number of lines of the kernel that are not kept; absent if there are none.
  public var leftOut: Int?
  /// The number of records that were overwritten before they were read; absent if there are none.
  public var overwritten: UInt64?
  /// The number of other parts that ran at the same time, at least for a moment; absent if it ran alone.
  public var inParallel: Int?
  /// `/proc/sys/kernel/tainted` before and after the part; absent if it did not change.
  public var taint: Taint?

  /// A change of the kernel's taint.
  public struct Taint: Codable, Sendable, Equatable {
    /// Before the part.
    public var before: UInt64
    /// After the part.
    public var after: UInt64

    /// Describes a change.
    public init(before: UInt64, after: UInt64) {
      self.before = before
      self.after = after
    }
  }

  /// Describes the lines of a part.
  public init(
    lines: [KernelLogLine], threads: [KernelLogThread]? = nil, leftOut: Int? = nil, overwritten: UInt64? = nil,
    inParallel: Int? = nil, taint: Taint? = nil
  ) {
    self.lines = lines
    self.threads = threads
    self.leftOut = leftOut
    self.overwritten = overwritten
    self.inParallel = inParallel
    self.taint = taint
  }
}

/// A thread that a line of the kernel's log names.
public struct KernelLogThread: Codable, Sendable, Equatable {
  /// The place of a thread in a run.
  public enum Place: String, Codable, Sendable, CaseIterable {
    /// A thread of the part, or of a process that the part started.
    case thisPart = "this part"
    /// The same of another part.
    case anotherPart = "another part"
    /// A thread of this program that may work for any part.
    case thisProgram = "this program"
    /// A thread of the kernel, or an idle CPU.
    case kernel
    /// A thread of another program.
    case otherProgram = "another program"
    /// Nothing shows it.
    case unknown
  }

  /// Its id in the initial PID namespace.
  public var id: Int
  /// Its place.
  public var place: Place

  /// Describes a thread.
  public init(id: Int, place: Place) {
    self.id = id
    self.place = place
  }
}

/// A line of the kernel's log.
public struct KernelLogLine: Codable, Sendable, Equatable {
  /// The sequence number of its record.
  public var sequence: UInt64
  /// The time since the marker, in microseconds of the log's clock; without a marker since the first line.
  public var time: UInt64
  /// The level, from 0 (emergency) to 7 (debug).
  public var level: Int
  /// The thread that wrote it, if the kernel names it (CONFIG_PRINTK_CALLER).
  public var caller: Int32?
  /// The text of the line.
  public var message: String

  /// Describes a line.
  public init(sequence: UInt64, time: UInt64, level: Int, caller: Int32? = nil, message: String) {
    self.sequence = sequence
    self.time = time
    self.level = level
    self.caller = caller
    self.message = message
  }
}

extension KernelLogLine {
  /// The line as a page has it: `588 +1204 <4> WARNING: …` is a line of record 588, 1204 µs after the marker, of level 4
  /// (warning); `<4,T77>` if the kernel names the thread that wrote it.
  public var text: String {
    "\(sequence) +\(time) <\(level)\(caller.map { ",T\($0)" } ?? "")> \(message)"
  }
}
