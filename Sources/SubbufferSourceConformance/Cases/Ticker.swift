import Glibc
import Synchronization

/// Calls something on a thread of its own, at an interval, until it is stopped or has done it often enough.
///
/// It gives a call that waits something to come back for: an event of the writer, or a signal.
final class Ticker {
  private let action: () -> Void
  private let interval: Int32
  private let limit: Int
  private let count = Atomic<Int>(0)
  /// Two sockets that are connected; the thread looks at the first, the second is closed to end it.
  private var ends: [Int32] = [-1, -1]
  private var thread = pthread_t()

  /// Starts the thread; the first call comes after an interval.
  /// - Parameters:
  ///   - interval: in milliseconds.
  ///   - action: called on another thread while the caller is in the call that waits.
  /// - Throws: inconclusive, where no thread can be started.
  init(every interval: Int32, atMost limit: Int, _ action: @escaping () -> Void) throws(CaseEnd) {
    self.interval = interval
    self.limit = limit
    self.action = action
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw .inconclusive("socketpair: errno \(errno)") }
    let this = Unmanaged.passRetained(self)
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Ticker>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, this.toOpaque())
    guard result == 0 else {
      this.release()
      for end in ends { close(end) }
      throw .inconclusive("pthread_create: errno \(result)")
    }
  }

  /// The number of times that it was called.
  var calls: Int { count.load(ordering: .acquiring) }

  /// Ends the thread.
  func stop() {
    close(ends[1])
    pthread_join(thread, nil)
    close(ends[0])
  }

  private func run() {
    var request = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
    for _ in 0..<limit {
      let ready = poll(&request, 1, interval)
      if ready > 0 || (ready < 0 && errno != EINTR) { return }
      if ready < 0 { continue }
      // Counted before: who sees the effect also sees the count.
      count.add(1, ordering: .acquiringAndReleasing)
      action()
    }
  }
}
