import Study

/// The report as Markdown, made from results and wording alone: the same results give the same text.
public enum MarkdownReport {
  /// The file of the front page.
  static let frontFile = "report.md"

  /// The pages of a report, the front page last, since it links to the others.
  /// - Parameters:
  ///   - plots: the plots that lie next to the pages.
  ///   - matrix: other versions, of which the findings say whether they have them.
  public static func pages(
    _ results: Results, _ wording: Wording, plots: [Plot], matrix: VersionMatrix? = nil
  ) -> [(file: String, text: String)] {
    let anchors = Anchors(results)
    let front = FrontPage(results, wording, anchors: anchors, plots: plots, matrix: matrix)
    let details = LossDetails.files(of: results)
    let pages =
      ReportPage.all(results, front, details: details).flatMap { $0.documents() }
      + details.sorted { $0.value < $1.value }.map { backend, file in
        (file, LossDetails.render(results, backend: backend, anchors: anchors))
      }
    // Every detail of the front page has the same anchors.
    let resolver = LinkResolver(pages + [(frontFile, text(of: front))])
    return pages.map { ($0.file, resolver.resolve($0.text, on: $0.file, .inline)) }
      + [
        (
          frontFile,
          fitted(front) { resolver.resolve($0, on: frontFile, .shortRows(FrontPage.greatestRow)) }
        )
      ]
  }

  /// The front page on its own, without links to other pages and without plots.
  public static func frontPage(_ results: Results, _ wording: Wording, matrix: VersionMatrix? = nil) -> String {
    fitted(FrontPage(results, wording, anchors: Anchors(results), plots: [], matrix: matrix)) { text in
      LinkResolver([(frontFile, text)]).resolve(text, on: frontFile, .shortRows(FrontPage.greatestRow))
    }
  }

  /// The front page with the most detail that keeps it within its length and size.
  private static func fitted(_ front: FrontPage, _ resolve: (String) -> String) -> String {
    var front = front
    var page = ""
    let details = FrontPage.Detail.allCases.map { (detail: $0, versions: FrontPage.VersionDetail.full) }
    // The page of findings has the versions in full.
    for (detail, versions) in details + [(.least, .missingOnly), (.least, .none)] {
      (front.detail, front.versionDetail) = (detail, versions)
      page = resolve(text(of: front))
      let lines = page.utf8.count { $0 == UInt8(ascii: "\n") }
      if lines <= FrontPage.greatestLength, page.utf8.count <= FrontPage.greatestSize { break }
    }
    return page
  }

  private static func text(of front: FrontPage) -> String {
    var document = MarkdownDocument()
    for section in front.sections { section.write(to: &document) }
    return document.source
  }
}
