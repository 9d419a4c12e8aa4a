import Glibc
import Platform
import SubbufferSource

/// A producer in a process of its own, pinned to one CPU; see `cworkload.h` for what is said between the two.
///
/// It is ended and reaped with the last reference to it. It also ends by itself when the program that started it is
/// gone, since its standard input then is at its end.
public final class ProducerProcess: LoadProducer {
  private let process: PipedProcess
  private let cpu: Int?
  /// The memory in which the producer counts its writes.
  private let page: ProgressPage
  /// The memory in which it stores the times of events.
  let eventTimes: EventTimes

  /// The process.
  public var pid: Int32 { process.pid }
  /// The path of the program.
  public var executable: String { process.executable }

  /// Starts a producer. It is ready when ``waitUntilReady(_:)`` returns.
  /// - Parameters:
  ///   - executable: the path of the program.
  ///   - arguments: its arguments, the CPU first.
  ///   - environment: variables set beside those of this process; one with `nil` is removed.
  /// - Throws: ``SourceError`` where a pipe cannot be made or the program cannot be started.
  public init(
    executable: String, arguments: [String], environment: [String: String?] = [:]
  ) throws(SourceError) {
    page = try ProgressPage()
    eventTimes = try EventTimes()
    let own: [String: String?] = page.environment.merging(eventTimes.environment) { $1 }
    cpu = arguments.first.flatMap { Int($0) }
    process = try PipedProcess(
      executable: executable, arguments: arguments, environment: environment.merging(own) { $1 }, longestLine: 4096)
  }

  /// Waits until the producer is pinned and its ring buffer open.
  /// - Throws: ``SourceError`` with what the producer said on standard error, where it ends or stays silent.
  public func waitUntilReady(_ timeout: Milliseconds) throws(SourceError) {
    let line = try answer(timeout, to: "start")
    guard let line else { throw failed("start", "no answer within \(timeout) ms") }
    guard line.hasPrefix("ready ") else { throw failed("start", "unexpected answer '\(line)'") }
  }

  /// Tells the producer to write a load, and returns at once.
  /// - Throws: ``SourceError`` where the producer is gone.
  public func start(_ load: Load) throws(SourceError) {
    let sizes = "\(load.payload) \(load.rate) \(load.burst) \(load.spread) \(load.seed)"
    try command("run \(load.first) \(load.count) \(sizes) \(load.pacing == .spin ? 1 : 0)")
  }

  /// Sends a command.
  func command(_ line: String) throws(SourceError) {
    guard process.send(line + "\n") else { throw failed("command", "its standard input is closed") }
  }

  /// The producer's report, once it has written its load; `nil` if the time runs out first.
  /// - Throws: ``SourceError`` where the producer is gone, or a signal came (`EINTR`).
  public func truth(within timeout: Milliseconds) throws(SourceError) -> Truth? {
    guard let line = try answer(timeout, to: "run") else { return nil }
    guard let truth = Truth(answer: Substring(line)) else { throw failed("run", "unexpected answer '\(line)'") }
    return truth
  }

  /// Has the producer write an event whose payload cannot be read: it ends where the payload is copied.
  /// - Returns: how it ended, in words.
  /// - Throws: ``SourceError`` where it is gone already, or goes on.
  public func endInsideWrite(sequence: UInt64) throws(SourceError) -> String {
    try command("fault \(sequence)")
    switch try process.nextLine(10_000) {
    case .ended: return process.howItEnded().text
    case .line(let line): throw failed("end", "unexpected answer '\(line)'")
    case .timedOut: throw failed("end", "it still runs after 10000 ms")
    }
  }

  /// Has the producer write an event whose payload cannot be read yet, and stay inside the write, where the payload is
  /// copied. Loads that it is given now are written by a signal handler inside that write.
  /// - Throws: ``SourceError`` where it is gone, of kind `unavailable` where it cannot be held here.
  public func hold(sequence: UInt64, payload: UInt32) throws(SourceError) {
    try command("hold \(sequence) \(payload)")
    guard let line = try answer(10_000, to: "hold") else { throw failed("hold", "no answer within 10000 ms") }
    if line.hasPrefix(ProducerProcess.cannotHold) {
      throw SourceError(
        .unavailable, call: "hold producer \(executable)",
        detail: String(line.dropFirst(ProducerProcess.cannotHold.count)),
        remedy: "run as root, on a kernel that may sleep while it copies the payload")
    }
    guard line == "held" else { throw failed("hold", "unexpected answer '\(line)'") }
  }

  private static let cannotHold = "cannot hold: "

  /// Has the producer end the write in which it was held.
  /// - Throws: ``SourceError`` where it is gone.
  @discardableResult
  public func endHold() throws(SourceError) -> Truth {
    try command("go")
    guard let truth = try truth(within: 10_000) else { throw failed("go", "no answer within 10000 ms") }
    return truth
  }

  /// The events written since the producer's start, by its counters: also while it writes, and when it is gone.
  public var progress: Truth { page.truth }

  /// The end of the process, after it was found to be gone.
  package var ending: PipedProcess.Ending? { process.ending }

  /// The producer's standard error, in one line, up to 2048 bytes.
  public var diagnosticsText: String { process.diagnosticsText }

  /// Sends a signal to the producer.
  public func send(signal: Int32) {
    process.send(signal: signal)
  }

  /// Ends the producer, at once, and reaps it.
  public func end() {
    process.end()
  }

  /// The next line; `nil` where the time runs out first.
  private func answer(_ timeout: Milliseconds, to call: String) throws(SourceError) -> String? {
    switch try process.nextLine(timeout) {
    case .line(let line): return line
    case .timedOut: return nil
    case .ended: throw failed(call, "no answer: \(process.howItEnded().text)")
    }
  }

  private func failed(_ call: String, _ detail: String) -> SourceError {
    let said = diagnosticsText
    if let cpu, !CPUPlacement.allowed.contains(cpu) {
      return SourceError(
        .machine, call: "\(call) producer \(executable)",
        detail: "CPU \(cpu) is offline, or no longer in the affinity mask of this process; \(detail)",
        remedy: "allow this process to run on the CPU again, or choose another with --cpu-producer")
    }
    return SourceError(
      call: "\(call) producer \(executable)", detail: said.isEmpty ? detail : "\(detail); its standard error: \(said)",
      remedy: "find out what ended it; if it does not start, build all products: swift build")
  }
}

/// The producers that are built next to this program.
public enum ProducerExecutable: String, Sendable, CaseIterable {
  /// Writes to the `trace_marker_raw` of a tracefs instance.
  case markerWriter = "abi-compare-marker-writer"
  /// Writes to `/proc/lttng-logger`.
  case loggerWriter = "abi-compare-logger-writer"
  /// Is traced by LTTng-UST.
  case tracedProcess = "abi-compare-producer"
  /// Calls the function that a uprobe is put on.
  case probedWriter = "abi-compare-probed-writer"

  /// The path of the program: in the directory of this program, or in `ABI_COMPARE_PRODUCERS` where that is set.
  /// - Throws: ``SourceError`` if there is none.
  public func path() throws(SourceError) -> String { try ProducerExecutable.path(of: rawValue) }

  /// The path of a producer by the name of its program, for a back end that brings its own: in the same directory.
  /// - Throws: ``SourceError`` if there is none.
  public static func path(of name: String) throws(SourceError) -> String {
    let path = "\(directory)/\(name)"
    guard access(path, X_OK) == 0 else {
      throw SourceError(
        .unavailable, call: "access \(path)", detail: "the producer is missing from the directory of this program",
        remedy: "build all products: swift build; or set ABI_COMPARE_PRODUCERS to their directory")
    }
    return path
  }

  /// The directory in which programs are looked for.
  public static var directory: String {
    if let chosen = getenv("ABI_COMPARE_PRODUCERS") { return String(cString: chosen) }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return "." }
    let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
