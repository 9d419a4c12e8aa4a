import Study
import Workload

extension InstalledTool {
  /// What is said where it is not installed.
  static func missing(_ name: String, package: String) -> CrossCheckResult.Skip {
    CrossCheckResult.Skip(reason: "\(name) is not on the PATH", remedy: "apt-get install \(package)")
  }
}
