import CPlatform
import Glibc
import SubbufferSource
import Synchronization
import SystemPackage

package enum ProgramArguments {
  /// The arguments of this program, its name first. `CommandLine.arguments` reads `/proc/self/cmdline` and is empty
  /// without `/proc`.
  package static let all: [String] = {
    var count: Int32 = 0
    guard let list = cprocess_arguments(&count) else { return [] }
    return (0..<Int(count)).compactMap { list[$0].map { String(cString: $0) } }
  }()
}

/// An installed program of another project, such as `babeltrace2`.
package struct InstalledTool: Sendable {
  package let name: String
  package let path: String

  /// Searches the `PATH`; a name with a slash is a path. Returns `nil` if the program is missing.
  ///
  /// Ignores relative directories of the `PATH`: with them, anyone who can write to the current directory could replace
  /// the program.
  package init?(_ name: String) {
    let directories = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let paths =
      name.contains("/")
      ? [name] : directories.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
    guard let path = paths.first(where: InstalledTool.isProgram) else { return nil }
    self.name = name
    self.path = path
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

/// Ends a run on SIGINT, SIGTERM or SIGHUP: the signal sets a flag, waiting calls fail with `EINTR`, and the run unwinds,
/// closing and removing everything it created.
package enum Interruption {
  private static let raised = Atomic<Int32>(0)
  /// The time of the first signal, in nanoseconds of CLOCK_MONOTONIC.
  private static let firstTime = Atomic<UInt64>(0)
  /// Ignores a second signal within this time, in nanoseconds: timeout(1) signals the process and then its group.
  private static let repeatWindow: UInt64 = 500_000_000

  package static func install() {
    // Swift initialises globals on first use, under a lock: not in the handler.
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
        // A second signal ends the program at once; the next run removes what this one leaves.
        _exit(128 + signal)
      }
    }
    var handled = sigset_t()
    sigemptyset(&handled)
    // No SA_RESTART: a waiting call must return.
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var before = sigaction()
      sigaction(signal, nil, &before)
      // nohup(1) ignores SIGHUP.
      if signal == SIGHUP, unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1 { continue }
      sigaction(signal, &action, nil)
      sigaddset(&handled, signal)
    }
    // A write beyond the file size limit fails with EFBIG instead.
    Glibc.signal(SIGXFSZ, SIG_IGN)
    // The parent process may have blocked them.
    pthread_sigmask(SIG_UNBLOCK, &handled, nil)
  }

  /// The first signal; `nil` if there was none.
  package static var signal: Int32? {
    let signal = raised.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// - Throws: ``SourceError`` of kind `interrupted` after a signal.
  package static func check() throws(SourceError) {
    if let signal { throw SourceError(.interrupted, call: "run", detail: "ended by signal \(signal)") }
  }
}
