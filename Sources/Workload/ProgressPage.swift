import CWorkload
import SubbufferSource

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
