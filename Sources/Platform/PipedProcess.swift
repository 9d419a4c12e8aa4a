import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

/// A process that is told something by lines on its standard input, and that answers by lines on its standard output.
///
/// It is ended and reaped with the last reference to it.
public final class PipedProcess {
  /// The process.
  public let pid: Int32
  /// The path of the program.
  public let executable: String

  private let commands: Int32
  private let diagnostics: Int32
  private var answers: LineReader
  private let ownGroup: Bool
  private var reaped: Ending?

  /// The end of the process, after it was reaped.
  public var ending: Ending? { reaped }

  /// The result of waiting for a line.
  public enum Answer: Sendable, Equatable {
    /// A line, without its end.
    case line(String)
    /// The time ran out first.
    case timedOut
    /// The process has closed its output.
    case ended
  }

  /// The end of a process.
  public enum Ending: Sendable, Equatable {
    /// With this exit status.
    case status(Int32)
    /// By this signal.
    case signal(Int32)
    /// It closed its output and was then ended by this program.
    case closedOutput

    /// The ending in words.
    public var text: String {
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
  ///   - arguments: its arguments.
  ///   - environment: variables set beside those of this process; one with `nil` is removed.
  ///   - longestLine: no line that it says is longer, in bytes.
  ///   - ownGroup: puts it into a process group of its own, which is ended as a whole: with what it started.
  ///   - joinsStandardError: its standard error is part of its standard output.
  ///   - descriptor: what it is given as file descriptor 3.
  /// - Throws: ``SourceError`` where a pipe cannot be made or the program cannot be started.
  public init(
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
  /// - Returns: whether it took all of it.
  public func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return Glibc.send(commands, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// The next line of its standard output.
  /// - Throws: ``SourceError`` where a signal came (`EINTR`), or a line is too long.
  public func nextLine(_ timeout: Milliseconds) throws(SourceError) -> Answer {
    try answers.next(timeout)
  }

  /// Its standard error, in one line, up to 2048 bytes.
  public var diagnosticsText: String { ProcessPipes.text(of: diagnostics) }

  /// Sends a signal to the process.
  public func send(signal: Int32) {
    if reaped == nil { kill(pid, signal) }
  }

  /// Ends the process, at once, and reaps it.
  public func end() {
    guard reaped == nil else { return }
    kill(pid, SIGKILL)
    _ = reap()
    reaped = .closedOutput
  }

  /// Waits for the end of the process, which is there or about to come.
  /// - Returns: its status, as waitpid(2) tells it.
  private func reap() -> Int32 {
    // The group first: once its leader is reaped, its number may be given away.
    if ownGroup { kill(-pid, SIGKILL) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// Waits for the end of what the process started, where this program is told of it (``becomeSubreaper()``).
  private func awaitGroup() {
    var status: Int32 = 0
    while waitpid(-pid, &status, 0) > 0 || errno == EINTR {}
  }

  /// Makes this program the parent of processes whose own parent is gone, so that it can wait for their end.
  /// The corresponding call is `prctl(PR_SET_CHILD_SUBREAPER)`.
  public static func becomeSubreaper() {
    _ = cprocess_become_subreaper()
  }

  /// Has this process ended when the program that started it is gone. The corresponding call is
  /// `prctl(PR_SET_PDEATHSIG)`.
  /// - Parameter parent: the process that started this one.
  public static func endWithParent(_ parent: Int32) {
    cprocess_end_with_parent(parent)
  }

  /// The end of the process, once its output is at its end; reaps it.
  public func howItEnded() -> Ending {
    if let reaped { return reaped }
    // Its output is at its end because it ends, as a rule: that takes no second.
    guard cprocess_await_end(pid, 1_000) == 1 else {
      end()
      return .closedOutput
    }
    let status = reap()
    let signal = status & 0x7F
    let ending: Ending = signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
    reaped = ending
    return ending
  }
}
