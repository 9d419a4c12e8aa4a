import Foundation

/// One line of what a process that makes a probe says on its standard output, as JSON.
public enum ProbeLine: Codable, Sendable, Equatable {
  /// An observation, said as soon as it is made.
  case observation(Observation)
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
  init?(_ line: String) {
    guard let decoded = try? JSONDecoder().decode(ProbeLine.self, from: Data(line.utf8)) else { return nil }
    self = decoded
  }
}
