import Glibc
import SubbufferSource
import SystemPackage

/// The descriptor that a reader of LTTng's design waits on: the read end of a pipe, or the stream's own file.
struct WaitDescriptor {
  let rawValue: Int32

  /// `POLLIN` and `POLLPRI`, as LTTng's consumer daemon asks.
  static let anyData = POLLIN | POLLPRI

  /// The events that poll returns for it; by default at this moment.
  /// - Throws: ``SourceError`` where poll fails.
  func pollText(_ timeout: Milliseconds = 0, for events: Int32 = anyData) throws(SourceError) -> String {
    var request = pollfd(fd: rawValue, events: Int16(events), revents: 0)
    guard poll(&request, 1, timeout) >= 0 else { throw SourceError(call: "poll", errno: Errno(rawValue: errno)) }
    let names = [(POLLIN, "POLLIN"), (POLLPRI, "POLLPRI"), (POLLHUP, "POLLHUP"), (POLLERR, "POLLERR")]
      .filter { Int32(request.revents) & $0.0 != 0 }.map(\.1)
    return names.isEmpty ? "0" : names.joined(separator: " | ")
  }
}
