import Glibc
import SubbufferSource
import SystemPackage

/// A reader of the kernel's log from its present end on. It never blocks.
public final class KernelLogReader {
  /// The result of a read.
  public enum Next: Sendable, Equatable {
    /// A record.
    case record(KernelLogRecord)
    /// Records were overwritten before they were read (`EPIPE`); the next read returns the oldest that is left.
    case overwritten
    /// There is none yet.
    case none
  }

  /// The device of the kernel's log.
  public static let device = "/dev/kmsg"

  private let descriptor: Int32
  private let path: String
  /// `devkmsg_read` returns `EINVAL` if a record is longer; `PRINTK_MESSAGE_MAX` is 2048 bytes.
  private var buffer = [UInt8](repeating: 0, count: 8192)

  /// Opens the log after its last record.
  /// - Throws: ``SourceError`` of kind `unavailable` if this process may not read it, or there is none.
  public init(path: String = KernelLogReader.device) throws(SourceError) {
    self.path = path
    descriptor = try KernelLog.open(path, O_RDONLY | O_NONBLOCK)
    guard lseek(descriptor, 0, SEEK_END) >= 0 else {
      let error = Errno(rawValue: errno)
      close(descriptor)
      throw SourceError(.unavailable, call: "lseek \(path)", errno: error)
    }
  }

  deinit {
    close(descriptor)
  }

  /// Reads the next record.
  /// - Throws: ``SourceError`` if the read fails, or returns no record.
  public func next() throws(SourceError) -> Next {
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count < 0 else {
        guard let record = KernelLogRecord(buffer[..<count]) else {
          throw SourceError(.unknownFormat, call: "read \(path)", detail: "a record without its fields")
        }
        return .record(record)
      }
      switch errno {
      case EAGAIN: return .none
      case EPIPE: return .overwritten
      case EINTR: continue
      default: throw SourceError(call: "read \(path)", errno: Errno(rawValue: errno))
      }
    }
  }
}

/// Calls on the kernel's log.
public enum KernelLog {
  /// Writes a record, with its newline: readers see a record without one only when the next is written (`vprintk_store` of
  /// kernel/printk/printk.c keeps it open for a continuation).
  ///
  /// Each call opens the device anew: `devkmsg_open` begins a new rate limit (10 records in 5 seconds), which counts
  /// the records of one descriptor. If `printk.devkmsg` is off, the kernel accepts a write and discards it.
  /// - Parameters:
  ///   - text: one line, of at most 1000 bytes.
  ///   - level: from 0 (emergency) to 7 (debug).
  /// - Throws: ``SourceError`` of kind `unavailable` if this process may not write to it, or there is none.
  public static func write(
    _ text: String, level: Int = 7, path: String = KernelLogReader.device
  ) throws(SourceError) {
    let descriptor = try open(path, O_WRONLY)
    defer { close(descriptor) }
    let bytes = Array("<\(level & 7)>\(text)\n".utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw SourceError(call: "write \(path)", errno: Errno(rawValue: errno))
    }
  }

  static func open(_ path: String, _ flags: Int32) throws(SourceError) -> Int32 {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC)
    guard descriptor < 0 else { return descriptor }
    let error = Errno(rawValue: errno)
    let (detail, remedy) = cause(of: error)
    throw SourceError(.unavailable, call: "open \(path)", errno: error, detail: detail, remedy: remedy)
  }

  /// `devkmsg_open` returns EPERM if `printk.devkmsg` is off, or if `kernel.dmesg_restrict` is set and the process lacks
  /// CAP_SYSLOG.
  private static func cause(of error: Errno) -> (detail: String, remedy: String) {
    func setting(_ name: String) -> String? { ProcFile.line("/proc/sys/kernel/\(name)") }
    switch error {
    case .noSuchFileOrDirectory: return ("", "mknod /dev/kmsg c 1 11")
    case .notPermitted where setting("printk_devkmsg") == "off":
      return ("printk.devkmsg is off", "sysctl kernel.printk_devkmsg=ratelimit")
    case .notPermitted where setting("dmesg_restrict") == "1":
      return ("kernel.dmesg_restrict is 1", "run as root, or sysctl kernel.dmesg_restrict=0")
    default: return ("", "")
    }
  }
}
