import Glibc

/// A program of others that may be installed.
public struct InstalledTool: Sendable {
  /// Its name: `babeltrace2`.
  public let name: String
  /// The path of the program.
  public let path: String

  /// Looks for a program on the `PATH`, or at its path where its name has a slash; `nil` where it is not there.
  ///
  /// Relative directories of the `PATH` are ignored: they would let whoever may write to the current directory choose
  /// the program.
  public init?(_ name: String) {
    let directories = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let paths =
      name.contains("/")
      ? [name] : directories.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
    guard let path = paths.first(where: InstalledTool.isProgram) else { return nil }
    self.name = name
    self.path = path
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
