import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

/// Memory that is shared with a producer: an anonymous file of this process, mapped, that an environment variable names to
/// the producer.
final class SharedFile {
  private let descriptor: Int32
  private let variable: String
  private let size: Int
  /// The first byte.
  let start: UnsafeMutableRawPointer

  /// Makes a file of zeros.
  /// - Parameters:
  ///   - variable: what names it to the producer.
  ///   - size: in bytes.
  /// - Throws: ``SourceError`` where there is no memory or no descriptor for it.
  init(_ variable: String, size: Int) throws(SourceError) {
    let fd = cprocess_memfd("abi-compare-producer")
    guard fd >= 0 else { throw SharedFile.failed("memfd_create") }
    guard ftruncate(fd, off_t(size)) == 0,
      let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), mapped != MAP_FAILED
    else {
      let error = SharedFile.failed("map \(variable)")
      close(fd)
      throw error
    }
    descriptor = fd
    start = mapped
    self.variable = variable
    self.size = size
  }

  deinit {
    munmap(start, size)
    close(descriptor)
  }

  /// Names the file to the producer.
  var environment: [String: String] { [variable: "/proc/\(getpid())/fd/\(descriptor)"] }

  private static func failed(_ call: String) -> SourceError {
    SourceError(call: call, errno: Errno(rawValue: errno), remedy: "raise the limit on open files (ulimit -n)")
  }
}
