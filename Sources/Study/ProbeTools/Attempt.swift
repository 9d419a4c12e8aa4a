import Glibc
import Platform
import SubbufferSource

/// Calls that may be refused, and what each came to, for an observation: 0 or a negative errno.
package enum Attempt {
  /// The result of a call that returns -1 and sets errno if it is refused.
  package static func call(_ result: Int32) -> String {
    ErrnoName.result(result == -1 ? -errno : 0)
  }

  /// Maps a file, and unmaps it again.
  package static func map(_ fd: Int32, _ length: Int, _ protection: Int32, _ flags: Int32, at offset: Int = 0) -> String
  {
    MappingAttempt(length: length, protection: protection, flags: flags, offset: offset)(fd)
  }

  /// The result of a write(2) of one byte of memory, which may be unreadable: `EFAULT` instead of a signal.
  package static func read(_ address: UnsafeRawPointer) -> String {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return call(-1) }
    defer { ends.forEach { close($0) } }
    return write(ends[1], address, 1) == 1 ? call(0) : call(-1)
  }

  /// The result of a call that throws if it is refused.
  package static func result(_ call: () throws(SourceError) -> Void) -> String {
    do {
      try call()
      return ErrnoName.result(0)
    } catch {
      return ErrnoName.result(-(error.errno?.rawValue ?? 1))
    }
  }
}
