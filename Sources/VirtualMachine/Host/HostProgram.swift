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
