import CPlatform
import CWorkload
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

/// Memory that a producer counts in while it writes, so that what it wrote is known when it is ended before it can tell:
/// `struct cworkload_progress`.
struct ProgressPage {
  private let file: SharedFile

  /// Makes a page of zeros.
  /// - Throws: ``SourceError`` where there is no memory or no descriptor for it.
  init() throws(SourceError) {
    file = try SharedFile("ABI_COMPARE_PROGRESS", size: MemoryLayout<cworkload_progress>.size)
  }

  /// Names the file to the producer.
  var environment: [String: String] { file.environment }

  /// The counts up to now.
  var truth: Truth {
    let counted = cworkload_load_progress(file.start.assumingMemoryBound(to: cworkload_progress.self))
    var truth = Truth(
      produced: counted.begun, accepted: counted.ended &- counted.refused, refused: counted.refused, firstErrno: 0,
      begin: 0, end: 0)
    truth.unfinished = counted.begun &- counted.ended
    return truth
  }
}
