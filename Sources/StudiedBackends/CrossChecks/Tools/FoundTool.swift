import Platform
import Study
import SubbufferSource

/// A program of others that was looked for.
struct FoundTool<Tool> {
  /// The program; `nil` where it cannot be used.
  let tool: Tool?
  /// Why it cannot be used.
  let reason: CrossCheckResult.Skip

  /// Looks for it.
  /// - Parameters:
  ///   - missing: what is said where it is not installed.
  ///   - find: finds it; `nil` where it is not installed.
  /// - Throws: ``SourceError`` of kind `interrupted` only; a program that fails cannot be used.
  init(
    orSay missing: CrossCheckResult.Skip, _ find: () throws(SourceError) -> Tool?
  ) throws(SourceError) {
    do {
      tool = try find()
      reason = missing
    } catch {
      // A signal ends what is going on with an error of its own.
      try Interruption.check()
      tool = nil
      reason = CrossCheckResult.Skip(failed: error)
    }
  }
}
