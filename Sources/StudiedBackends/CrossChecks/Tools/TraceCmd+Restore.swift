import Glibc
import SubbufferSource
import SystemPackage

extension TraceCmd {
  /// Has `trace-cmd restore` make a file of sub-buffers that this program was handed out, and reports on it. No ring
  /// buffer is touched.
  ///
  /// The sub-buffers of a CPU lie one after the other in a file, as trace-cmd-record(1) leaves them where it is ended
  /// before its time; CPUs are told by the order of the files, so those below have empty ones.
  /// - Parameters:
  ///   - pages: whole sub-buffers, in order. They have to be as large as a page: trace-cmd 3.1.6 writes the machine's
  ///     page size into its file as that of all sub-buffers.
  ///   - cpu: whose they are.
  /// - Throws: ``SourceError`` where a file cannot be written or trace-cmd fails.
  func restore(_ pages: [[UInt8]], cpu: Int) throws(SourceError) -> TraceCmdReport {
    let directory = try CrossCheckDirectory()
    var files: [String] = []
    for number in 0...cpu {
      files.append("\(directory.path)/pages.cpu\(number)")
      try Self.write(number == cpu ? pages : [], to: files[number])
    }
    let output = "\(directory.path)/trace.dat"
    _ = try ToolRun.lines(of: tool.path, ["restore", "-o", output] + files)
    return try TraceCmdReport(report(output))
  }

  private static func write(_ pages: [[UInt8]], to path: String) throws(SourceError) {
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerReadWrite])
      try file.closeAfter {
        for page in pages { _ = try file.writeAll(page) }
      }
    } catch {
      throw SourceError(call: "write \(path)", errno: error as? Errno)
    }
  }
}
