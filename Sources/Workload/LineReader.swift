import Glibc
import SubbufferSource
import SystemPackage

/// Reads lines from a pipe, waiting for each no longer than asked.
struct LineReader {
  let descriptor: Int32
  private var pending: [UInt8] = []

  /// No answer is longer, in bytes.
  private static let longest = 4096

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// The next line without its end; `nil` where the time runs out first.
  /// - Throws: `gone()` at the end of the input, and ``SourceError`` with `EINTR` where a signal came.
  mutating func next(_ timeout: Milliseconds, gone: () -> SourceError) throws(SourceError) -> String? {
    let deadline = ContinuousClock.now + .milliseconds(max(0, timeout))
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        return line
      }
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline - .now
      let ready = poll(&request, 1, Milliseconds(max(0, left / .milliseconds(1))))
      if ready == 0 { return nil }
      guard ready > 0 else { throw SourceError(call: "poll producer", errno: Errno(rawValue: errno)) }
      var buffer = [UInt8](repeating: 0, count: 512)
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { throw gone() }
      pending += buffer[..<count]
      guard pending.count <= LineReader.longest else {
        throw SourceError(call: "read producer", detail: "no end of line")
      }
    }
  }
}
