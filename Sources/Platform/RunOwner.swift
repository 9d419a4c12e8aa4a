import Glibc

/// The process to which something belongs that outlives a process: a tracing instance, a directory.
///
/// The name of the thing is `abi-compare-SCOPE-PID-STARTTIME-…`: the process, and the scope in which its id and start
/// time are valid, so that a later run removes what a killed run left, and nothing else.
public struct RunOwner: Sendable, Equatable {
  private static let prefix = "abi-compare-"
  private static let unknownScope = "unknown"

  /// The scope of ``pid`` and ``startTime``; `nil` if the owner could not read it.
  public var scope: ProcessScope?
  /// The process.
  public var pid: Int32
  /// The start of the process, in clock ticks after boot: field 22 of `/proc/PID/stat` (proc(5)); 0 if the owner could
  /// not read it.
  public var startTime: UInt64

  /// The state of a process, as seen from this one.
  public enum State: Sendable, Equatable {
    /// It runs, or nothing here shows that it does not.
    case alive
    /// The process belongs to this scope and no longer runs.
    case dead
    /// The process belongs to another boot, PID namespace or time namespace: nothing here shows whether it runs.
    case elsewhere
  }

  /// This process.
  public static let current = RunOwner(pid: getpid(), startTime: ProcessStatus("/proc/self/stat")?.startTime ?? 0)

  /// Names an owner, of this process's scope unless another is given.
  public init(scope: ProcessScope? = .current, pid: Int32, startTime: UInt64) {
    self.scope = scope
    self.pid = pid
    self.startTime = startTime
  }

  /// The owner in a name; `nil` if the name is not of that form.
  public init?(inName name: String) {
    guard name.hasPrefix(RunOwner.prefix) else { return nil }
    let parts = name.dropFirst(RunOwner.prefix.count)
      .split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, let pid = Int32(parts[1]), pid > 0, let start = UInt64(parts[2]) else { return nil }
    let scope = ProcessScope(parts[0])
    guard scope != nil || parts[0] == RunOwner.unknownScope else { return nil }
    self.init(scope: scope, pid: pid, startTime: start)
  }

  /// The name of something that belongs to this owner.
  public func name(_ suffix: String) -> String {
    "\(RunOwner.prefix)\(scope?.text ?? RunOwner.unknownScope)-\(pid)-\(startTime)-\(suffix)"
  }

  /// The state of the process. It is dead only if the evidence cannot be an effect of a namespace, mount or permission.
  public var state: State {
    guard let scope, scope == .current else { return .elsewhere }
    // The kernel looks in this process's PID namespace, whichever /proc is mounted here; a process that may not be
    // signalled gives EPERM.
    if kill(pid, 0) != 0, errno == ESRCH { return .dead }
    guard ProcessStatus.isOfThisNamespace, let status = ProcessStatus("/proc/\(pid)/stat") else { return .alive }
    if status.hasEnded { return .dead }
    return startTime == 0 || status.startTime == startTime ? .alive : .dead
  }

  /// The names in a directory that have an owner, with it; none if the directory cannot be read.
  public static func owned(in directory: String) -> [(name: String, owner: RunOwner)] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var owned: [(String, RunOwner)] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let owner = RunOwner(inName: name) { owned.append((name, owner)) }
    }
    return owned
  }

  /// The names in a directory of what belongs to dead owners; none if the directory cannot be read.
  public static func abandoned(in directory: String) -> [String] {
    owned(in: directory).filter { $0.owner.state == .dead }.map(\.name)
  }
}

/// The fields of `/proc/PID/stat` that tell whether a process lives (proc(5)).
private struct ProcessStatus {
  /// Field 22, in clock ticks after boot.
  let startTime: UInt64
  /// `true` if the process is a zombie without threads.
  let hasEnded: Bool

  init?(_ path: String) {
    guard let bytes = ProcFile.read(path),
      // The second field is the name in parentheses and may contain anything, parentheses too.
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard fields.count > 19, let threads = Int(fields[17]), let start = UInt64(fields[19]) else { return nil }
    startTime = start
    // The main thread may have ended before others.
    hasEnded = (fields[0] == "Z" || fields[0] == "X") && threads <= 1
  }

  /// `true` if `/proc` was mounted in this process's PID namespace: `NSpid` has one id for each namespace from the
  /// mounter's down to the process's own.
  static let isOfThisNamespace: Bool = {
    guard let bytes = ProcFile.read("/proc/self/status") else { return false }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    // A kernel without PID namespaces has no such line.
    guard let line = lines.first(where: { $0.hasPrefix("NSpid:") }) else {
      return ProcessScope.current?.pidNamespace == 0
    }
    return line.dropFirst("NSpid:".count).split(whereSeparator: \.isWhitespace).map(String.init) == ["\(getpid())"]
  }()
}
