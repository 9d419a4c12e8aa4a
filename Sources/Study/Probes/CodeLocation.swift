/// A line of this program's source.
public struct CodeLocation: Sendable, Equatable, CustomStringConvertible {
  /// The module and the file: "StudiedBackends/Claim+Counters.swift".
  public var file: String
  /// The line, from 1 on.
  public var line: Int

  /// A line of a file.
  public init(_ file: String, _ line: Int) {
    self.file = file
    self.line = line
  }

  /// "StudiedBackends/Claim+Counters.swift:53".
  public var description: String { "\(file):\(line)" }
}
