import Study

/// The task of a guest after its boot: it runs this program with its producers.
public struct GuestTask: Sendable {
  /// The path of the program.
  public var program: String
  /// Programs that it needs beside itself, where they are there.
  public var companions: [String]
  /// Programs that it needs beside itself and that need no library.
  public var staticCompanions: [String]
  /// Its arguments, but for where it writes its report: ``outputDirectory``.
  public var arguments: [String]
  /// The form of its output.
  public var output: Output

  /// The form of a program's output.
  public enum Output: Sendable {
    /// Files in ``outputDirectory``, which the guest brings out; its standard error is shown line by line.
    case files
    /// Lines of its standard output, which are shown as they come.
    case lines
  }

  /// The directory whose contents the guest brings out.
  public static let outputDirectory = "/out"

  /// Describes a task.
  public init(
    program: String, companions: [String], staticCompanions: [String] = [], arguments: [String],
    output: Output = .files
  ) {
    self.output = output
    self.program = program
    self.companions = companions
    self.staticCompanions = staticCompanions
    self.arguments = arguments
  }
}
