import CPlatform

/// The arguments of this program.
public enum ProgramArguments {
  /// All, the name of the program first. `CommandLine.arguments` reads `/proc/self/cmdline` and is empty without `/proc`.
  public static let all: [String] = {
    var count: Int32 = 0
    guard let list = cprocess_arguments(&count) else { return [] }
    return (0..<Int(count)).compactMap { list[$0].map { String(cString: $0) } }
  }()
}
