import Glibc
import Ownership
import SubbufferSource
import Synchronization
import SystemPackage

/// A tracing instance of one's own: `instances/abi-compare-PID-START-N`, with buffers and options apart from the
/// top-level ones, which are never touched.
///
/// It is removed by ``remove()``, and at the latest with the last reference to it. Whatever has a file in it open must
/// be closed before: `rmdir` refuses with `EBUSY` until then.
public final class TracefsInstance: Sendable {
  /// The name below `instances/`.
  public let name: String
  /// The full path.
  public let path: String

  private let isRemoved = Atomic(false)
  private static let serial = Atomic<Int>(0)

  /// Makes an instance.
  /// - Throws: ``SourceError`` where `mkdir` is refused.
  public init(in tracefs: Tracefs) throws(SourceError) {
    let number = TracefsInstance.serial.add(1, ordering: .relaxed).newValue
    name = RunOwner.current.name("\(number)")
    path = "\(tracefs.root)/instances/\(name)"
    guard mkdir(path, 0o750) == 0 else {
      let code = Glibc.errno
      let remedy =
        switch code {
        case EACCES, EPERM: "run as root: sudo abi-compare run --backend tracefs"
        case ENOENT: "the kernel has no tracing instances here; is tracefs mounted at \(tracefs.root)?"
        case ENOMEM, ENOSPC: "remove instances that are not used: ls \(tracefs.root)/instances"
        case EROFS: "tracefs is mounted read-only: mount -o remount,rw \(tracefs.root)"
        default: "see ls \(tracefs.root)/instances"
        }
      throw SourceError(call: "mkdir \(path)", errno: Errno(rawValue: code), remedy: remedy)
    }
  }

  deinit {
    if !isRemoved.load(ordering: .relaxed) { try? remove() }
  }

  /// Removes the instance.
  ///
  /// A process that another thread is just starting has copies of this one's descriptors until its exec, and nothing
  /// tells when they are gone: so `EBUSY` is asked again for a second.
  /// - Throws: ``SourceError`` with `EBUSY` where a file in it stays open.
  public func remove() throws(SourceError) {
    var attempts = 0
    while rmdir(path) != 0 {
      attempts += 1
      guard errno == EBUSY, attempts < 200 else {
        throw .failed("rmdir", path, remedy: "close what has a file in it open, then rmdir it")
      }
      usleep(5_000)
    }
    isRemoved.store(true, ordering: .relaxed)
  }

  /// The text of a file of the instance.
  /// - Throws: ``SourceError`` with the path and the errno.
  public func text(_ file: String) throws(SourceError) -> String {
    try TextFile.read("\(path)/\(file)")
  }

  /// Writes a file of the instance.
  /// - Throws: ``SourceError`` with the path, the value and the errno.
  public func set(_ file: String, _ value: String) throws(SourceError) {
    try TextFile.write(value, to: "\(path)/\(file)", remedy: "the kernel refused this value for the instance")
  }

  /// The counters of `per_cpu/cpuN/stats`.
  /// - Throws: ``SourceError`` where the file cannot be read or lacks a counter.
  public func stats(cpu: Int) throws(SourceError) -> CPUStats {
    try CPUStats(parsing: text("per_cpu/cpu\(cpu)/stats"))
  }

  /// Removes the instances that owners left which do not live any more.
  /// - Returns: the names of those that were removed.
  @discardableResult
  public static func removeAbandoned(in tracefs: Tracefs) -> [String] {
    RunOwner.abandoned(in: "\(tracefs.root)/instances").filter { rmdir("\(tracefs.root)/instances/\($0)") == 0 }
  }
}
