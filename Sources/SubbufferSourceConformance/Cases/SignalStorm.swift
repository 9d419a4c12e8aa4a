import Glibc
import Synchronization

/// Signals for this thread while it is in a call of the source, one each millisecond: a call that waits comes back with
/// `EINTR`, as the signal's handler does not ask for it to go on.
///
/// `SIGURG`, which a process that has no handler for it ignores. Outside of the calls it is blocked: the writer's own
/// calls are not to fail.
struct SignalStorm {
  /// The handler is the process's, and runs on several threads may have one at the same time: the first one installs it,
  /// and the last one puts back what was there.
  private static let handler = Mutex((users: 0, before: sigaction()))

  private var maskBefore = sigset_t()
  private var urgent = sigset_t()

  /// The time during which signals come, in milliseconds: a call that goes on waiting after each of them must end.
  private static let duration = 2_000

  /// Blocks the signal and installs a handler for it.
  init() {
    sigemptyset(&urgent)
    sigaddset(&urgent, SIGURG)
    pthread_sigmask(SIG_BLOCK, &urgent, &maskBefore)
    Self.handler.withLock { handler in
      handler.users += 1
      guard handler.users == 1 else { return }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in }
      sigaction(SIGURG, &action, &handler.before)
    }
  }

  /// Makes a call while signals come.
  /// - Throws: inconclusive, where no thread can be started that sends them.
  func during<Result>(_ call: () -> Result) throws(CaseEnd) -> Result {
    let thread = pthread_self()
    let ticker = try Ticker(every: 1, atMost: Self.duration) { pthread_kill(thread, SIGURG) }
    var set = urgent
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    let result = call()
    ticker.stop()
    // One that was sent meanwhile has been handled by now.
    pthread_sigmask(SIG_BLOCK, &set, nil)
    return result
  }

  /// Puts the handler and the mask back.
  func end() {
    Self.handler.withLock { handler in
      handler.users -= 1
      if handler.users == 0 { sigaction(SIGURG, &handler.before, nil) }
    }
    var mask = maskBefore
    pthread_sigmask(SIG_SETMASK, &mask, nil)
  }
}

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
