import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

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
