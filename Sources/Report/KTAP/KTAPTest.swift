/// A test of KTAP version 1, as the kernel's Documentation/dev-tools/ktap.rst defines it.
struct KTAPTest {
  /// The directive of a result line, after `ok` or `not ok`.
  enum Directive: String {
    /// It was not made, or decided nothing.
    case skip = "SKIP"
    /// It failed, and was not required to pass.
    case expectedFailure = "XFAIL"
    /// It could not be made.
    case error = "ERROR"
  }

  /// Its description.
  var name: String
  /// `true` if it passed; one with a directive other than an error counts as passed.
  var isOK = true
  /// Its directive, where it has one.
  var directive: Directive?
  /// The text after the directive, or in its place.
  var detail = ""
  /// Lines for a person, ahead of the result.
  var diagnostics: [String] = []
  /// The subtests.
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
