import Results

/// Trouble that the kernel reports in its log: a line that begins it, and the lines that belong to it.
public struct KernelTrouble: Sendable, Equatable {
  /// The kind of trouble.
  public enum Kind: String, Sendable, CaseIterable {
    /// `WARN_ON` and its relatives (`__warn` of kernel/panic.c), the reports of `refcount_t` included.
    case warning = "the kernel warned"
    /// `BUG()`, and `BUG:` reports such as a NULL pointer dereference or a soft lockup.
    case bug = "the kernel reported a bug"
    /// An oops: the thread was ended.
    case oops = "the kernel oopsed"
    /// A general protection fault in the kernel.
    case protectionFault = "general protection fault in the kernel"
    /// A report of lockdep (kernel/locking/lockdep.c).
    case lockdep = "lockdep reported a lock"
    /// A task that was blocked too long (kernel/hung_task.c).
    case hungTask = "the kernel reported a hung task"
    /// A stall of RCU, or a CPU that does not respond (kernel/rcu/tree_stall.h, kernel/watchdog.c).
    case stall = "the kernel reported a stall"
    /// Lost events that the kernel's ring buffer reports in the log ("commit overrun" of kernel/trace/ring_buffer.c).
    case lossReport = "the log reports lost events"
    /// Lost events that lttng-modules reports in the log when a channel ends (`lib_ring_buffer_print_errors`).
    case channelLosses = "lttng-modules reports the lost events of a channel"
    /// Another warning of lttng-modules.
    case tracerWarning = "lttng-modules warned"

    /// `true` if the line says that something is wrong with the kernel, so that it is a finding.
    public var isFault: Bool { ![.lossReport, .channelLosses, .tracerWarning].contains(self) }
  }

  /// The kind.
  public var kind: Kind
  /// The indices of its lines.
  public var lines: Range<Int>
  /// The index of the line that ``kind`` was recognised by.
  public var headline: Int
  /// The thread that the lines name; `nil` if they name none.
  public var thread: Int32?
  /// The name of the thread; `nil` if they name none.
  public var command: String?
  /// `true` if an interrupt brought it about: the thread is the interrupted one.
  public var isInInterrupt: Bool

  /// The trouble in lines of the kernel's log, in their order.
  public static func all(in lines: [KernelLogLine]) -> [KernelTrouble] {
    var found: [KernelTrouble] = []
    var index = 0
    while index < lines.count {
      guard let (headline, kind) = beginning(at: index, lines) else {
        index += 1
        continue
      }
      let range = index..<end(after: headline, kind, isCut: headline > index, lines)
      let owner = range.lazy.compactMap { ThreadOfLine(lines[$0]) }.first
      found.append(
        KernelTrouble(
          kind: kind, lines: range, headline: headline, thread: owner?.id, command: owner?.command,
          isInInterrupt: range.contains { isInterruptMark(lines[$0].message) }))
      index = range.upperBound
    }
    return found
  }

  /// The line that precedes a report: `CUT_HERE` of include/asm-generic/bug.h.
  private static let cut = "------------[ cut here ]------------"
  /// The line that ends one: `print_oops_end_marker` of kernel/panic.c.
  private static let end = "---[ end trace"
  /// A report has at most N lines; one without an end at most ``shortest``.
  private static let longest = 120
  private static let shortest = 24

  /// Between the line of `CUT_HERE` and the headline stand at most N lines, the message of a `WARN`.
  private static let greatestMessage = 4

  private static func beginning(at index: Int, _ lines: [KernelLogLine]) -> (headline: Int, Kind)? {
    guard lines[index].message == cut else { return kind(of: lines[index]).map { (index, $0) } }
    for next in (index + 1)..<min(index + 2 + greatestMessage, max(lines.count, index + 1)) where next < lines.count {
      if let kind = kind(of: lines[next]) { return (next, kind) }
    }
    return nil
  }

  private static func end(after headline: Int, _ kind: Kind, isCut: Bool, _ lines: [KernelLogLine]) -> Int {
    guard kind.isFault else { return endOfRecord(headline, lines) }
    var next = headline + 1
    while next < lines.count, next - headline < longest {
      let message = lines[next].message
      if message.hasPrefix(end) { return next + 1 }
      // After a cut the headline may follow a message that is recognised too; "Oops:" follows "BUG:".
      let begins = !isCut && !message.hasPrefix("Oops") && self.kind(of: lines[next])?.isFault == true
      if message == cut || begins { return next }
      next += 1
    }
    return min(next, headline + shortest)
  }

  /// The lines of one record.
  private static func endOfRecord(_ index: Int, _ lines: [KernelLogLine]) -> Int {
    lines[index...].firstIndex { $0.sequence != lines[index].sequence } ?? lines.count
  }

  private static func isInterruptMark(_ message: String) -> Bool {
    ["<IRQ>", "<NMI>", "<SOFTIRQ>"].contains { message.hasSuffix($0) }
  }

  /// The kind of trouble that a line reports; `nil` if it reports none.
  static func kind(of line: KernelLogLine) -> Kind? {
    let message = line.message
    func begins(_ prefixes: String...) -> Bool { prefixes.contains { message.hasPrefix($0) } }
    func contains(_ parts: String...) -> Bool { parts.contains { message.contains($0) } }
    if begins("WARNING: ") {
      let isLockdep = contains(
        "locking dependency", "recursive locking", "inconsistent lock state", "lock order inversion",
        "suspicious RCU usage", "bad unlock balance", "held lock freed", "lock held when returning",
        "unsafe lock order", "Nested lock was not taken")
      return isLockdep ? .lockdep : .warning
    }
    if begins("INFO: trying to register non-static key", "DEBUG_LOCKS_WARN_ON(", "BUG: MAX_LOCKDEP_") {
      return .lockdep
    }
    if begins("INFO: task ", "INFO: rwsem"), contains("blocked for more than", "blocked on") { return .hungTask }
    if begins("rcu: INFO: ", "INFO: rcu"), contains("stall") { return .stall }
    if begins("watchdog: BUG: ", "watchdog: CPU", "Watchdog detected hard LOCKUP", "NMI watchdog: Watchdog detected") {
      return .stall
    }
    if begins("BUG: ", "kernel BUG at ") { return .bug }
    // A process that gets SIGSEGV is reported as "traps: NAME[PID] general protection fault ip:…".
    if begins("general protection fault", "Oops: general protection fault") { return .protectionFault }
    if begins("Oops", "Internal error: Oops", "Unable to handle kernel ", "Kernel panic - ") { return .oops }
    if begins("refcount_t: ") { return .warning }
    if begins("Ring buffer ["), contains(" commit overrun lost ") { return .lossReport }
    // Of level 4 (warning) or more severe: lttng-modules reports the end of each channel at level 7.
    if begins("LTTng: "), line.level <= 4 { return contains("records were lost") ? .channelLosses : .tracerWarning }
    return nil
  }
}

/// The thread that a line of the kernel's log names.
struct ThreadOfLine {
  let id: Int32
  let command: String?

  /// Reads the thread; `nil` if the line names none.
  init?(_ line: KernelLogLine) {
    if let (id, command) = ThreadOfLine.named(in: line.message), let number = Int32(id) {
      self.id = number
      self.command = command.map(String.init)
    } else if let caller = line.caller {
      id = caller
      command = nil
    } else {
      return nil
    }
  }

  private static func named(in message: String) -> (id: Substring, command: Substring?)? {
    // `dump_stack_print_info` of lib/dump_stack.c.
    if let match = message.firstMatch(of: #/^CPU: \d+ (?:UID: \d+ )?PID: (\d+) Comm: (.+?) (?:Not tainted|Tainted)/#) {
      return (match.output.1, match.output.2)
    }
    // `__warn` of kernel/panic.c, up to 6.18 and later.
    if let match = message.firstMatch(of: #/^WARNING: CPU: \d+ PID: (\d+) at /#) { return (match.output.1, nil) }
    if let match = message.firstMatch(of: #/^WARNING: .*, CPU#\d+: (.+)/(\d+)$/#) {
      return (match.output.2, match.output.1)
    }
    // `check_hung_task` of kernel/hung_task.c.
    if let match = message.firstMatch(of: #/^INFO: task (.+):(\d+) (?:is )?blocked/#) {
      return (match.output.2, match.output.1)
    }
    // Reports of kernel/locking/lockdep.c.
    if let match = message.firstMatch(of: #/^(\S.*)/(\d+) is (?:trying to|freeing|leaving|exiting)/#) {
      return (match.output.2, match.output.1)
    }
    // `watchdog_timer_fn` of kernel/watchdog.c.
    if let match = message.firstMatch(of: #/stuck for \d+s! \[(.+):(\d+)\]/#) {
      return (match.output.2, match.output.1)
    }
    // `show_signal_msg` of arch/x86/mm/fault.c, `do_trap_no_signal` and `exc_general_protection` of
    // arch/x86/kernel/traps.c.
    if let match = message.firstMatch(
      of: #/^(?:traps: )?(.+)\[(\d+)\](?:: segfault at| general protection fault| trap )/#)
    {
      return (match.output.2, match.output.1)
    }
    return nil
  }
}

/// The cause of trouble in the kernel's log, as far as the lines and the places of their threads show it.
public enum KernelLogCause: Sendable, Equatable {
  /// The part during which it came.
  case part
  /// Another program, or another part of the run.
  case others
  /// Nothing shows it, for this reason.
  case undecided(String)
}

extension KernelLogExcerpt {
  /// The trouble in the lines, that of other parts and programs included.
  public var troubles: [KernelTrouble] { KernelTrouble.all(in: lines) }

  /// The cause of trouble in these lines.
  public func cause(of trouble: KernelTrouble) -> KernelLogCause {
    guard let thread = trouble.thread else { return .undecided("the lines name no thread\(others)") }
    let name = trouble.command.map { "thread \(thread) (\($0))" } ?? "thread \(thread)"
    let place = threads?.first { $0.id == Int(thread) }?.place ?? .unknown
    if trouble.isInInterrupt, place != .otherProgram || inParallel != nil {
      return .undecided("it came in an interrupt of \(name)\(others)")
    }
    switch place {
    case .thisPart: return .part
    case .thisProgram where inParallel == nil: return .part
    case .anotherPart, .otherProgram: return .others
    case .thisProgram: return .undecided("\(name) of this program may work for any part\(others)")
    case .kernel: return .undecided("\(name) is the kernel's\(others)")
    case .unknown: return .undecided("nothing shows which program \(name) belongs to\(others)")
    }
  }

  private var others: String {
    switch inParallel {
    case nil: "; no other part ran, and other programs are not excluded"
    case 1: "; another part ran at the same time"
    case let count?: "; \(count) other parts ran at the same time"
    }
  }

  /// The first lines of trouble, without the registers and the modules: what a person looks at first.
  public func firstLines(of trouble: KernelTrouble, _ count: Int) -> [String] {
    let told = trouble.lines.lazy.map { lines[$0].message }.filter { !KernelLogExcerpt.isDump($0) }
    return Array(told.prefix(count))
  }

  private static func isDump(_ message: String) -> Bool {
    message.hasPrefix("------------[") || message.hasPrefix("Modules linked in:") || message.hasPrefix("Code: ")
      || message.hasPrefix("Hardware name:") || message.hasPrefix("Tainted: [")
      || message.firstMatch(of: /^(R[A-Z0-9]{2}|[CDEF]S|[CD]R\d|PKRU|E[A-Z]{2}):/) != nil
      || message.hasPrefix(" ? ")
  }
}
