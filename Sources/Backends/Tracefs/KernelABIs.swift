import Results
import Study

extension ABI {
  /// The kernel's memory-mapped ring buffer, as merged in Linux 6.10 and later.
  package static let kernel = ABI("kernel")
  /// The same as posted in v11, in January 2024.
  package static let kernelV11 = ABI("kernel v11")
}
