import CTracefs
import Glibc
import Platform
import SubbufferSource
import Synchronization
import SystemPackage

/// The tracefs file system of this machine.
public struct Tracefs: Sendable {
  /// The mount point.
  public let root: String

  /// The standard mount point of the kernel (`Documentation/trace/ftrace.rst`).
  public static let usualMountPoint = "/sys/kernel/tracing"

  /// The command that mounts it.
  public static let mountCommand = "mount -t tracefs nodev \(usualMountPoint)"

  /// The tracefs that is mounted already; `nil` where none is.
  /// - Throws: ``SourceError`` where `/proc/self/mountinfo` cannot be read, of kind `unavailable` if tracefs does not
  ///   answer within 10 s, of kind `interrupted` if a signal ends the wait for its answer.
  public static func mounted() throws(SourceError) -> Tracefs? {
    let mounts = try TextFile.read("/proc/self/mountinfo")
    let points = mounts.split(separator: "\n").compactMap { line -> String? in
      // proc(5): ID PARENT MAJOR:MINOR ROOT MOUNT-POINT OPTIONS [OPTIONAL…] - TYPE SOURCE SUPER-OPTIONS
      let halves = line.split(separator: " - ", maxSplits: 1)
      let fields = line.split(separator: " ")
      guard halves.count == 2, fields.count > 5, halves[1].hasPrefix("tracefs ") else { return nil }
      // Blanks in it are written as in C.
      return String(fields[4].replacing("\\040", with: " "))
    }
    guard let point = points.first(where: { $0 == usualMountPoint }) ?? points.first else { return nil }
    try TracefsAnswer.check(point)
    return Tracefs(root: point)
  }

  /// The tracefs that is mounted, or that this call mounts; it stays mounted.
  /// - Throws: ``SourceError`` where it is not mounted and cannot be.
  public static func mountedOrMounting() throws(SourceError) -> Tracefs {
    if let tracefs = try mounted() { return tracefs }
    guard mount("nodev", usualMountPoint, "tracefs", 0, nil) == 0 else {
      let errno = Errno(rawValue: Glibc.errno)
      // Another has mounted it in the meantime.
      if errno == .resourceBusy, let tracefs = try mounted() { return tracefs }
      throw SourceError(
        .unavailable, call: "mount -t tracefs nodev \(usualMountPoint)", errno: errno,
        remedy: geteuid() == 0
          ? "use a kernel with CONFIG_TRACING, and a system that permits mounting"
          : "sudo \(mountCommand) && sudo abi-compare run --backend tracefs")
    }
    try TracefsAnswer.check(usualMountPoint)
    return Tracefs(root: usualMountPoint)
  }

  /// Asks the file system for an answer, whatever it answered before.
  /// - Throws: ``SourceError`` of kind `unavailable` if it does not answer within 10 s.
  public func awaitAnswer() throws(SourceError) { try TracefsAnswer.askOnce(root) }

  /// The text of a file of tracefs, by its path below the root.
  /// - Throws: ``SourceError`` with the path and the errno.
  public func text(_ path: String) throws(SourceError) -> String {
    try TextFile.read("\(root)/\(path)", remedy: "run as root: sudo abi-compare run --backend tracefs")
  }
}

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
