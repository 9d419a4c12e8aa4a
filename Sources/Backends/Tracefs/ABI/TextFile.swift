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
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(fd, &buffer, buffer.count)
      if count == 0 { break }
      if count > 0 {
        text += buffer[..<count]
      } else if Glibc.errno != EINTR {
        throw .failed("read", path, remedy: remedy)
      }
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
    let count = Glibc.write(fd, bytes, bytes.count)
    if count < 0 { throw .failed("write '\(value)' to", path, remedy: remedy) }
    guard count == bytes.count else {
      throw SourceError(
        call: "write '\(value)' to \(path)", errno: .ioError, detail: "only \(count) bytes were written")
    }
  }
}

extension SourceError {
  /// The failure of a call that has just set `errno`.
  static func failed(_ call: String, _ subject: String, remedy: String = "") -> SourceError {
    SourceError(call: "\(call) \(subject)", errno: Errno(rawValue: Glibc.errno), remedy: remedy)
  }
}
