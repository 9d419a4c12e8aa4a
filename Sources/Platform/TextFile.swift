import Glibc
import SubbufferSource
import SystemPackage

/// Small files, such as those of tracefs and procfs, each written with one call.
package enum TextFile {
  /// The text of a file.
  /// - Throws: ``SourceError`` with the path and the errno.
  package static func read(_ path: String, remedy: String = "") throws(SourceError) -> String {
    String(decoding: try bytes(path, remedy: remedy), as: UTF8.self)
  }

  /// The bytes of a file.
  /// - Throws: ``SourceError`` with the path and the errno.
  package static func bytes(_ path: String, remedy: String = "") throws(SourceError) -> [UInt8] {
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
    return text
  }

  /// Writes a value to a file that exists.
  /// - Throws: ``SourceError`` with the path, the value and the errno.
  package static func write(_ value: String, to path: String, remedy: String = "") throws(SourceError) {
    try write(value, to: path, O_TRUNC, remedy: remedy)
  }

  /// Adds a value to a file that exists, such as a list of which a truncation removes all entries.
  /// - Throws: ``SourceError`` with the path, the value and the errno.
  package static func append(_ value: String, to path: String, remedy: String = "") throws(SourceError) {
    try write(value, to: path, O_APPEND, remedy: remedy)
  }

  private static func write(
    _ value: String, to path: String, _ flag: Int32, remedy: String
  ) throws(SourceError) {
    let fd = Glibc.open(path, O_WRONLY | flag | O_CLOEXEC)
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
  package static func failed(_ call: String, _ subject: String, remedy: String = "") -> SourceError {
    SourceError(call: "\(call) \(subject)", errno: Errno(rawValue: Glibc.errno), remedy: remedy)
  }
}
