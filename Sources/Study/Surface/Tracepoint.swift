import FoundationEssentials
import SubbufferSource

/// Tracepoints of the running kernel.
enum Tracepoint {
  /// The mount points of tracefs, on its own or below debugfs.
  private static let directories = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]

  /// The number by which perf knows a tracepoint.
  /// - Throws: ``SourceError`` of kind `unavailable` where it cannot be read.
  static func identifier(_ name: String) throws(SourceError) -> UInt64 {
    for directory in directories {
      let path = "\(directory)/events/\(name)/id"
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
      if let number = UInt64(text.prefix { $0.isNumber }) { return number }
    }
    throw SourceError(
      .unavailable, call: "read \(directories[0])/events/\(name)/id", detail: "the file is missing or not readable",
      remedy: "run as root on a kernel with CONFIG_FTRACE_SYSCALLS, with tracefs mounted: "
        + "mount -t tracefs nodev \(directories[0])")
  }
}
