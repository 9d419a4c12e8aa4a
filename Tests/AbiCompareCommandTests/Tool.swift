import Foundation
import TestPrograms
import Testing

/// The program under test, run as a user runs it.
enum Tool {
  struct Outcome {
    var pid: Int32
    var status: Int32
    var output: String
    var errors: String
  }

  /// The program in the directory of the test's own program.
  static let path: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: own).deletingLastPathComponent().appending(path: "abi-compare").path
  }()

  /// Returns a process that is ready to run the program and writes its output to the two files.
  static func process(
    _ arguments: [String], output: URL, errors: URL, prefix: [String] = [], path: String = Tool.path
  ) throws -> Process {
    let words = prefix + [path] + arguments
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    return process
  }

  /// Runs the program to its end.
  /// - Parameter prefix: a command that runs the program, such as `setpriv …`.
  static func run(_ arguments: String..., prefix: [String] = [], path: String = Tool.path) throws -> Outcome {
    try run(arguments, prefix: prefix, path: path)
  }

  /// Runs the program to its end.
  static func run(_ arguments: [String], prefix: [String] = [], path: String = Tool.path) throws -> Outcome {
    try withDirectory { directory in
      let output = directory.appending(path: "out")
      let errors = directory.appending(path: "err")
      let process = try process(arguments, output: output, errors: errors, prefix: prefix, path: path)
      try process.run()
      process.waitUntilExit()
      return Outcome(
        pid: process.processIdentifier,
        status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
        output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8)
      )
    }
  }

  /// Runs a shell command silently and returns its exit status.
  static func shell(_ command: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Copies the program and its producers to a directory that any user may enter.
  static func copyPrograms(to directory: URL) throws {
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    for name in ["abi-compare", "abi-compare-producer", "abi-compare-marker-writer"] {
      let from = URL(filePath: path).deletingLastPathComponent().appending(path: name)
      try TestPrograms.copy(from: from.path, to: directory.appending(path: name).path)
    }
  }

  /// Runs `body` with a directory that any user may write to, and removes it afterwards.
  static func withDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "cli-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o777])
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory)
  }

  /// Returns the sorted names in a directory; empty if the directory is missing.
  static func names(_ directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }

  /// The tracing instances of runs of the program.
  static var instances: [String] {
    names("/sys/kernel/tracing/instances").filter { $0.hasPrefix("abi-compare-") }
  }

  /// `true` if live back ends may be absent.
  static let allowsSkip = ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] == "1"

  /// Ends a test on a machine without tracefs: as skipped if live back ends may be absent, else as failed.
  static func requireTracefs() throws {
    if geteuid() == 0, FileManager.default.fileExists(atPath: "/sys/kernel/tracing/instances") { return }
    if allowsSkip { try Test.cancel("root and tracefs are needed") }
    throw NoTracefs()
  }

  private struct NoTracefs: Error, CustomStringConvertible {
    let description = "root and tracefs are needed; or set ABI_COMPARE_ALLOW_SKIP=1"
  }

  /// `true` if a back end may be absent. lttng-modules may be if its modules are not loaded; its tests run in the
  /// virtual machine.
  static func mayBeSkipped(_ backend: String) -> Bool {
    allowsSkip || (backend == "lttng-modules" && !FileManager.default.fileExists(atPath: "/proc/lttng"))
  }
}

/// The tests that run the program, one after the other.
@Suite(.serialized) struct ToolTests {}
