import Foundation
import Study
import Testing

@testable import StudiedBackends

/// The programs of others that live tests need.
enum LiveTools {
  /// Returns the program that `find` finds, or ends the test: as skipped where `ABI_COMPARE_ALLOW_SKIP=1` allows that,
  /// else as failed.
  @discardableResult
  static func available<Tool>(_ missing: CrossCheckResult.Skip, _ find: () throws -> Tool?) throws -> Tool {
    if let tool = try find() { return tool }
    try Missing(missing.reason, missing.remedy).skipOrFail()
  }
}

extension [CrossCheckResult] {
  /// The rows by a name under the loads whose names begin so, with the mode.
  func rows(
    _ what: String, mode: String? = nil, load: String? = nil, tool: String? = nil
  ) -> [CrossCheckResult.Row] {
    filter { result in
      (mode.map { result.mode == $0 } ?? true) && (load.map { result.load.name.hasPrefix($0) } ?? true)
        && (tool.map { result.tool.contains($0) } ?? true)
    }.flatMap(\.rows).filter { $0.what.hasPrefix(what) }
  }

  /// What no rule explains, for a message.
  var unexplained: [String] {
    flatMap { result in
      result.rows.filter { $0.explanation == CrossCheckResult.Row.unexplained }.map {
        "\(result.mode), \(result.load.name), \(result.tool): \($0)"
      }
    }
  }
}

extension StudiedBackend {
  /// The cross-checks of both modes.
  func everyCrossCheck(seed: UInt64) throws -> [CrossCheckResult] {
    try RingConfiguration.Mode.allCases.flatMap { try crossChecks($0, .standard, seed: seed) }
  }
}
