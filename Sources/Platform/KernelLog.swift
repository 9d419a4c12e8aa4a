import Glibc
import SubbufferSource
import SystemPackage

/// A reader of the kernel's log from its present end on. It never blocks.
package final class KernelLogReader {
  /// The result of a read.
  package enum Next: Sendable, Equatable {
    case record(KernelLogRecord)
    /// Records were overwritten before they were read (`EPIPE`); the next read returns the oldest that is left.
    case overwritten
    /// There is no further record yet.
    case none
  }

  package static let device = "/dev/kmsg"

  private let descriptor: Int32
  private let path: String
  /// `devkmsg_read` returns `EINVAL` if a record is longer; `PRINTK_MESSAGE_MAX` is 2048 bytes.
  private var buffer = [UInt8](repeating: 0, count: 8192)

  /// Opens the log after its last record.
  /// - Throws: ``SourceError`` of kind `unavailable` if this process may not read the log, or the device is missing.
  package init(path: String = KernelLogReader.device) throws(SourceError) {
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

  /// - Throws: ``SourceError`` if the read fails, or the bytes are not a record.
  package func next() throws(SourceError) -> Next {
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

package enum KernelLog {
  /// Writes a record with a newline: readers see a record without one only when the next is written (`vprintk_store` of
  /// kernel/printk/printk.c keeps it open for a continuation).
  ///
  /// Each call opens the device anew: `devkmsg_open` begins a new rate limit (10 records in 5 seconds), which counts
  /// the records of one descriptor. If `printk.devkmsg` is off, the kernel accepts a write and discards it.
  /// - Parameters:
  ///   - text: one line, of at most 1000 bytes.
  ///   - level: from 0 (emergency) to 7 (debug).
  /// - Throws: ``SourceError`` of kind `unavailable` if this process may not write to the log, or the device is missing.
  package static func write(
    _ text: String, level: Int = 7, path: String = KernelLogReader.device
  ) throws(SourceError) {
    let descriptor = try open(path, O_WRONLY)
    defer { close(descriptor) }
    let bytes = Array("<\(level & 7)>\(text)\n".utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw SourceError(call: "write \(path)", errno: Errno(rawValue: errno))
    }
  }

  fileprivate static func open(_ path: String, _ flags: Int32) throws(SourceError) -> Int32 {
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

/// A record of the kernel's log: the result of one read of `/dev/kmsg`.
///
///     4,1234,5678901,-,caller=T77;text
///      KEY=value
///
/// The fields before the semicolon are facility * 8 + level, sequence number, microseconds, flags, and with
/// CONFIG_PRINTK_CALLER the caller. Bytes that are not printable, and the backslash, are written as `\x0a`.
/// Source: Documentation/ABI/testing/dev-kmsg; `info_print_ext_header` and `msg_add_ext_text` of kernel/printk/printk.c.
package struct KernelLogRecord: Sendable, Equatable {
  /// The context that wrote a record: `caller=T77`, `caller=C1`.
  package enum Caller: Sendable, Equatable {
    /// A thread, by its id in the initial PID namespace.
    case thread(Int32)
    /// An interrupt on a CPU.
    case cpu(Int32)
  }

  /// The facility of the kernel's own records. User space cannot write it: `devkmsg_write` replaces it by ``user``.
  package static let kernel = 0
  /// The facility of records that user space writes without naming one.
  package static let user = 1

  package var facility = KernelLogRecord.kernel
  /// The level, from 0 (emergency) to 7 (debug).
  package var level: Int
  /// The number of the record since boot.
  package var sequence: UInt64
  /// The time of the record, in microseconds of the log's clock (`local_clock`).
  package var microseconds: UInt64
  /// The context that wrote the record; `nil` without CONFIG_PRINTK_CALLER.
  package var caller: Caller?
  /// The text, possibly of several lines.
  package var text: String
}

extension KernelLogRecord {
  /// Parses a record; returns `nil` if the bytes have another form.
  init?(_ bytes: some Collection<UInt8>) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let fields = bytes[..<end].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard fields.count >= 4, let priority = Int(fields[0]), priority >= 0, let sequence = UInt64(fields[1]),
      let time = UInt64(fields[2])
    else { return nil }
    // Further lines are properties of a device.
    let text = bytes[bytes.index(after: end)...].prefix { $0 != UInt8(ascii: "\n") }
    self.init(
      facility: priority >> 3, level: priority & 7, sequence: sequence, microseconds: time,
      caller: fields.dropFirst(4).lazy.compactMap(KernelLogRecord.caller).first, text: KernelLogRecord.unescaped(text))
  }

  private static func caller(_ field: String) -> Caller? {
    let prefix = "caller="
    guard field.hasPrefix(prefix), let id = Int32(field.dropFirst(prefix.count + 1)) else { return nil }
    switch field.dropFirst(prefix.count).first {
    case "T": return .thread(id)
    case "C": return .cpu(id)
    default: return nil
    }
  }

  private static func unescaped(_ text: some Collection<UInt8>) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text)[...]
    while let byte = rest.popFirst() {
      let escape = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), escape.count == 3, escape.first == UInt8(ascii: "x"),
        let value = UInt8(String(decoding: escape.dropFirst(), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The taint of the kernel, `/proc/sys/kernel/tainted`: a bit for each kind of problem since boot, and for some modules.
///
/// Source: Documentation/admin-guide/tainted-kernels.rst.
package struct KernelTaint: RawRepresentable, Sendable, Equatable {
  package var rawValue: UInt64

  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The current taint; `nil` if the file cannot be read.
  package static var current: KernelTaint? {
    ProcFile.line("/proc/sys/kernel/tainted").flatMap { UInt64($0) }.map(KernelTaint.init)
  }

  /// The letters of the bits, from bit 0 on.
  private static let letters = Array("PFSRMBUDAWCIOELKXTNJ")

  /// "12800 (W, O, E)"; "0".
  package var text: String {
    let set = (0..<UInt64.bitWidth).filter { rawValue >> UInt64($0) & 1 == 1 }
    let names = set.map { KernelTaint.letters.indices.contains($0) ? String(KernelTaint.letters[$0]) : "bit \($0)" }
    return names.isEmpty ? "0" : "\(rawValue) (\(names.joined(separator: ", ")))"
  }
}
