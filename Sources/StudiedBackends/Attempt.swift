import Glibc
import SubbufferSource
import TracefsBackend
import Workload

/// Calls that may be refused, and what each came to, for an observation: 0 or a negative errno.
enum Attempt {
  /// The result of a call that returns -1 and sets errno if it is refused.
  static func call(_ result: Int32) -> String {
    ErrnoName.result(result == -1 ? -errno : 0)
  }

  /// Maps a file, and unmaps it again.
  static func map(_ fd: Int32, _ length: Int, _ protection: Int32, _ flags: Int32, at offset: Int = 0) -> String {
    guard let address = mmap(nil, length, protection, flags, fd, off_t(offset)), address != MAP_FAILED else {
      return ErrnoName.result(-errno)
    }
    munmap(address, length)
    return ErrnoName.result(0)
  }

  /// Writes a file of an instance.
  static func set(_ instance: TracefsInstance, _ file: String, _ value: String) -> String {
    result { () throws(SourceError) in try instance.set(file, value) }
  }

  /// The result of a call that throws if it is refused.
  static func result(_ call: () throws(SourceError) -> Void) -> String {
    do {
      try call()
      return ErrnoName.result(0)
    } catch {
      return ErrnoName.result(-(error.errno?.rawValue ?? 1))
    }
  }
}
