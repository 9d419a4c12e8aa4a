import Results

/// The anchors of the report, computed before anything is written, so that a table can link to later sections.
struct Anchors {
  /// The table of each topic.
  let topics: [Topic: String]
  /// The section of each claim, by the claim's name.
  let claims: [String: String]
  /// The evidence of each record of ``StudyResults/probes``, by its index.
  let findings: [String]
  /// Each record of ``StudyResults/losses`` in the document that has them one by one, by its index.
  let losses: [String]
  /// The evidence of each record of ``StudyResults/clauses``, by its index.
  let clauses: [String]
  /// The violations of each record of ``StudyResults/modelChecks``, by its index.
  let modelChecks: [String]

  init(_ results: StudyResults) {
    var names = UniqueNames()
    topics = Dictionary(
      firstOf: Topic.allCases.map { ($0, names.next("topic-\(Format.slug($0.title))")) })
    claims = Dictionary(
      firstOf: results.probes.grouped { $0.id }.map { ($0.key, names.next("claim-\(Format.slug($0.key))")) })
    findings = results.probes.map { names.next("claim-\(Format.slug($0.id))-on-\(Format.slug($0.backend))") }
    losses = results.losses.map { loss in
      names.next("loss-\([loss.backend, loss.mode.rawValue, loss.scenario].map(Format.slug).joined(separator: "-"))")
    }
    clauses = results.clauses.map { names.next("clause-\($0.clause)-on-\(Format.slug($0.backend))") }
    modelChecks = results.modelChecks.map {
      names.next("self-check-\(Format.slug($0.backend))-\(Format.slug($0.mode.rawValue))")
    }
  }

  /// A link to a record of ``StudyResults/losses`` in the document that has those of its back end one by one; without one the
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
  case sharedLoads = "One load, several ring buffers"
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
      .claims, .operations, .models, .latency, .deliveryLatency, .throughput, .writerOverhead, .losses, .sharedLoads,
      .crossChecks, .accessCounts, .backends,
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

/// Names, each used once: a second `probe-x` becomes `probe-x-2`.
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

extension StudyResults {
  /// Records with the same reason in one line, with an anchor for each back end: "`a`, `b`: not tested: a reason".
  func brief(_ records: [(anchor: String, backend: String)], _ verdict: String, _ reason: String?) -> Inline {
    let names = records.map { "\(Inline.anchor($0.anchor))\(label($0.backend))" as Inline }
    return "\(Inline(names, separator: ", ")): \(verdict): \(reason ?? "no reason was recorded")"
  }
}

/// Resolves the links between the pages of a report, when the pages of all anchors are known.
///
/// Sections link to an anchor without knowing its page. Until it is resolved, the end of such a link is the anchor between
/// two control characters, which text cannot contain, since ``MarkdownEscape`` shows them as escapes.
struct LinkResolver {
  /// The form of resolved links.
  enum Style {
    /// `[label](page.md#anchor)`.
    case inline
    /// `inline`, but `[label][3]` with the definition at the end of the page in rows of tables that would be longer than
    /// this number of characters.
    case shortRows(Int)
    /// The label alone, for a page that stands alone.
    case labelsOnly
  }

  private static let sentinel: Character = "\u{1}"

  /// The page of each anchor.
  private let pages: [String: String]

  /// Resolves links among these pages.
  /// - Parameter pages: the text of each page by its file.
  init(_ pages: [(file: String, text: String)]) {
    var found: [String: String] = [:]
    for page in pages {
      for anchor in page.text.matches(of: /<a id="([^"]*)">/) { found[String(anchor.output.1)] = page.file }
    }
    self.pages = found
  }

  /// The end of a link that is not resolved yet.
  static func mark(_ anchor: String) -> String { "\(sentinel)\(anchor)\(sentinel)" }

  /// The text of a page with its links resolved; a link to an anchor that no page has becomes its label.
  func resolve(_ text: String, on file: String, _ style: Style) -> String {
    let inline: (String) -> String = { "](\($0))" }
    switch style {
    case .inline: return resolve(text, on: file, inline)
    case .labelsOnly: return resolve(text, on: file, nil)
    case .shortRows(let longest):
      var numbers: [String: Int] = [:]
      // A label can go on in the next line, but not in a row.
      var parts: [String] = []
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if let last = parts.last, !last.hasPrefix("|"), !line.hasPrefix("|") {
          parts[parts.count - 1] += "\n\(line)"
        } else {
          parts.append(String(line))
        }
      }
      parts = parts.map { part in
        let resolved = resolve(part, on: file, inline)
        guard part.hasPrefix("|"), resolved.count > longest else { return resolved }
        let tight = Self.withoutPadding(resolved)
        guard tight.count > longest else { return tight }
        let numbered = resolve(part, on: file) { target in
          let number = numbers[target, default: numbers.count + 1]
          numbers[target] = number
          return "][\(number)]"
        }
        return numbered.count > longest ? Self.withoutPadding(numbered) : numbered
      }
      let definitions = numbers.sorted { $0.value < $1.value }.map { "[\($0.value)]: \($0.key)\n" }
      return parts.joined(separator: "\n") + (definitions.isEmpty ? "" : "\n\(definitions.joined())")
    }
  }

  /// A row of a table without the blanks that fill its cells.
  private static func withoutPadding(_ row: String) -> String {
    row.replacing(/\ +\|/, with: " |").replacing(/\|\ +/, with: "| ")
  }

  /// Resolves links.
  /// - Parameter end: the end of a link by its target; `nil` to leave the labels alone.
  private func resolve(_ text: some StringProtocol, on file: String, _ end: ((String) -> String)?) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    // Every second part is an anchor.
    for (index, part) in text.split(separator: Self.sentinel, omittingEmptySubsequences: false).enumerated() {
      if index % 2 == 0 {
        result += part
      } else if let end, let page = pages[String(part)] {
        result += end(page == file ? "#\(part)" : "\(page)#\(part)")
      } else {
        dropLabel(of: &result)
      }
    }
    return result
  }

  /// Removes the bracket that begins the label at the end of some text; labels contain no unescaped brackets.
  private func dropLabel(of text: inout String) {
    var index = text.endIndex
    while index > text.startIndex {
      index = text.index(before: index)
      guard text[index] == "[" else { continue }
      if index == text.startIndex || text[text.index(before: index)] != "\\" {
        text.remove(at: index)
        return
      }
    }
  }
}
