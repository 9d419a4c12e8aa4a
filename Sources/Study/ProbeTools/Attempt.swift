import CPlatform
import Glibc
import Platform
import SubbufferSource
import SystemPackage

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

/// The result of something that may be refused: `works`, or the errno.
package func outcome(_ body: () throws(SourceError) -> Void) -> String {
  do {
    try body()
    return "works"
  } catch {
    return error.errno.map { "refused: \(ErrnoName.text($0.rawValue))" } ?? "refused: \(error.detail)"
  }
}

/// Runs `body` on one CPU, and gives the thread its affinity mask back.
/// - Throws: what `body` throws, and ``SourceError`` if the thread may not run there.
package func onCPU<Result: ~Copyable>(
  _ cpu: Int, _ body: () throws(SourceError) -> Result
) throws(SourceError) -> Result {
  var before = cprocess_affinity()
  guard cprocess_get_affinity(&before) == 0, cprocess_pin(Int32(cpu)) == 0 else {
    throw SourceError(call: "sched_setaffinity to CPU \(cpu)", errno: Errno(rawValue: errno))
  }
  defer { cprocess_set_affinity(&before) }
  return try body()
}

/// A pipe that is closed with the value.
package struct Pipe: ~Copyable {
  package let readEnd: Int32
  package let writeEnd: Int32

  /// Makes one.
  /// - Throws: ``SourceError`` where there are no descriptors for it.
  package init() throws(SourceError) {
    var ends: [Int32] = [-1, -1]
    guard cprocess_pipe(&ends) == 0 else { throw SourceError(call: "pipe2", errno: Errno(rawValue: errno)) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }
}
