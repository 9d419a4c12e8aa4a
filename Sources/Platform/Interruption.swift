import Glibc
import SubbufferSource
import Synchronization
import SystemPackage

/// Ends a run in good order when the user asks for it: SIGINT, SIGTERM and SIGHUP raise a flag, waiting calls return with
/// `EINTR`, and the run unwinds, closing and removing what it made.
public enum Interruption {
  private static let raised = Atomic<Int32>(0)
  /// When the first signal came, in nanoseconds of CLOCK_MONOTONIC.
  private static let firstTime = Atomic<UInt64>(0)
  /// The time after the first signal in which a second one is ignored, in nanoseconds: timeout(1) signals the program
  /// and then its group.
  private static let repeatWindow: UInt64 = 500_000_000

  /// Handles SIGINT, SIGTERM and SIGHUP from now on.
  public static func install() {
    // Made here, and not in the handler: globals are made on first use, under a lock.
    _ = raised.load(ordering: .relaxed)
    _ = firstTime.load(ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      let now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
      if Interruption.raised.load(ordering: .acquiring) == 0 {
        Interruption.firstTime.store(now, ordering: .relaxed)
        Interruption.raised.store(signal, ordering: .releasing)
      } else if now > Interruption.firstTime.load(ordering: .relaxed) + Interruption.repeatWindow {
        // A second signal ends the program at once; the next start removes what it left.
        _exit(128 + signal)
      }
    }
    var handled = sigset_t()
    sigemptyset(&handled)
    // No SA_RESTART: a call that waits has to come back.
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var before = sigaction()
      sigaction(signal, nil, &before)
      // nohup(1) has it ignored.
      if signal == SIGHUP, unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1 { continue }
      sigaction(signal, &action, nil)
      sigaddset(&handled, signal)
    }
    // A file that grows beyond the limit is an error of its write.
    Glibc.signal(SIGXFSZ, SIG_IGN)
    // The parent of this program may have blocked them.
    pthread_sigmask(SIG_UNBLOCK, &handled, nil)
  }

  /// The signal that came; `nil` where none did.
  public static var signal: Int32? {
    let signal = raised.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Ends what is going on where a signal came.
  /// - Throws: ``SourceError`` of kind `interrupted`.
  public static func check() throws(SourceError) {
    if let signal { throw SourceError(.interrupted, call: "run", detail: "ended by signal \(signal)") }
  }
}
