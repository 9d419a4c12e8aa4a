import CWorkload
import Glibc
import SubbufferSource
import SystemPackage

/// On which CPU the producers write and on which the reader reads.
public struct CPUPlacement: Sendable, Equatable {
  /// The CPU of the producers.
  public var producer: Int
  /// The CPU of the reader; the producer's where there is no other.
  public var reader: Int

  /// The first two CPUs on which this process may run: the reader's, then the producer's.
  public static func choose() -> CPUPlacement {
    let allowed = (0..<1024).lazy.filter { cprocess_may_run_on(Int32($0)) == 1 }.prefix(2)
    let cpus = Array(allowed)
    return CPUPlacement(producer: cpus.last ?? 0, reader: cpus.first ?? 0)
  }

  /// Pins the calling thread to the reader's CPU.
  /// - Throws: ``SourceError`` where the kernel refuses.
  public func pinReader() throws(SourceError) {
    guard cprocess_pin(Int32(reader)) == 0 else {
      throw SourceError(
        call: "sched_setaffinity to CPU \(reader)", errno: Errno(rawValue: errno),
        remedy: "allow this process to run on that CPU")
    }
  }
}
