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
