/// A line of this program's source.
public struct CodeLocation: Sendable, Equatable, CustomStringConvertible {
  /// The module and the file: "TracefsBackend/KernelCounters.swift".
  public var file: String
  /// The line, from 1 on.
  public var line: Int

  /// A line of a file.
  public init(_ file: String, _ line: Int) {
    self.file = file
    self.line = line
  }

  /// "TracefsBackend/KernelCounters.swift:53".
  public var description: String { "\(file):\(line)" }
}
