import BackendList
import Foundation
import Report
import Results
import Study
import Testing

@Suite struct ClaimsPageTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Docs/claims.md").standardized

  /// `make docs`, or this test with ABI_COMPARE_REGENERATE=1, regenerates the page.
  @Test func thePageIsThatOfTheCatalogue() throws {
    let page = ClaimsPage.render(BackendList.claims)
    if ProcessInfo.processInfo.environment["ABI_COMPARE_REGENERATE"] == "1" {
      try Data(page.utf8).write(to: Self.page)
      Issue.record("wrote Docs/claims.md; run again without ABI_COMPARE_REGENERATE")
      return
    }
    let written = try String(contentsOf: Self.page, encoding: .utf8)
    let differs = zip(page.split(separator: "\n"), written.split(separator: "\n")).first { $0 != $1 }
    #expect(page == written, "make docs writes it anew; first: \(String(describing: differs))")
  }

  @Test func everyClaimIsOnThePageWithWhatIsExpected() {
    let page = ClaimsPage.render(BackendList.claims)
    for claim in BackendList.claims {
      #expect(page.contains("<a id=\"claim-\(claim.id)\"></a>"), "\(claim.id)")
      #expect(page.contains("- Claim: `\(claim.id)`\n"))
    }
    let names = Set(BackendList.claims.flatMap { $0.expectations.keys.map(\.name) })
    let rows = page.split(separator: "\n").count { line in names.contains { line.hasPrefix("| \($0) ") } }
    #expect(!page.contains { $0.isASCII && $0 < " " && $0 != "\n" }, "a link is not resolved")
    #expect(page.contains("](#topic-hand-over)"))
    #expect(rows == BackendList.claims.reduce(0) { $0 + $1.expectations.count })
  }
}
