import Foundation

/// One line of the standard output of a process that makes a probe, as JSON.
public enum ProbeLine: Codable, Sendable, Equatable {
  /// An observation, written as soon as it is made.
  case observation(Observation)
  /// The kernel's log during the observing, in a machine booted for the probe.
  case kernelLog(KernelLogExcerpt)
  /// The observing failed, and nothing more comes.
  case failure(String)
  /// The observing came to its end.
  case end

  /// The line with its end.
  /// - Throws: what the encoder throws.
  public func encoded() throws -> Data {
    try JSONEncoder().encode(self) + Data("\n".utf8)
  }

  /// Reads a line; `nil` where it is none.
  public init?(_ line: String) {
    guard let decoded = try? JSONDecoder().decode(ProbeLine.self, from: Data(line.utf8)) else { return nil }
    self = decoded
  }
}
