import Platform
import Study
import SubbufferSource

/// A program of others that is run to its end.
enum ToolRun {
  /// The longest line that is taken, in bytes.
  private static let longestLine = 1 << 20

  /// Runs a program and takes all that it writes to its standard output.
  ///
  /// It is ended, with all that it started, where it is not done in time.
  /// - Parameters:
  ///   - seconds: how long it may take from its start to its end.
  ///   - statuses: the exit statuses that are no failure.
  /// - Returns: the lines.
  /// - Throws: ``SourceError`` where it cannot be started, takes too long, or ends with another status; of kind
  ///   `interrupted` where the user ends the run.
  static func lines(
    of executable: String, _ arguments: [String], within seconds: Int = 60, statuses: Set<Int32> = [0]
  ) throws(SourceError) -> [String] {
    let guarded = guarded(executable, arguments)
    let process = try PipedProcess(
      executable: guarded.executable, arguments: guarded.arguments, environment: environment, longestLine: longestLine,
      ownGroup: true)
    let deadline = ContinuousClock.now + .seconds(seconds)
    let call = ([executable] + arguments).joined(separator: " ")
    var lines: [String] = []
    while true {
      try Interruption.check()
      switch try process.nextLine(100) {
      case .line(let line): lines.append(line)
      case .ended:
        let ending = process.howItEnded()
        if case .status(let status) = ending, statuses.contains(status) { return lines }
        throw SourceError(call: call, detail: "\(ending.text); its standard error: \(process.diagnosticsText)")
      case .timedOut: break
      }
      if ContinuousClock.now > deadline {
        process.end()
        throw SourceError(call: call, detail: "it did not finish within \(seconds) s")
      }
    }
  }

  /// The program as setpriv(1) starts it, where there is that: the kernel ends it when this program is killed. Otherwise it
  /// would go on, and keep a file of an instance open for as long.
  private static func guarded(
    _ executable: String, _ arguments: [String]
  ) -> (executable: String, arguments: [String]) {
    guard let setpriv = InstalledTool("setpriv") else { return (executable, arguments) }
    return (setpriv.path, ["--pdeathsig", "KILL", executable] + arguments)
  }

  /// Numbers, times and words as the parsers know them.
  private static let environment = ["LC_ALL": "C", "TZ": "UTC", "BABELTRACE_TERM_COLOR": "NEVER"]
}
