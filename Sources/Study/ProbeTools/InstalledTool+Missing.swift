import Platform

extension InstalledTool {
  /// The reason and the remedy if it is not installed.
  package static func missing(_ name: String, package: String) -> CrossCheckResult.Skip {
    CrossCheckResult.Skip(reason: "\(name) is not on the PATH", remedy: "apt-get install \(package)")
  }
}
