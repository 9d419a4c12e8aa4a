/// A record of the kernel's log, as one read of `/dev/kmsg` returns it.
///
///     4,1234,5678901,-,caller=T77;text
///      KEY=value
///
/// The fields before the semicolon are facility * 8 + level, sequence number, microseconds, flags, and with
/// CONFIG_PRINTK_CALLER the caller. Bytes that are not printable, and the backslash, are written as `\x0a`.
/// Source: Documentation/ABI/testing/dev-kmsg; `info_print_ext_header` and `msg_add_ext_text` of kernel/printk/printk.c.
public struct KernelLogRecord: Sendable, Equatable {
  /// The context that wrote a record: `caller=T77`, `caller=C1`.
  public enum Caller: Sendable, Equatable {
    /// A thread, by the id that it has in the initial PID namespace.
    case thread(Int32)
    /// An interrupt on a CPU.
    case cpu(Int32)
  }

  /// The facility of the kernel's own records. User space cannot write it: `devkmsg_write` replaces it by ``user``.
  public static let kernel = 0
  /// The facility of records that user space writes without naming one.
  public static let user = 1

  /// The facility.
  public var facility: Int
  /// The level, from 0 (emergency) to 7 (debug).
  public var level: Int
  /// The number of the record since boot.
  public var sequence: UInt64
  /// The time of the record, in microseconds of the log's clock (`local_clock`).
  public var microseconds: UInt64
  /// The context that wrote it; `nil` without CONFIG_PRINTK_CALLER.
  public var caller: Caller?
  /// The text. It may have several lines.
  public var text: String

  /// Describes a record.
  public init(
    facility: Int = KernelLogRecord.kernel, level: Int, sequence: UInt64, microseconds: UInt64, caller: Caller? = nil,
    text: String
  ) {
    self.facility = facility
    self.level = level
    self.sequence = sequence
    self.microseconds = microseconds
    self.caller = caller
    self.text = text
  }

  /// Reads a record; `nil` if the bytes are not of that form.
  public init?(_ bytes: some Collection<UInt8>) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let fields = bytes[..<end].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard fields.count >= 4, let priority = Int(fields[0]), priority >= 0, let sequence = UInt64(fields[1]),
      let time = UInt64(fields[2])
    else { return nil }
    // A further line is a property of a device.
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
