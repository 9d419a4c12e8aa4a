import Glibc
import Study

/// A program of others that may be installed.
struct InstalledTool {
  /// Its name: `babeltrace2`.
  let name: String
  /// The path of the program.
  let path: String

  /// Looks for a program on the `PATH`; `nil` where it is not there.
  init?(_ name: String) {
    let directories = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let paths = directories.split(separator: ":").map { "\($0)/\(name)" }
    guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { return nil }
    self.name = name
    self.path = path
  }

  /// What is said where it is not installed.
  static func missing(_ name: String, package: String) -> CrossCheckResult.Skip {
    CrossCheckResult.Skip(reason: "\(name) is not on the PATH", remedy: "apt-get install \(package)")
  }
}
