import Results
import Study

/// The verdicts of results as KTAP version 1: a test for each back end, with its claims, clauses, checks and scenarios as subtests.
package enum KTAPReport {
  /// The number of observations of a failed test that are shown; the rest are in `results.json`.
  private static let observationsShown = 10

  /// The text, with a newline at the end.
  package static func render(_ results: StudyResults) -> String {
    let tests = results.backendNames.map { test(of: $0, in: results) }
    return KTAPTest.document(of: tests).joined(separator: "\n") + "\n"
  }

  private static func test(of backend: String, in results: StudyResults) -> KTAPTest {
    let subtests =
      results.probes.enumerated().filter { $0.element.backend == backend }.map {
        claim($1, index: $0, isLive: results.isLive(backend))
      }
      + results.clauses.enumerated().filter { $0.element.backend == backend }.map { clause($1, index: $0) }
      + results.modelChecks.filter { $0.backend == backend }.map(modelCheck)
      + results.losses.enumerated().filter { $0.element.backend == backend }.map { loss($1, index: $0) }
      + results.crossChecks.filter { $0.backend == backend }.map(crossCheck)
    var test = KTAPTest(name: results.plainLabel(backend), subtests: subtests)
    let record = results.backend(backend)
    let isIncomplete = record?.status == .failed || record?.status == .stopped
    test.isOK = subtests.allSatisfy(\.isOK) && !isIncomplete
    if isIncomplete {
      (test.directive, test.detail) = (.error, record?.reason ?? "no reason was recorded")
    } else if subtests.allSatisfy({ $0.directive == .skip }) {
      test.directive = .skip
      test.detail = record?.reason ?? (subtests.isEmpty ? "nothing was put to the test" : "nothing was decided")
    }
    return test
  }

  private static func claim(_ result: ProbeResult, index: Int, isLive: Bool) -> KTAPTest {
    let words = [result.outcome.rawValue, result.answer].compactMap(\.self).joined(separator: ": ")
    var test = KTAPTest(name: "claim \(result.id)", detail: words)
    switch result.outcome {
    case .asDocumented, .asAssumed: break
    case .notAsAssumed: (test.directive, test.detail) = (.expectedFailure, "\(words); expected: \(result.expectation)")
    case .contradicts where !isLive:
      (test.directive, test.detail) = (.expectedFailure, "\(words), on a model; expected: \(result.expectation)")
    case .contradicts:
      test.isOK = false
      test.diagnostics =
        ["claim: \(result.title)", "source: \(result.source)", "expected: \(result.expectation)", "answer: \(words)"]
        + observed(result.evidence, path: "probes[\(index)].evidence")
    case .undecided, .notTested, .doesNotApply:
      (test.directive, test.detail) = (.skip, "\(words): \(result.reason ?? "no reason was recorded")")
    }
    test.diagnostics += logged(result.kernelLog, path: "probes[\(index)].kernelLog")
    return test
  }

  private static func clause(_ result: ClauseRecord, index: Int) -> KTAPTest {
    var test = KTAPTest(name: "clause \(result.clause) \(result.title)")
    switch result.verdict {
    case .kept: test.detail = "\(result.cases) cases"
    case .broken:
      test.isOK = false
      test.diagnostics =
        (result.reason.map { ["reason: \($0)"] } ?? []) + observed(result.evidence, path: "clauses[\(index)].evidence")
    case .inconclusive, .notApplicable:
      (test.directive, test.detail) = (
        .skip, "\(result.verdict.rawValue): \(result.reason ?? "no reason was recorded")"
      )
    }
    return test
  }

  private static func modelCheck(_ result: ModelCheckResult) -> KTAPTest {
    var test = KTAPTest(name: "self-check \(result.mode)", isOK: result.violations.isEmpty)
    for violation in result.violations.prefix(observationsShown) {
      test.diagnostics.append("violation: \(violation.what); seed \(violation.seed), schedule \(violation.schedule)")
    }
    test.detail = "\(result.schedules) schedules, \(result.violations.count) violations"
    return test
  }

  private static func loss(_ result: LossResult, index: Int) -> KTAPTest {
    var test = KTAPTest(name: "losses \(result.mode) \(result.scenario)")
    test.diagnostics = logged(result.kernelLog, path: "losses[\(index)].kernelLog")
    guard let judgement = result.judgement else {
      (test.directive, test.detail) = (.skip, result.skipped ?? "no reason was recorded")
      return test
    }
    if !judgement.violations.isEmpty {
      test.isOK = false
      test.diagnostics += judgement.violations.map { "violation: \($0)" }
    } else if let reason = judgement.inconclusive {
      (test.directive, test.detail) = (.skip, "undecided: \(reason)")
    } else {
      test.detail =
        "lost \(judgement.lost); reader ABI alone: \(judgement.readerABI.relation.rawValue); recipe: "
        + judgement.recipe.relation.rawValue
    }
    return test
  }

  private static func crossCheck(_ result: CrossCheckResult) -> KTAPTest {
    var test = KTAPTest(name: "counted by \(result.tool) \(result.mode) \(result.load.name)")
    if let skipped = result.skipped {
      (test.directive, test.detail) = (.skip, skipped.reason)
    } else if result.hasUnexplained {
      let rows = result.rows.filter(\.isUnexplained).map(\.what)
      (test.directive, test.detail) = (.skip, "unexplained difference: \(rows.joined(separator: ", "))")
    } else {
      let counts = [CrossCheckResult.Row.Agreement.differ, .equalAndUntrue].map { kind in
        result.rows.count { $0.agreement == kind }
      }
      test.detail =
        "\(result.rows.count) counts, \(counts[0]) differ, \(counts[1]) equal to each other and not to the truth; explained"
    }
    return test
  }

  /// Trouble in the kernel's log, with the first lines of each report.
  private static func logged(_ log: KernelLogExcerpt?, path: String) -> [String] {
    guard let log else { return [] }
    let troubles = log.troubles.prefix(observationsShown).flatMap { trouble in
      ["kernel log: \(trouble.kind.rawValue); \(log.cause(of: trouble).text)"]
        + log.firstLines(of: trouble, linesShown).map { "kernel log: \($0)" }
    }
    return troubles.isEmpty ? [] : troubles + ["kernel log: all lines are in results.json, \(path)"]
  }

  /// The number of lines of a report in the kernel's log that are shown.
  private static let linesShown = 3

  private static func observed(_ evidence: [Observation], path: String) -> [String] {
    let rest = evidence.count - observationsShown
    return evidence.prefix(observationsShown).map { "observed: \($0.name): \($0.value)" }
      + (rest > 0 ? ["and \(rest) more in results.json, \(path)"] : [])
  }
}

/// A test of KTAP version 1, as the kernel's Documentation/dev-tools/ktap.rst defines it.
struct KTAPTest {
  /// The directive of a result line, after `ok` or `not ok`.
  enum Directive: String {
    /// A test that was not made, or decided nothing.
    case skip = "SKIP"
    /// An expected failure.
    case expectedFailure = "XFAIL"
    /// An error: the test could not run.
    case error = "ERROR"
  }

  var name: String
  /// `true` if it passed; one with a directive other than an error counts as passed.
  var isOK = true
  var directive: Directive?
  /// The text after the directive, or in its place.
  var detail = ""
  /// Lines for a person, ahead of the result.
  var diagnostics: [String] = []
  var subtests: [KTAPTest] = []

  /// The lines of a whole document that consists of tests.
  static func document(of tests: [KTAPTest]) -> [String] {
    ["KTAP version 1", "1..\(tests.count)"] + body(of: tests)
  }

  private static func body(of tests: [KTAPTest]) -> [String] {
    tests.enumerated().flatMap { $1.lines(number: $0 + 1) }
  }

  private func lines(number: Int) -> [String] {
    let header = ["KTAP version 1", "# Subtest: \(KTAPTest.description(name))", "1..\(subtests.count)"]
    let nested = subtests.isEmpty ? [] : (header + KTAPTest.body(of: subtests)).map { "  " + $0 }
    let told = diagnostics.flatMap(MarkdownEscape.lines).map { $0.isEmpty ? "#" : "# \($0)" }
    let words = [directive?.rawValue ?? "", KTAPTest.oneLine(detail)].filter { !$0.isEmpty }.joined(separator: " ")
    let result = "\(isOK ? "ok" : "not ok") \(number) \(KTAPTest.description(name))"
    return nested + told + [words.isEmpty ? result : "\(result) # \(words)"]
  }

  /// A description "can't include #".
  private static func description(_ name: String) -> String { oneLine(name).replacing("#", with: "_") }

  private static func oneLine(_ text: String) -> String {
    MarkdownEscape.lines(of: text).filter { !$0.isEmpty }.joined(separator: " ")
  }
}
