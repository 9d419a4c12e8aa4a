import CWorkload
import Glibc
import SubbufferSource
import SystemPackage

/// Memory that a producer counts in while it writes, so that what it wrote is known when it is ended before it can tell:
/// `struct cworkload_progress`, in an anonymous file of this process.
final class ProgressPage {
  private let descriptor: Int32
  private let page: UnsafeMutableRawPointer
  private static let size = MemoryLayout<cworkload_progress>.size

  /// Makes a page of zeros.
  /// - Throws: ``SourceError`` where there is no memory or no descriptor for it.
  init() throws(SourceError) {
    let fd = cprocess_memfd("abi-compare-progress")
    guard fd >= 0 else { throw ProgressPage.failed("memfd_create") }
    guard ftruncate(fd, off_t(ProgressPage.size)) == 0,
      let mapped = mmap(nil, ProgressPage.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), mapped != MAP_FAILED
    else {
      let error = ProgressPage.failed("map the producer's progress")
      close(fd)
      throw error
    }
    descriptor = fd
    page = mapped
  }

  deinit {
    munmap(page, ProgressPage.size)
    close(descriptor)
  }

  /// Names the file to the producer.
  var environment: [String: String] { ["ABI_COMPARE_PROGRESS": "/proc/\(getpid())/fd/\(descriptor)"] }

  /// What was counted up to now.
  var truth: Truth {
    let counted = cworkload_load_progress(page.assumingMemoryBound(to: cworkload_progress.self))
    var truth = Truth(
      produced: counted.begun, accepted: counted.ended &- counted.refused, refused: counted.refused, firstErrno: 0,
      begin: 0, end: 0)
    truth.unfinished = counted.begun &- counted.ended
    return truth
  }

  private static func failed(_ call: String) -> SourceError {
    SourceError(call: call, errno: Errno(rawValue: errno), remedy: "raise the limit on open files (ulimit -n)")
  }
}
