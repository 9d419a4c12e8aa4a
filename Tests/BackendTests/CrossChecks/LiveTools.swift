import Foundation
import Results
import Study
import SubbufferSource
import Testing

/// External programs that live tests need.
enum LiveTools {
  /// Returns the program that `find` finds, or ends the test: as skipped if `ABI_COMPARE_ALLOW_SKIP=1` is set, else as
  /// failed.
  @discardableResult
  static func available<Tool>(_ missing: CrossCheckResult.Skip, _ find: () throws -> Tool?) throws -> Tool {
    if let tool = try find() { return tool }
    try Missing(missing.reason, missing.remedy).skipOrFail()
  }
}

extension [CrossCheckResult] {
  /// Returns the rows whose name and load begin with the given texts, filtered by mode and part of the tool's name.
  func rows(
    _ what: String, mode: RingMode? = nil, load: String? = nil, tool: String? = nil
  ) -> [CrossCheckResult.Row] {
    filter { result in
      (mode.map { result.mode == $0 } ?? true) && (load.map { result.load.name.hasPrefix($0) } ?? true)
        && (tool.map { result.tool.contains($0) } ?? true)
    }.flatMap(\.rows).filter { $0.what.hasPrefix(what) }
  }

  /// The rows that no rule explains, as text.
  var unexplained: [String] {
    flatMap { result in
      result.rows.filter { $0.explanation == CrossCheckResult.Row.unexplained }.map {
        "\(result.mode), \(result.load.name), \(result.tool): \($0)"
      }
    }
  }
}

extension StudiedBackend {
  /// Runs the cross-checks of both modes.
  func everyCrossCheck(seed: UInt64) throws -> [CrossCheckResult] {
    try RingMode.allCases.flatMap { try crossChecks($0, .standard, seed: seed) }
  }
}
