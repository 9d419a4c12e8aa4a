import Results

/// The report as Markdown, made from results and wording alone: the same results give the same text.
package enum MarkdownReport {
  /// The file of the front page.
  static let frontFile = "report.md"

  /// The pages of a report, the front page last, since it links to the others.
  /// - Parameters:
  ///   - plots: the plots that lie next to the pages.
  ///   - matrix: other versions; the findings list those that have them and those that do not.
  package static func pages(
    _ results: StudyResults, _ wording: Wording, plots: [Plot], matrix: VersionMatrix? = nil
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
  package static func frontPage(_ results: StudyResults, _ wording: Wording, matrix: VersionMatrix? = nil) -> String {
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
      let most = FrontPage.greatestLength(abis: front.backends.count)
      if lines <= most, page.utf8.count <= FrontPage.greatestSize { break }
    }
    return page
  }

  private static func text(of front: FrontPage) -> String {
    var document = MarkdownDocument()
    for section in front.sections { section.write(to: &document) }
    return document.source
  }
}

/// A page other than the front page.
struct ReportPage {
  /// The greatest size of a generated page, in bytes; a larger one is split. Usual hosts render no Markdown above 512 KB.
  static let greatestSize = 300_000

  /// The name of its file: `latency.md`.
  var file: String
  var title: Inline
  var sections: [any ReportSection]

  /// Every page of a report.
  static func all(_ results: StudyResults, _ front: FrontPage, details: [String: String]) -> [ReportPage] {
    let (anchors, plots) = (front.anchors, front.plots)
    let models = AnswerTable(
      results, on: results.backendNames.filter { !front.backends.contains($0) }, areApplicable: true)
    let topics = Topic.allCases.filter { !front.answers.claims(of: $0).isEmpty }
    let evidence = topics.map { topic in
      ReportPage(
        file: "evidence-\(Format.slug(topic.title)).md", title: "Evidence: \(topic.title)",
        sections: [
          DefinitionsSection(.evidence),
          EvidenceSection(results: results, anchors: anchors, answers: front.answers, topic: topic),
        ])
    }
    return [
      ReportPage(file: "findings.md", title: "Findings", sections: [AllFindingsSection(page: front)]),
      ReportPage(
        file: "claims.md", title: "Claims and answers",
        sections: [
          DefinitionsSection(.claims), ClaimsSection(results: results, anchors: anchors, answers: front.answers),
          ComparisonSection(page: front).allReasons,
        ]),
    ] + evidence + [
      ReportPage(file: "operations.md", title: "Operations", sections: [OperationsSection(results: results)]),
      ReportPage(
        file: "models.md", title: "Models",
        sections: [
          DefinitionsSection(.models), ModelsSection(results: results, anchors: anchors, findings: front.findings),
          ModelChecksSection(results: results, anchors: anchors),
          HistorySection(page: front).all,
          ModelAnswersSection(results: results, anchors: anchors, answers: models),
        ]
          + Topic.allCases.map {
            EvidenceSection(
              results: results, anchors: anchors, answers: models, topic: $0, hasClaimAnchors: false)
          }),
      ReportPage(
        file: "latency.md", title: "Latency",
        sections: [DefinitionsSection(.numbers), LatencySection(results: results, plots: plots)]),
      ReportPage(
        file: "delivery-latency.md", title: "Delivery latency",
        sections: [DefinitionsSection(.numbers), DeliveryLatencySection(results: results, plots: plots)]),
      ReportPage(
        file: "throughput.md", title: "Throughput",
        sections: [DefinitionsSection(.numbers), ThroughputSection(results: results)]),
      ReportPage(
        file: "writer-overhead.md", title: "Writer overhead",
        sections: [DefinitionsSection(.numbers), WriterOverheadSection(results: results, plots: plots)]),
      ReportPage(
        file: "losses.md", title: "Losses",
        sections: [
          DefinitionsSection(.losses),
          LossesSection(results: results, anchors: anchors, details: details),
        ]),
      ReportPage(file: "cross-checks.md", title: "Cross-checks", sections: [CrossChecksSection(results: results)]),
      ReportPage(
        file: "shared-loads.md", title: "One load, several ring buffers",
        sections: [SharedLoadsSection(results: results)]),
      ReportPage(file: "access-counts.md", title: "Access counts", sections: [AccessCountsSection(results: results)]),
      ReportPage(
        file: "tool.md", title: "Tool and environment",
        sections: [
          EnvironmentSection(results: results), KernelLogSection(results: results), RepeatSection(results: results),
          BackendsSection(results: results),
          ClausesSection(results: results, anchors: anchors),
          MarksSection(results: results, wording: front.wording), DefinitionsSection(.all),
        ]),
    ]
  }

  /// The documents of the page: one, or several if it is larger than ``greatestSize``.
  func documents() -> [(file: String, text: String)] {
    var document = MarkdownDocument()
    for section in sections { section.write(to: &document) }
    let parts = document.parts(ofAtMost: ReportPage.greatestSize - 2_000)
    return parts.enumerated().map { index, blocks in
      var page = MarkdownDocument()
      page.heading(1, parts.count == 1 ? title : "\(title), part \(index + 1) of \(parts.count)")
      var links = [Inline.link("Front page", toFile: MarkdownReport.frontFile)]
      for other in parts.indices where other != index {
        links.append(.link("part \(other + 1)", toFile: name(ofPart: other)))
      }
      page.paragraph(Inline(links, separator: " · "))
      for block in blocks { page.append(block) }
      return (name(ofPart: index), page.source)
    }
  }

  private func name(ofPart index: Int) -> String {
    index == 0 ? file : file.replacing(".md", with: "-\(index + 1).md")
  }
}

extension MarkdownDocument {
  /// The blocks in parts of at most a size, split at headings.
  func parts(ofAtMost size: Int) -> [ArraySlice<String>] {
    var parts: [ArraySlice<String>] = []
    var start = 0
    var splitPoint = 0
    var length = 0
    var lengthAtSplitPoint = 0
    let splitPoints = Set(splitPoints)
    for (index, block) in blocks.enumerated() {
      if splitPoints.contains(index) { (splitPoint, lengthAtSplitPoint) = (index, length) }
      length += block.utf8.count + 2
      guard length > size, splitPoint > start else { continue }
      parts.append(blocks[start..<splitPoint])
      start = splitPoint
      length -= lengthAtSplitPoint
      lengthAtSplitPoint = 0
    }
    return parts + [blocks[start...]]
  }
}

/// A part of the report under one heading. Every sentence in it comes from the results; only headings are fixed, and
/// explanations of units and terms.
protocol ReportSection {
  /// Writes the section.
  func write(to document: inout MarkdownDocument)
}
