import Glibc
import SubbufferSource
import SystemPackage

/// The small text files of tracefs and procfs, each read and written with one call.
enum TextFile {
  /// The text of a file.
  /// - Throws: ``SourceError`` with the path and the errno.
  static func read(_ path: String, remedy: String = "") throws(SourceError) -> String {
    let fd = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { throw .failed("open", path, remedy: remedy) }
    defer { close(fd) }
    var text: [UInt8] = []
    while true {
      let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        count = max(0, Glibc.read(fd, buffer.baseAddress, buffer.count))
      }
      if chunk.isEmpty { break }
      text += chunk
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Writes a value to a file that exists.
  /// - Throws: ``SourceError`` with the path, the value and the errno.
  static func write(_ value: String, to path: String, remedy: String = "") throws(SourceError) {
    let fd = Glibc.open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
    guard fd >= 0 else { throw .failed("open", path, remedy: remedy) }
    defer { close(fd) }
    let bytes = Array(value.utf8)
    guard Glibc.write(fd, bytes, bytes.count) == bytes.count else {
      throw .failed("write '\(value)' to", path, remedy: remedy)
    }
  }
}

extension SourceError {
  /// The failure of a call that has just set `errno`.
  static func failed(_ call: String, _ subject: String, remedy: String = "") -> SourceError {
    SourceError(call: "\(call) \(subject)", errno: Errno(rawValue: Glibc.errno), remedy: remedy)
  }
}
