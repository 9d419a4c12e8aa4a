import CTracefs
import Glibc
import SubbufferSource
import Synchronization
import SystemPackage

/// The check whether tracefs answers. A process that dies in the kernel with one of its locks makes every later call
/// hang, and no signal ends that, so a process of its own makes the first calls.
enum TracefsAnswer {
  /// The time that an answer may take. The removal of an instance holds the locks for up to some 100 ms.
  static let limit: Milliseconds = 10_000

  private enum State: Int, AtomicRepresentable { case notAsked, answers, hangs }
  private static let state = Atomic(State.notAsked)

  /// Asks the tracefs at a path, once in a process.
  /// - Throws: ``SourceError`` of kind `unavailable` if it does not answer, of kind `interrupted` after a signal.
  static func check(_ root: String) throws(SourceError) {
    switch state.load(ordering: .acquiring) {
    case .answers: return
    case .hangs: throw noAnswer(root, limit)
    case .notAsked: break
    }
    do throws(SourceError) {
      try askOnce(root)
    } catch {
      if error.errno == .timedOut { state.store(.hangs, ordering: .releasing) }
      throw error
    }
    state.store(.answers, ordering: .releasing)
  }

  /// Asks the tracefs at a path, whatever it answered before.
  static func askOnce(_ root: String) throws(SourceError) {
    // The two locks that every other call needs: trace_types_lock is taken by the open of the first, event_mutex by the
    // read of the second.
    try ask(["\(root)/tracing_on", "\(root)/events/enable"], of: root, within: limit)
  }

  /// Has files opened and read.
  static func ask(_ files: [String], of root: String, within limit: Milliseconds) throws(SourceError) {
    let paths = files.map { strdup($0) }
    defer { for path in paths { free(path) } }
    var list = paths.map { UnsafePointer($0) } + [nil]
    guard ctracefs_await_answer(&list, limit) != 0 else { return }
    switch errno {
    case ETIMEDOUT: throw noAnswer(root, limit)
    case EINTR: throw SourceError(.interrupted, call: "ask \(root) for an answer", errno: .interrupted)
    default: throw .failed("ask for an answer", root)
    }
  }

  private static func noAnswer(_ root: String, _ limit: Milliseconds) -> SourceError {
    SourceError(
      .unavailable, call: "open files of \(root)", errno: .timedOut,
      detail: "tracefs does not answer within \(limit / 1_000) s",
      remedy: "see dmesg, and reboot: a process may have died in the kernel while it held a lock of tracefs")
  }
}
