import Study

/// The anchors of the report, worked out before anything is written, so that a table can link to what comes below it.
struct Anchors {
  /// The table of each topic.
  let topics: [Topic: String]
  /// The section of each claim, by the claim's name.
  let claims: [String: String]
  /// The evidence of each record of ``Results/probes``, by its index.
  let findings: [String]
  /// Each record of ``Results/losses`` in the document that has them one by one, by its index.
  let losses: [String]
  /// The evidence of each record of ``Results/clauses``, by its index.
  let clauses: [String]
  /// The violations of each record of ``Results/modelChecks``, by its index.
  let modelChecks: [String]

  init(_ results: Results) {
    var names = UniqueNames()
    topics = Dictionary(
      Topic.allCases.map { ($0, names.next("topic-\(Format.slug($0.title))")) },
      uniquingKeysWith: { first, _ in first }
    )
    claims = Dictionary(
      results.probes.grouped { $0.id }.map { ($0.key, names.next("claim-\(Format.slug($0.key))")) },
      uniquingKeysWith: { first, _ in first })
    findings = results.probes.map { names.next("claim-\(Format.slug($0.id))-on-\(Format.slug($0.backend))") }
    losses = results.losses.map { loss in
      names.next("loss-\([loss.backend, loss.mode, loss.scenario].map(Format.slug).joined(separator: "-"))")
    }
    clauses = results.clauses.map { names.next("clause-\($0.clause)-on-\(Format.slug($0.backend))") }
    modelChecks = results.modelChecks.map {
      names.next("self-check-\(Format.slug($0.backend))-\(Format.slug($0.mode))")
    }
  }

  /// A link to a record of ``Results/losses`` in the document that has those of its back end one by one; without one the
  /// label alone.
  func loss(_ label: Inline, _ index: Int, in file: String?) -> Inline {
    file == nil ? label : .link(label, to: losses[index])
  }
}

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

/// Gives out names, each once: a second `probe-x` becomes `probe-x-2`.
struct UniqueNames {
  private var used: Set<String> = []

  mutating func next(_ wish: String) -> String {
    var name = wish
    var number = 2
    while !used.insert(name).inserted {
      name = "\(wish)-\(number)"
      number += 1
    }
    return name
  }
}
