import Platform
import Study
import SubbufferSource

/// trace-cmd, which reads the kernel's ring buffers and files of their sub-buffers.
struct TraceCmd {
  /// Its name and version: `trace-cmd 3.1.6`.
  let title: String
  let tool: InstalledTool

  /// Why it cannot be used where it is not installed.
  static let missing = InstalledTool.missing("trace-cmd", package: "trace-cmd")

  /// Looks for it; `nil` where it is not installed.
  /// - Throws: ``SourceError`` where it does not run.
  init?() throws(SourceError) {
    guard let tool = InstalledTool("trace-cmd") else { return nil }
    self.tool = tool
    // Without arguments it says its version and how it is used, and ends with EXIT_FAILURE.
    title = Self.title(try ToolRun.lines(of: tool.path, [], statuses: [0, 1, 255]))
  }

  /// Of `trace-cmd version 3.1.6 (not-a-git-repo)` the version.
  static func title(_ lines: [String]) -> String {
    let start = "trace-cmd version "
    guard let line = lines.first(where: { $0.hasPrefix(start) }) else { return "trace-cmd" }
    return "trace-cmd \(line.dropFirst(start.count).prefix { $0 != " " })"
  }

  /// The report on a file of its own, `trace.dat`, with whole nanoseconds.
  /// - Returns: the lines, for ``TraceCmdReport``.
  /// - Throws: ``SourceError`` where it ends with an error.
  func report(_ file: String) throws(SourceError) -> [String] {
    try ToolRun.lines(of: tool.path, ["report", "-t", "-i", file])
  }
}
