import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

/// A child process that reads commands from its standard input and writes answers to its standard output, in lines.
///
/// The child is killed and reaped with the last reference to this object.
package final class PipedProcess {
  package let pid: Int32
  /// The path of the program.
  package let executable: String

  private let commands: Int32
  private let diagnostics: Int32
  private var answers: LineReader
  private let ownGroup: Bool
  /// The end of the process; `nil` until it was reaped.
  package private(set) var ending: Ending?

  /// The result of waiting for a line.
  package enum Answer: Sendable, Equatable {
    /// A line, without its newline.
    case line(String)
    case timedOut
    /// The process closed its output.
    case ended
  }

  /// The end of a process.
  package enum Ending: Sendable, Equatable {
    case status(Int32)
    case signal(Int32)
    /// The process closed its output, and this program killed it.
    case closedOutput

    package var text: String {
      switch self {
      case .status(let status): "it ended with exit status \(status)"
      case .signal(let signal): "it was ended by signal \(signal)"
      case .closedOutput: "it closed its output"
      }
    }
  }

  /// Starts a program.
  /// - Parameters:
  ///   - executable: the path of the program.
  ///   - environment: changes to the environment of this process; `nil` removes a variable.
  ///   - longestLine: the maximum length of an answer, in bytes.
  ///   - ownGroup: starts the child in a new process group, which is killed as a whole: the child and its descendants.
  ///   - joinsStandardError: sends standard error to standard output.
  ///   - descriptor: file descriptor 3 of the child.
  /// - Throws: ``SourceError`` if a pipe cannot be created or the program cannot be started.
  package init(
    executable: String, arguments: [String], environment: [String: String?] = [:], longestLine: Int,
    ownGroup: Bool = false, joinsStandardError: Bool = false, descriptor: Int32? = nil
  ) throws(SourceError) {
    let pipes = try ProcessPipes()
    do {
      pid = try pipes.spawn(
        executable: executable, arguments: arguments, environment: environment, ownGroup: ownGroup,
        joinsStandardError: joinsStandardError, descriptor: descriptor)
    } catch {
      pipes.closeAll()
      throw error
    }
    pipes.closeChildEnds()
    self.executable = executable
    self.ownGroup = ownGroup
    commands = pipes.commandWrite
    diagnostics = pipes.diagnostics
    answers = LineReader(descriptor: pipes.answerRead, longest: longestLine)
  }

  deinit {
    close(commands)
    end()
    if ownGroup { awaitGroup() }
    close(answers.descriptor)
    close(diagnostics)
  }

  /// Writes to the standard input of the process.
  /// - Returns: `true` if all bytes were written.
  package func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return Glibc.send(commands, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Returns the next line of the process's standard output.
  /// - Throws: ``SourceError`` with `EINTR` after a signal, or if a line is too long.
  package func nextLine(_ timeout: Milliseconds) throws(SourceError) -> Answer {
    try answers.next(timeout)
  }

  /// The first 2048 bytes of the process's standard error, in one line.
  package var diagnosticsText: String { ProcessPipes.text(of: diagnostics) }

  package func send(signal: Int32) {
    if ending == nil { kill(pid, signal) }
  }

  /// Kills the process and reaps it.
  package func end() {
    guard ending == nil else { return }
    kill(pid, SIGKILL)
    _ = reap()
    ending = .closedOutput
  }

  /// Reaps the process, which has ended or is about to end.
  /// - Returns: the status of waitpid(2).
  private func reap() -> Int32 {
    // The group first: once its leader is reaped, its id may be reused.
    if ownGroup { kill(-pid, SIGKILL) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// Reaps the descendants of the process, which are children of this program after ``becomeSubreaper()``.
  private func awaitGroup() {
    var status: Int32 = 0
    while waitpid(-pid, &status, 0) > 0 || errno == EINTR {}
  }

  /// Makes this program the parent of descendants whose own parent has ended, so that it can reap them:
  /// `prctl(PR_SET_CHILD_SUBREAPER)`.
  package static func becomeSubreaper() {
    _ = cprocess_become_subreaper()
  }

  /// Has the kernel kill this process when its parent ends: `prctl(PR_SET_PDEATHSIG)`.
  /// - Parameter parent: the process that started this one.
  package static func endWithParent(_ parent: Int32) {
    cprocess_end_with_parent(parent)
  }

  /// Reaps the process, which has closed its output, and returns its end.
  package func howItEnded() -> Ending {
    if let ending { return ending }
    // As a rule it closed its output because it is ending, within a second.
    guard cprocess_await_end(pid, 1_000) == 1 else {
      end()
      return .closedOutput
    }
    let status = reap()
    let signal = status & 0x7F
    let ending: Ending = signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
    self.ending = ending
    return ending
  }
}

/// Both ends of a child's standard input, output and error.
///
/// All are closed on exec: one child does not hold the pipes of another open.
private struct ProcessPipes {
  let commandRead: Int32
  let commandWrite: Int32
  let answerRead: Int32
  let answerWrite: Int32
  /// A memfd for standard error.
  let diagnostics: Int32

  init() throws(SourceError) {
    // A socket: a write to a pipe without a reader would raise SIGPIPE in this process.
    (commandRead, commandWrite) = try ProcessPipes.ends("socketpair", cprocess_socket_pair)
    do {
      (answerRead, answerWrite) = try ProcessPipes.ends("pipe2", cprocess_pipe)
    } catch {
      close(commandRead)
      close(commandWrite)
      throw error
    }
    diagnostics = cprocess_memfd("abi-compare-stderr")
    guard diagnostics >= 0 else {
      let code = Glibc.errno
      for fd in [commandRead, commandWrite, answerRead, answerWrite] { close(fd) }
      throw SourceError(call: "memfd_create", errno: Errno(rawValue: code))
    }
  }

  func closeChildEnds() {
    close(commandRead)
    close(answerWrite)
  }

  func closeAll() {
    closeChildEnds()
    close(commandWrite)
    close(answerRead)
    close(diagnostics)
  }

  func spawn(
    executable: String, arguments: [String], environment: [String: String?], ownGroup: Bool,
    joinsStandardError: Bool, descriptor: Int32?
  ) throws(SourceError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, commandRead, 0)
    posix_spawn_file_actions_adddup2(&actions, answerWrite, 1)
    posix_spawn_file_actions_adddup2(&actions, joinsStandardError ? answerWrite : diagnostics, 2)
    if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, 3) }

    // Libraries of this process block signals (lttng-ust-ctl real-time ones); the child starts with none blocked.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let group = ownGroup ? POSIX_SPAWN_SETPGROUP : 0
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))

    let words = ([executable] + arguments).map { strdup($0) } + [nil]
    let variables = ProcessPipes.merged(environment).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, executable, &actions, &attributes, words, variables)
    guard code == 0 else {
      throw ProcessPipes.notStarted(executable, Errno(rawValue: code))
    }
    return pid
  }

  private static func notStarted(_ executable: String, _ code: Errno) -> SourceError {
    let call = "posix_spawn \(executable)"
    switch code {
    case .noSuchFileOrDirectory: return SourceError(call: call, errno: code, remedy: "build all products: swift build")
    case .permissionDenied: return SourceError(call: call, errno: code, remedy: "make it executable for this user")
    case .resourceTemporarilyUnavailable, .noMemory: return SourceError(.machine, call: call, errno: code)
    default: return SourceError(call: call, errno: code)
    }
  }

  /// The contents of a memfd.
  static func text(of descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 2048)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return "" }
    return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").joined(separator: "; ")
  }

  private static func ends(
    _ call: String, _ make: (UnsafeMutablePointer<Int32>?) -> Int32
  ) throws(SourceError) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    guard make(&ends) == 0 else { throw SourceError(call: call, errno: Errno(rawValue: Glibc.errno)) }
    return (ends[0], ends[1])
  }

  private static func merged(_ changes: [String: String?]) -> [String] {
    var all: [String] = []
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if !changes.keys.contains(String(text.prefix { $0 != "=" })) { all.append(text) }
      next += 1
    }
    return all + changes.compactMap { name, value in value.map { "\(name)=\($0)" } }
  }
}

/// Reads lines from a pipe, each within a time limit.
private struct LineReader {
  let descriptor: Int32
  private var pending: [UInt8] = []
  /// The number of bytes of ``pending`` without a newline.
  private var searched = 0
  /// The maximum length of a line, in bytes.
  private let longest: Int

  init(descriptor: Int32, longest: Int) {
    self.descriptor = descriptor
    self.longest = longest
  }

  /// - Throws: ``SourceError`` with `EINTR` after a signal, or if a line is too long.
  mutating func next(_ timeout: Milliseconds) throws(SourceError) -> PipedProcess.Answer {
    let deadline = ContinuousClock.now + .milliseconds(max(0, timeout))
    while true {
      if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        searched = 0
        return .line(line)
      }
      searched = pending.count
      guard searched <= longest else { throw SourceError(call: "read pipe", detail: "the line is too long") }
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline - .now
      let ready = poll(&request, 1, Milliseconds(max(0, left / .milliseconds(1))))
      if ready == 0 { return .timedOut }
      guard ready > 0 else { throw SourceError(call: "poll pipe", errno: Errno(rawValue: errno)) }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return .ended }
      pending += buffer[..<count]
    }
  }
}
