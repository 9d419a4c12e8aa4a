import Glibc
import LTTngUSTBackend
import SubbufferSource
import SystemPackage

extension ConsumerStream {
  /// What poll says of the wait fd at this moment.
  /// - Throws: ``SourceError`` where poll fails.
  borrowing func pollText() throws(SourceError) -> String {
    var request = pollfd(fd: getWaitDescriptor(), events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, 0) >= 0 else { throw SourceError(call: "poll", errno: Errno(rawValue: errno)) }
    let names = [(POLLIN, "POLLIN"), (POLLHUP, "POLLHUP"), (POLLERR, "POLLERR")]
      .filter { Int32(request.revents) & $0.0 != 0 }.map(\.1)
    return names.isEmpty ? "0" : names.joined(separator: " | ")
  }
}
