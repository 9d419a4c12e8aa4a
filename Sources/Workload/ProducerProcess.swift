import Glibc
import SubbufferSource
import SystemPackage

/// A producer in a process of its own, pinned to one CPU; see `cworkload.h` for what is said between the two.
///
/// It is ended and reaped with the last reference to it. It also ends by itself when the program that started it is
/// gone, since its standard input then is at its end.
public final class ProducerProcess {
  /// The process.
  public let pid: Int32
  /// The path of the program.
  public let executable: String

  private let commands: Int32
  private let diagnostics: Int32
  private var answers: LineReader
  private var reaped = false

  /// Starts a producer. It is ready when ``waitUntilReady(_:)`` returns.
  /// - Parameters:
  ///   - executable: the path of the program.
  ///   - arguments: its arguments, the CPU first.
  ///   - environment: variables set beside those of this process.
  /// - Throws: ``SourceError`` where a pipe cannot be made or the program cannot be started.
  public init(
    executable: String, arguments: [String], environment: [String: String] = [:]
  ) throws(SourceError) {
    let pipes = try ProducerPipes()
    do {
      pid = try pipes.spawn(executable: executable, arguments: arguments, environment: environment)
    } catch {
      pipes.closeAll()
      throw error
    }
    pipes.closeChildEnds()
    self.executable = executable
    commands = pipes.commandWrite
    diagnostics = pipes.diagnostics
    answers = LineReader(descriptor: pipes.answerRead)
  }

  deinit {
    close(commands)
    end()
    close(answers.descriptor)
    close(diagnostics)
  }

  /// Waits until the producer is pinned and its ring buffer open.
  /// - Throws: ``SourceError`` with what the producer said on standard error, where it ends or stays silent.
  public func waitUntilReady(_ timeout: Milliseconds) throws(SourceError) {
    let line = try nextAnswer(timeout)
    guard line.hasPrefix("ready ") else { throw failed("start", "it answered '\(line)'") }
  }

  /// Tells the producer to write a load, and returns at once.
  /// - Throws: ``SourceError`` where the producer is gone.
  public func start(_ load: Load) throws(SourceError) {
    let command = "run \(load.first) \(load.count) \(load.payload) \(load.rate) \(load.burst)\n"
    let bytes = Array(command.utf8)
    guard Glibc.send(commands, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw failed("command", "it does not take commands any more")
    }
  }

  /// What the producer wrote, once it has written its load; `nil` where the time runs out first.
  /// - Throws: ``SourceError`` where the producer is gone, or a signal came (`EINTR`).
  public func truth(within timeout: Milliseconds) throws(SourceError) -> Truth? {
    guard let line = try answers.next(timeout, gone: { failed("run", "before it answered \(howItEnded())") }) else {
      return nil
    }
    guard let truth = Truth(answer: Substring(line)) else { throw failed("run", "it answered '\(line)'") }
    return truth
  }

  /// Sends a signal to the producer.
  public func send(signal: Int32) {
    if !reaped { kill(pid, signal) }
  }

  /// Ends the producer, at once, and reaps it.
  public func end() {
    guard !reaped else { return }
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    reaped = true
  }

  private func nextAnswer(_ timeout: Milliseconds) throws(SourceError) -> String {
    let line = try answers.next(timeout, gone: { failed("start", howItEnded()) })
    guard let line else { throw failed("start", "it said nothing for \(timeout) ms") }
    return line
  }

  /// How the producer ended, when its output is at its end; reaps it.
  private func howItEnded() -> String {
    guard !reaped else { return "it ended" }
    var status: Int32 = 0
    // Its output is at its end because it ends, as a rule: that takes no second.
    for _ in 0..<200 {
      if waitpid(pid, &status, WNOHANG) == pid {
        reaped = true
        let signal = status & 0x7F
        return signal == 0 ? "it ended with exit status \(status >> 8 & 0xFF)" : "it was ended by signal \(signal)"
      }
      usleep(5_000)
    }
    end()
    return "it closed its output"
  }

  private func failed(_ call: String, _ detail: String) -> SourceError {
    let said = ProducerPipes.text(of: diagnostics)
    return SourceError(
      call: "\(call) producer \(executable)", detail: said.isEmpty ? detail : "\(detail); it said: \(said)",
      remedy: "look for who ended it; if it does not start at all, build all products: swift build")
  }
}
