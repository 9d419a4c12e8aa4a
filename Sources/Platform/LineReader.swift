import Glibc
import SubbufferSource
import SystemPackage

/// Reads lines from a pipe, waiting for each no longer than asked.
struct LineReader {
  let descriptor: Int32
  private var pending: [UInt8] = []
  /// N bytes of these have no end of a line.
  private var searched = 0

  /// No line is longer, in bytes.
  private let longest: Int

  init(descriptor: Int32, longest: Int) {
    self.descriptor = descriptor
    self.longest = longest
  }

  /// The next line, or that there is none.
  /// - Throws: ``SourceError`` with `EINTR` where a signal came, and where a line is too long.
  mutating func next(_ timeout: Milliseconds) throws(SourceError) -> PipedProcess.Answer {
    let deadline = ContinuousClock.now + .milliseconds(max(0, timeout))
    while true {
      if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        searched = 0
        return .line(line)
      }
      searched = pending.count
      guard searched <= longest else { throw SourceError(call: "read pipe", detail: "the line is too long") }
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline - .now
      let ready = poll(&request, 1, Milliseconds(max(0, left / .milliseconds(1))))
      if ready == 0 { return .timedOut }
      guard ready > 0 else { throw SourceError(call: "poll pipe", errno: Errno(rawValue: errno)) }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return .ended }
      pending += buffer[..<count]
    }
  }
}
