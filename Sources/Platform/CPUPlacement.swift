import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

/// The CPUs of the producers and of the reader.
public struct CPUPlacement: Sendable, Equatable {
  /// The CPU of the producers.
  public var producer: Int
  /// The CPU of the reader; equal to ``producer`` if there is only one.
  package var reader: Int

  /// The online CPUs in the affinity mask of the calling thread (sched_getaffinity(2)).
  package static var allowed: [Int] { (0..<1024).filter { cprocess_may_run_on(Int32($0)) == 1 } }

  /// Uses the given CPUs. A missing one is the first allowed CPU that differs from the other, the reader's before the
  /// producer's; if there is only one, both are the same.
  /// - Throws: ``CPUNotAllowed`` if a given CPU is not in `allowed`.
  package init(producer: Int? = nil, reader: Int? = nil, of allowed: [Int] = CPUPlacement.allowed) throws(CPUNotAllowed)
  {
    for cpu in [producer, reader].compactMap(\.self) where !allowed.contains(cpu) {
      throw CPUNotAllowed(cpu: cpu, allowed: allowed)
    }
    self.init(asked: producer, reader, allowed)
  }

  /// The first two allowed CPUs: the reader's, then the producer's.
  public static func choose() -> CPUPlacement { CPUPlacement(asked: nil, nil, allowed) }

  private init(asked producer: Int?, _ reader: Int?, _ allowed: [Int]) {
    let chosen = reader ?? allowed.first { $0 != producer } ?? producer ?? 0
    self.reader = chosen
    self.producer = producer ?? allowed.first { $0 != chosen } ?? chosen
  }

  /// Pins the calling thread to the reader's CPU.
  /// - Throws: ``SourceError`` if the kernel refuses.
  public func pinReader() throws(SourceError) {
    try CPUPlacement.pin(to: reader)
  }

  /// Pins the calling thread to the producer's CPU, to measure a reader there.
  /// - Throws: ``SourceError`` if the kernel refuses.
  package func pinBesideProducer() throws(SourceError) {
    try CPUPlacement.pin(to: producer)
  }

  private static func pin(to cpu: Int) throws(SourceError) {
    guard cprocess_pin(Int32(cpu)) == 0 else {
      throw SourceError(
        .machine, call: "sched_setaffinity to CPU \(cpu)", errno: Errno(rawValue: errno),
        remedy: "allow this process to run on that CPU")
    }
  }
}

/// A requested CPU is offline or outside the affinity mask.
package struct CPUNotAllowed: Error, Sendable, Equatable, CustomStringConvertible {
  package var cpu: Int
  package var allowed: [Int]

  package var description: String {
    "CPU \(cpu) is not online or not in the affinity mask of this process; it may run on: "
      + allowed.map(String.init).joined(separator: ", ")
  }
}
