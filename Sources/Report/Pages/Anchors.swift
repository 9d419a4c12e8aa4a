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
      firstOf: Topic.allCases.map { ($0, names.next("topic-\(Format.slug($0.title))")) })
    claims = Dictionary(
      firstOf: results.probes.grouped { $0.id }.map { ($0.key, names.next("claim-\(Format.slug($0.key))")) })
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

/// A section that others link to.
enum LinkedSection: String, CaseIterable {
  case environment = "Environment"
  case backends = "Back ends"
  case operations = "Operations side by side"
  case claims = "Claims and answers"
  case evidence = "Evidence"
  case models = "Models against live"
  case modelChecks = "Self-checks of the models"
  case clauses = "Protocol clauses"
  case latency = "Latency"
  case deliveryLatency = "Delivery latency"
  case throughput = "Throughput"
  case writerOverhead = "Writer overhead"
  case losses = "Losses"
  case crossChecks = "Cross-checks"
  case accessCounts = "Access counts"
  case kernelLog = "Kernel log"
  case marks = "Marks"
  case definitions = "Definitions"
  case repetition = "How to repeat"

  var anchor: String { Format.slug(rawValue) }

  func link(_ label: Inline) -> Inline { .link(label, to: anchor) }

  /// The links to the pages on the front page.
  static var frontLinks: [Inline] {
    let sections: [LinkedSection] = [
      .claims, .operations, .models, .latency, .deliveryLatency, .throughput, .writerOverhead, .losses, .crossChecks,
      .accessCounts, .backends,
    ]
    return [.link("findings", to: "all-findings")]
      + sections.map { $0.link("\($0 == .backends ? "tool and environment" : $0.rawValue.lowercased())") }
  }
}

extension MarkdownDocument {
  /// The heading of a section.
  mutating func heading(_ section: LinkedSection) {
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

extension Results {
  /// Records with the same reason in one line, with an anchor for each back end: "`a`, `b`: not tested: a reason".
  func brief(_ records: [(anchor: String, backend: String)], _ verdict: String, _ reason: String?) -> Inline {
    let names = records.map { "\(Inline.anchor($0.anchor))\(label($0.backend))" as Inline }
    return "\(Inline(names, separator: ", ")): \(verdict): \(reason ?? "no reason was recorded")"
  }
}
