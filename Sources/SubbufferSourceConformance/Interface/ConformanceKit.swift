/// Tries the clauses of `SubbufferSource` on a back end.
public enum ConformanceKit {
  /// Tries all clauses.
  ///
  /// No error is thrown: one that comes where the clause under test allows none is a breach, any other makes the case
  /// inconclusive. A set-up that fails is inconclusive. An error of kind `interrupted` ends the run; what is left is
  /// inconclusive.
  /// - Returns: one result for each clause, in their order.
  public static func run(
    _ harness: some ConformanceHarness, _ options: ConformanceOptions = ConformanceOptions()
  ) -> [ClauseResult] {
    var run = ConformanceRun(harness, options)
    return run.results()
  }
}
