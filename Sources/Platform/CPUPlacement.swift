import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

/// On which CPU the producers write and on which the reader reads.
public struct CPUPlacement: Sendable, Equatable {
  /// The CPU of the producers.
  public var producer: Int
  /// The CPU of the reader; the producer's where there is no other.
  public var reader: Int

  /// The CPUs that are online and on which this process may run: its affinity mask, as sched_getaffinity(2) tells it.
  public static var allowed: [Int] { (0..<1024).filter { cprocess_may_run_on(Int32($0)) == 1 } }

  /// The chosen CPUs; else the first CPU that the other is not on, the reader's before the producer's, or the
  /// same where there is only one.
  /// - Parameter allowed: on which the two may be.
  /// - Throws: ``CPUNotAllowed`` where one that is asked for is none of those.
  public init(producer: Int? = nil, reader: Int? = nil, of allowed: [Int] = CPUPlacement.allowed) throws(CPUNotAllowed)
  {
    for cpu in [producer, reader].compactMap(\.self) where !allowed.contains(cpu) {
      throw CPUNotAllowed(cpu: cpu, allowed: allowed)
    }
    self.init(asked: producer, reader, allowed)
  }

  /// The first two CPUs on which this process may run: the reader's, then the producer's.
  public static func choose() -> CPUPlacement { CPUPlacement(asked: nil, nil, allowed) }

  private init(asked producer: Int?, _ reader: Int?, _ allowed: [Int]) {
    let chosen = reader ?? allowed.first { $0 != producer } ?? producer ?? 0
    self.reader = chosen
    self.producer = producer ?? allowed.first { $0 != chosen } ?? chosen
  }

  /// Pins the calling thread to the reader's CPU.
  /// - Throws: ``SourceError`` where the kernel refuses.
  public func pinReader() throws(SourceError) {
    try CPUPlacement.pin(to: reader)
  }

  /// Pins the calling thread to the producer's CPU, so that a reader can be measured there.
  /// - Throws: ``SourceError`` where the kernel refuses.
  public func pinBesideProducer() throws(SourceError) {
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

/// A CPU was asked for on which this process cannot run.
public struct CPUNotAllowed: Error, Sendable, Equatable, CustomStringConvertible {
  /// The CPU.
  public var cpu: Int
  /// The permitted CPUs.
  public var allowed: [Int]

  /// Both, in words.
  public var description: String {
    "CPU \(cpu) is not online or not in the affinity mask of this process; it may run on: "
      + allowed.map(String.init).joined(separator: ", ")
  }
}
