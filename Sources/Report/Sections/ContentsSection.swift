import Study

/// Links to the sections.
struct ContentsSection: ReportSection {
  /// A section that others link to.
  enum Section: String, CaseIterable {
    case environment = "Environment"
    case backends = "Back ends"
    case operations = "Operations side by side"
    case claims = "Semantic probes"
    case evidence = "Evidence"
    case models = "Models against live"
    case modelChecks = "Models against themselves"
    case clauses = "Protocol clauses"
    case latency = "Latency"
    case freshness = "Freshness"
    case throughput = "Throughput"
    case disturbance = "Disturbance of the writer"
    case losses = "Losses"
    case crossChecks = "Losses counted by others"
    case surface = "Surface"
    case guide = "How to read this"
    case repeating = "How to repeat"

    var anchor: String { Format.slug(rawValue) }
    /// A link to the section.
    var link: Inline { .link("\(rawValue)", to: anchor) }
  }

  func write(to document: inout MarkdownDocument) {
    document.paragraph(Inline(Section.allCases.map(\.link), separator: " · "))
  }
}

extension MarkdownDocument {
  /// The heading of a section.
  mutating func heading(_ section: ContentsSection.Section) {
    heading(2, "\(section.rawValue)", anchor: section.anchor)
  }
}
