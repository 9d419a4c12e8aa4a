import Study

/// The sections that others link to, and the page of each.
enum ContentsSection {
  /// A section that others link to.
  enum Section: String, CaseIterable {
    case environment = "Environment"
    case backends = "Back ends"
    case operations = "Operations side by side"
    case claims = "Claims and answers"
    case evidence = "Evidence"
    case models = "Models against live"
    case modelChecks = "Self-checks of the models"
    case clauses = "Protocol clauses"
    case latency = "Latency"
    case freshness = "Delivery latency"
    case throughput = "Throughput"
    case disturbance = "Writer overhead"
    case losses = "Losses"
    case crossChecks = "Cross-checks"
    case surface = "Access counts"
    case kernelLog = "Kernel log"
    case marks = "Marks"
    case guide = "Definitions"
    case repeating = "How to repeat"

    var anchor: String { Format.slug(rawValue) }
    /// A link to the section.
    var link: Inline { .link("\(rawValue)", to: anchor) }

    /// The links to the pages on the front page.
    static var frontLinks: [Inline] {
      let sections: [Section] = [
        .claims, .operations, .models, .latency, .freshness, .throughput, .disturbance, .losses, .crossChecks,
        .surface, .backends,
      ]
      return [.link("findings", to: "all-findings")]
        + sections.map {
          .link("\($0 == .backends ? "tool and environment" : $0.rawValue.lowercased())", to: $0.anchor)
        }
    }
  }
}

extension MarkdownDocument {
  /// The heading of a section.
  mutating func heading(_ section: ContentsSection.Section) {
    heading(2, "\(section.rawValue)", anchor: section.anchor)
  }
}
