import Glibc
import Platform
import Results
import SubbufferSource
import SystemPackage

/// A private directory for what is given to programs of others, `abi-compare-SCOPE-PID-STARTTIME-XXXXXX`. It goes with the
/// value, with the files in it.
package final class CrossCheckDirectory {
  /// The path.
  package let path: String

  /// Makes one.
  /// - Throws: ``SourceError`` where it cannot be made.
  package init() throws(SourceError) {
    var template = Array(OwnedDirectory.template.utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SourceError(
        call: "mkdtemp in \(OwnedDirectory.parent)", errno: Errno(rawValue: errno),
        remedy: "set TMPDIR to a writable directory")
    }
    path = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  deinit {
    if let directory = OwnedDirectory.open(AT_FDCWD, path) {
      Self.empty(directory)
      close(directory)
    }
    rmdir(path)
  }

  /// Writes a new file in it.
  /// - Parameters:
  ///   - pieces: its bytes.
  ///   - name: one of those that are removed with the directory: `pages.cpu0`.
  /// - Returns: its path.
  /// - Throws: ``SourceError`` where it cannot be written.
  package func write(_ pieces: [[UInt8]], to name: String) throws(SourceError) -> String {
    let path = "\(path)/\(name)"
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerReadWrite])
      try file.closeAfter {
        for piece in pieces { _ = try file.writeAll(piece) }
      }
    } catch {
      throw SourceError(call: "write \(path)", errno: error as? Errno)
    }
    return path
  }

  /// Removes the directories that owners left who do not run any more.
  /// - Returns: the paths of those that were removed.
  package static func removeAbandoned() -> [String] {
    OwnedDirectory.removeAbandoned(empty)
  }

  /// Removes the files that recordings and tools make; anything else stays, and the directory with it.
  private static func empty(_ directory: Int32) {
    for name in names(in: directory) where isOurs(name) { unlinkat(directory, name, 0) }
  }

  private static func isOurs(_ name: String) -> Bool {
    name == "metadata" || ["stream-", "trace.dat", "pages.cpu", "perf.data"].contains { name.hasPrefix($0) }
  }

  private static func names(in directory: Int32) -> [String] {
    // The stream closes what it is given.
    guard let stream = fdopendir(fcntl(directory, F_DUPFD_CLOEXEC, 0)) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }
}

/// A program of others that is run to its end.
package enum ToolRun {
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
  package static func lines(
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

/// A program of others that was looked for.
package struct FoundTool<Tool> {
  /// The program; `nil` where it cannot be used.
  package let tool: Tool?
  /// Why it cannot be used.
  package let reason: CrossCheckResult.Skip

  /// Looks for it.
  /// - Parameters:
  ///   - missing: what is said where it is not installed.
  ///   - find: finds it; `nil` where it is not installed.
  /// - Throws: ``SourceError`` of kind `interrupted` only; a program that fails cannot be used.
  package init(
    orSay missing: CrossCheckResult.Skip, _ find: () throws(SourceError) -> Tool?
  ) throws(SourceError) {
    do {
      tool = try find()
      reason = missing
    } catch {
      // A signal ends what is going on with an error of its own.
      try Interruption.check()
      tool = nil
      reason = CrossCheckResult.Skip(failed: error)
    }
  }
}

extension CrossCheckResult.Skip {
  /// A tool that failed.
  package init(failed error: SourceError) {
    self.init(reason: error.reason, remedy: error.remedy)
  }
}

extension InstalledTool {
  /// The reason and the remedy if it is not installed.
  package static func missing(_ name: String, package: String) -> CrossCheckResult.Skip {
    CrossCheckResult.Skip(reason: "\(name) is not on the PATH", remedy: "apt-get install \(package)")
  }
}
