import Glibc
import SubbufferSource
import SystemPackage

/// A pipe that wakes one who waits in `poll(2)`; a signal sent before the wait is not lost.
struct KernelWakeupPipe: ~Copyable {
  private let readEnd: Int32
  /// The write end of the pipe, for ``signal(_:)``.
  let writeEnd: Int32

  /// Opens it.
  /// - Throws: ``SubbufferSource/SourceError`` where there is no descriptor left.
  init() throws(SourceError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SourceError(call: "pipe", errno: Errno(rawValue: errno)) }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Wakes the one who waits at the pipe of this write end.
  static func signal(_ writeEnd: Int32) {
    // If the pipe is full, the waiter has been woken often enough.
    var byte: UInt8 = 0
    _ = write(writeEnd, &byte, 1)
  }

  /// Forgets the signals up to now.
  func drain() {
    var bytes: UInt64 = 0
    while read(readEnd, &bytes, 8) > 0 {}
  }

  /// Waits for a signal.
  /// - Parameter timeout: how long at the most, in milliseconds; a negative one waits without limit.
  /// - Returns: 1 where there was one, 0 where the time ran out, or a negative errno.
  func wait(_ timeout: Milliseconds) -> Int32 {
    var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    let count = poll(&request, 1, timeout)
    return count < 0 ? -errno : count
  }
}
