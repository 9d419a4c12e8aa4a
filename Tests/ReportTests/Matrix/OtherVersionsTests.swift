@testable import Report
import Results
import Testing

/// The other versions of a matrix on the pages of one run.
@Suite struct OtherVersionsTests {
  private static let claim = "fixed-in-stable"

  /// Returns the pages of the run of one kernel of the fixture.
  private func pages(_ kernel: String, _ matrix: VersionMatrix? = MatrixFixture.matrix) throws -> (
    front: String, findings: String
  ) {
    let results = try #require(
      MatrixFixture.results.first { $0.environment.facts.value(of: "kernel") == "Linux \(kernel)" })
    let pages = MarkdownReport.pages(results, MatrixFixture.wording, plots: [], matrix: matrix)
    func text(_ file: String) throws -> String {
      try #require(pages.first { $0.file == file }).text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return (try text(MarkdownReport.frontFile), try text("findings.md"))
  }

  @Test func `a finding names the other versions that have it, and those that do not`() throws {
    let (front, findings) = try pages("6.16.3+deb13")
    let versions = "*Other versions*: seen in 6.12.95 to 6.12.107 and 6.18.5 to 6.18.44; not in 6.12.117 and 7.3.4."
    #expect(front.contains(versions))
    #expect(findings.contains(versions))
    // Its own version is not among the others, and a version that did not decide is in neither list.
    #expect(!front.contains("6.16.3 and"))
    #expect(front.contains("from a matrix of 8 runs"))
  }

  @Test func `trouble in the kernel's log names the versions whose log was read`() throws {
    let (front, findings) = try pages("6.16.3+deb13")
    let versions = "*Other versions*: seen in 6.18.5; not in 6.12.95 to 6.12.117 and 7.3.4."
    #expect(front.contains(versions), "\(front)")
    #expect(findings.contains(versions))
  }

  @Test func `without a matrix nothing is said of other versions`() throws {
    let (front, findings) = try pages("6.16.3+deb13", nil)
    #expect(!front.contains("Other versions") && !findings.contains("Other versions"))
  }

  @Test func `a matrix of the same version alone says nothing`() throws {
    let own = MatrixFixture.results.filter { $0.environment.facts.value(of: "kernel") == "Linux 6.16.3+deb13" }
    let (front, findings) = try pages("6.16.3+deb13", VersionMatrix(own))
    #expect(!front.contains("*Other versions*:") && !findings.contains("*Other versions*:"))
  }

  @Test func `a finding of another ABI of the same claim is no sighting`() throws {
    let (_, findings) = try pages("6.12.95+deb12")
    // tracefs answers "no | 0", and LTTng-UST "no".
    let own = try #require(findings.range(of: "Observed* on `lttng-ust`: Question \\| always-wrong?"))
    #expect(findings[own.lowerBound...].prefix(1_000).contains("*Other versions*: seen in 2.16.0."))
  }

  @Test func `a row of the front page with a matrix is within its length, and the page within its own`() throws {
    let runs = (10..<50).map { patch -> StudyResults in
      var results = Fixture.results
      let release = "Linux 6.12.\(patch)-a-long-name-of-a-build"
      for index in results.backends.indices where results.backends[index].name == "tracefs" {
        results.backends[index].version = release
      }
      for index in results.probes.indices where patch % 2 == 0 && results.probes[index].backend == "tracefs" {
        results.probes[index].answer = "another"
      }
      results.environment.facts[0].value = release
      return results
    }
    let pages = MarkdownReport.pages(Fixture.results, Fixture.wording, plots: [], matrix: VersionMatrix(runs))
    let front = try #require(pages.first { $0.file == MarkdownReport.frontFile }).text
    #expect(front.contains("Other versions"))
    #expect(front.utf8.count { $0 == UInt8(ascii: "\n") } <= FrontPage.greatestLength(abis: 2))
    for row in front.split(separator: "\n") where row.hasPrefix("|") { #expect(row.count <= FrontPage.greatestRow) }
  }

  @Test func `text on other versions gives way before the page grows beyond its length`() {
    var page = FrontPage(
      MatrixFixture.results[0], MatrixFixture.wording, anchors: Anchors(MatrixFixture.results[0]), plots: [],
      matrix: MatrixFixture.matrix)
    let finding = page.findings.first { $0.result.id == Self.claim }
    #expect(finding.flatMap { page.versions(of: $0) }?.hasPrefix("seen in ") == true)
    page.versionDetail = .missingOnly
    #expect(finding.flatMap { page.versions(of: $0) }?.hasPrefix("not in ") == true)
    page.versionDetail = .none
    #expect(finding.flatMap { page.versions(of: $0) } == nil)
  }
}
