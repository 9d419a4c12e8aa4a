import Glibc

/// Signals for this thread while it is in a call of the source, one each millisecond: a call that waits comes back with
/// `EINTR`, as the signal's handler does not ask for it to go on.
///
/// `SIGURG`, which a process that has no handler for it ignores. Outside of the calls it is blocked: the writer's own
/// calls are not to fail.
struct SignalStorm {
  private var handlerBefore = sigaction()
  private var maskBefore = sigset_t()
  private var urgent = sigset_t()

  /// How long signals come, in milliseconds: a call that goes on waiting after each of them has to have an end.
  private static let duration = 2_000

  /// Blocks the signal and installs a handler for it.
  init() {
    sigemptyset(&urgent)
    sigaddset(&urgent, SIGURG)
    pthread_sigmask(SIG_BLOCK, &urgent, &maskBefore)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in }
    sigaction(SIGURG, &action, &handlerBefore)
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
    var handler = handlerBefore
    sigaction(SIGURG, &handler, nil)
    var mask = maskBefore
    pthread_sigmask(SIG_SETMASK, &mask, nil)
  }
}
