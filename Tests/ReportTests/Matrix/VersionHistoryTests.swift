@testable import Report
import Results
import Testing

@Suite struct VersionHistoryTests {
  /// Returns the history of values given as "6.12.95 A"; "?" decides nothing.
  private func history(_ points: [String]) -> VersionHistory<String> {
    VersionHistory(
      points.map { point in
        let words = point.split(separator: " ").map(String.init)
        return VersionHistory.Point(
          title: words[0], series: VersionNumber(words[0]).series ?? "", value: words[1] == "?" ? nil : words[1])
      })
  }

  @Test(
    arguments: [
      (["6.12.95 A", "7.3.4 A"], "A", "in every version"),
      (["6.12.117 A", "6.16.3 B"], "A", "until 6.12.117 (not in 6.16.3)"),
      (["6.12.117 A", "6.16.3 B"], "B", "since 6.16.3 (not in 6.12.117)"),
      (["6.12.107 A", "6.12.117 B"], "B", "since 6.12.117 (not in 6.12.107)"),
      (["6.12.95 A", "6.16.3 B", "6.18.5 B", "7.3.4 C"], "B", "from 6.16.3 (not in 6.12.95) to 6.18.5 (not in 7.3.4)"),
      (["6.12.95 A", "6.16.3 B", "7.3.4 C"], "B", "in 6.16.3 (not in 6.12.95, 7.3.4)"),
      (["6.12.95 A", "6.12.117 ?", "6.16.3 B"], "B", "since 6.16.3 (not in 6.12.95)"),
      (["6.12.95 ?", "6.12.117 A"], "A", "in every version"),
    ] as [([String], String, String)])
  func `an answer with one place in the order has a first and a last version`(
    _ points: [String], _ value: String, _ text: String
  ) {
    #expect(history(points).isMonotone)
    #expect(history(points).text(of: value) == text)
  }

  @Test(
    arguments: [
      // A fix that went to a stable series before the next ones.
      (
        ["6.12.107 A", "6.12.117 B", "6.16.3 A", "7.2.12 A", "7.3.4 B"],
        "in 6.12.y until 6.12.107 (not in 6.12.117); in 6.16.3 to 7.2.12",
        "in 6.12.y since 6.12.117 (not in 6.12.107); in 7.3.4"
      ),
      // Two series with the fix, and one between them without a version that has it.
      (
        ["6.12.107 A", "6.12.117 B", "6.16.3 A", "6.18.5 A", "6.18.15 B"],
        "in 6.12.y until 6.12.107 (not in 6.12.117); in 6.16.3; in 6.18.y until 6.18.5 (not in 6.18.15)",
        "in 6.12.y since 6.12.117 (not in 6.12.107); in 6.18.y since 6.18.15 (not in 6.18.5)"
      ),
      // An answer that came and went with new series.
      (
        ["6.12.95 A", "6.16.3 B", "6.18.5 B", "7.0.4 A"], "in 6.12.95; in 7.0.4",
        "from 6.16.3 (not in 6.12.95) to 6.18.5 (not in 7.0.4)"
      ),
      // A fix of one stable series that no newer version here has.
      (
        ["6.12.107 A", "6.12.117 B", "6.16.3 A"], "in 6.12.y until 6.12.107 (not in 6.12.117); in 6.16.3",
        "in 6.12.y since 6.12.117 (not in 6.12.107)"
      ),
      // A change that was reverted in its own series.
      (
        ["6.12.95 A", "6.12.107 B", "6.12.117 A"], "in 6.12.y by turns: 6.12.95, 6.12.117",
        "in 6.12.y by turns: 6.12.107"
      ),
      // A series that decides nothing says nothing.
      (
        ["6.12.107 A", "6.12.117 B", "6.16.3 ?", "6.18.5 A"],
        "in 6.12.y until 6.12.107 (not in 6.12.117); in 6.18.5", "in 6.12.y since 6.12.117 (not in 6.12.107)"
      ),
    ] as [([String], String, String)])
  func `an answer that returns is placed in each stable series`(_ points: [String], _ a: String, _ b: String) {
    #expect(!history(points).isMonotone)
    #expect(history(points).text(of: "A") == a)
    #expect(history(points).text(of: "B") == b)
  }

  @Test func `nothing follows from no version`() {
    #expect(history(["6.12.95 ?"]).values.isEmpty)
    #expect(history([]).text(of: "A").isEmpty)
  }
}
