import Foundation
import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage

/// A program of the host that is run to its end as a step of something longer.
struct HostProgram {
  /// The name of the step, for messages: `build the modules`.
  var step: String
  /// The name of the program, which is looked for on the `PATH`.
  var name: String
  /// The options before its arguments, omitted from messages.
  var options: [String] = []
  /// Its arguments.
  var arguments: [String]
  /// Its working directory; `nil` for this program's directory.
  var directory: String?
  /// Variables set beside those of this process.
  var environment: [String: String] = [:]
  /// The remedy if it fails.
  var remedy: String
  /// The Debian package that has it.
  var package: String

  /// The step and the command, for a message.
  var call: String { "\(step): \(([name] + arguments).joined(separator: " "))" }

  /// Runs the program and keeps what it says in a file.
  ///
  /// The kernel ends it when this program is killed (`setpriv --pdeathsig`), and all that it started ends with it.
  /// - Parameters:
  ///   - log: the path of the file.
  ///   - seconds: how long it may take.
  ///   - isReason: selects the line that gives the reason of a failure; without one the last lines are reported.
  /// - Throws: ``SourceError`` with what it said, where it fails; of kind `unavailable` where it is not
  ///   installed, of kind `interrupted` where the user ends the run.
  func run(
    log: String, within seconds: Int, isReason: (String) -> Bool = { _ in false }
  ) throws(SourceError) {
    var said: [String] = []
    do throws(SourceError) {
      try take(within: seconds, withErrors: true) { said.append($0) }
    } catch {
      try? HostFiles.write(Data(said.joined(separator: "\n").utf8), to: log)
      guard error.kind == .call, !said.isEmpty else { throw error }
      var told = error
      let full = said.first { $0.contains("No space left on device") }
      if full != nil {
        told.kind = .machine
        told.errno = .noSpace
        told.remedy = "free some space, or name another directory: --cache, TMPDIR"
      }
      told.detail += "; its output: \(full ?? said.first(where: isReason) ?? said.suffix(5).joined(separator: "; "))"
      throw told
    }
    try HostFiles.write(Data(said.joined(separator: "\n").utf8), to: log)
  }

  /// Runs the program and takes the lines of its standard output.
  /// - Throws: as ``run(log:within:)``.
  func lines(within seconds: Int) throws(SourceError) -> [String] {
    var lines: [String] = []
    try take(within: seconds, withErrors: false) { lines.append($0) }
    return lines
  }

  private func take(
    within seconds: Int, withErrors: Bool, _ body: (String) -> Void
  ) throws(SourceError) {
    let process = try start(withErrors: withErrors)
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      try Interruption.check()
      switch try process.nextLine(100) {
      case .line(let line): body(line)
      case .timedOut where ContinuousClock.now > deadline:
        process.end()
        throw SourceError(call: call, detail: "it did not finish within \(seconds) s", remedy: remedy)
      case .timedOut: break
      case .ended:
        let ending = process.howItEnded()
        if ending == .status(0) { return }
        let said = process.diagnosticsText
        throw SourceError(
          call: call, detail: said.isEmpty ? ending.text : "\(ending.text); its standard error: \(said)", remedy: remedy
        )
      }
    }
  }

  private func start(withErrors: Bool) throws(SourceError) -> PipedProcess {
    let guarded = try guardedCommand()
    let place = directory.map { _ in "cd \"$ABI_COMPARE_DIRECTORY\" && " } ?? ""
    var variables = environment
    variables["ABI_COMPARE_DIRECTORY"] = directory
    return try PipedProcess(
      executable: "/bin/sh",
      arguments: ["-c", "\(place)exec \"$0\" \"$@\"\(withErrors ? " 2>&1" : "")", guarded.executable]
        + guarded.arguments,
      environment: variables, longestLine: 1 << 20, ownGroup: true)
  }

  /// The program as setpriv(1) starts it.
  private func guardedCommand() throws(SourceError) -> (executable: String, arguments: [String]) {
    let program = try HostProgram.path(name, package: package, step: step)
    let setpriv = try HostProgram.path("setpriv", package: "util-linux", step: step)
    return (setpriv, ["--pdeathsig", "KILL", program] + options + arguments)
  }

  /// The path of a program on the `PATH`.
  /// - Throws: ``SourceError`` of kind `unavailable` where it is not there.
  static func path(_ name: String, package: String, step: String) throws(SourceError) -> String {
    guard let tool = InstalledTool(name) else {
      throw SourceError(
        .unavailable, call: step,
        detail: name.contains("/") ? "\(name) is missing or not executable" : "\(name) is not on the PATH",
        remedy: "apt-get install \(package)")
    }
    return tool.path
  }
}

/// The end of a text file.
enum LastLines {
  /// The last lines of a file, in one; empty where it cannot be read.
  static func of(_ path: String, _ count: Int) -> String {
    lines(of: path).suffix(count).joined(separator: "; ")
  }

  /// The lines of a file that are not empty, without what a terminal would not show.
  static func lines(of path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    let text = String(decoding: data.filter { $0 >= 0x20 || $0 == 0x0A || $0 == 0x09 }, as: UTF8.self)
    return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}

/// A limit on the time of a process, in which the time for which it waited for a CPU does not count.
///
/// On a loaded machine a guest takes many times as long as on an idle one. The limit is asked for repeatedly: each time the
/// interval since the last one is counted.
struct ProcessDeadline {
  private let pid: Int32
  private var left: Duration
  private var last: (time: ContinuousClock.Instant, threads: ThreadTimes)

  /// Begins now.
  init(_ pid: Int32, seconds: Int) {
    self.pid = pid
    left = .seconds(seconds)
    last = (.now, ThreadTimes(pid))
  }

  /// Counts the interval since the last call.
  /// - Returns: `true` if the time is over.
  mutating func isOver() -> Bool {
    let now = (time: ContinuousClock.now, threads: ThreadTimes(pid))
    left -= now.threads.own(of: last.time.duration(to: now.time), since: last.threads)
    last = now
    return left <= .zero
  }
}

/// The times of the threads of a process.
///
/// `/proc/PID/task/TID/schedstat` has the time on a CPU and the time in which the thread waited for one, both in
/// nanoseconds; a wait is added when it ends (Documentation/scheduler/sched-stats.rst, sched_info_arrive of
/// kernel/sched/stats.h). Zero on a kernel that does not count them.
private struct ThreadTimes {
  private var running: Int64 = 0
  private var waiting: Int64 = 0
  /// `true` if a thread has a CPU or waits for one.
  private var isReady = false

  init(_ pid: Int32) {
    let tasks = "/proc/\(pid)/task"
    for task in HostFiles.names(in: tasks) {
      guard let text = try? HostFiles.text("\(tasks)/\(task)/schedstat"),
        let state = try? HostFiles.text("\(tasks)/\(task)/stat")
      else { continue }
      let times = text.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
      guard times.count > 1 else { continue }
      running += times[0]
      waiting += times[1]
      // The name before the state may contain parentheses.
      if let name = state.lastIndex(of: ")"), state[name...].dropFirst(2).first == "R" { isReady = true }
    }
  }

  /// The part of an interval in which the process did not wait for a CPU.
  func own(of interval: Duration, since before: ThreadTimes) -> Duration {
    // A wait that lasts is not counted yet.
    if isReady, running == before.running { return .zero }
    // The times of a thread that has ended are in neither sum, so that the difference may be negative.
    return min(interval, max(.zero, interval - .nanoseconds(waiting - before.waiting)))
  }
}
