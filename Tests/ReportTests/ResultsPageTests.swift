import Foundation
import Results
import Testing

/// `Docs/results.md`: the fields of `results.json`, from the documentation of their types.
@Suite struct ResultsPageTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  @Test func `the page has the fields of the types, each with its documentation`() throws {
    let types = try RecordTypes(in: Self.root)
    for type in types.documented {
      #expect(!type.fields.isEmpty, "\(type.name)")
      let undocumented = type.fields.filter(\.text.isEmpty).map(\.name)
      #expect(undocumented.isEmpty, "\(type.name)")
    }
    let page = types.page
    let file = Self.root.appending(path: "Docs/results.md")
    if Golden.regenerates {
      try Data(page.utf8).write(to: file)
      Issue.record("wrote Docs/results.md; run again without ABI_COMPARE_REGENERATE")
      return
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == page, "ABI_COMPARE_REGENERATE=1 writes it anew")
  }

  @Test func `every key of a stored study is on the page`() throws {
    let types = try RecordTypes(in: Self.root)
    let names = Set(types.documented.flatMap { $0.fields.map(\.name) })
    let data = try Data(contentsOf: Self.root.appending(path: "Examples/sample-study/results.json"))
    var unknown: Set<String> = []
    func visit(_ value: Any) {
      switch value {
      case let object as [String: Any]:
        unknown.formUnion(Set(object.keys).subtracting(names))
        object.values.forEach(visit)
      case let array as [Any]: array.forEach(visit)
      default: break
      }
    }
    visit(try JSONSerialization.jsonObject(with: data))
    #expect(unknown.isEmpty)
  }
}

/// The stored types, read from the source.
private struct RecordTypes {
  /// A field of a structure, or a case of an enumeration.
  struct Field {
    var name: String
    var type: String
    var text: String
  }

  /// A stored type.
  struct Record {
    var name: String
    var text: String
    var isEnumeration: Bool
    var fields: [Field] = []
  }

  private var records: [String: Record] = [:]
  /// The types that a file consists of, in the order in which they are first named.
  private(set) var documented: [Record] = []

  /// The types that encode themselves, with their layout.
  private static let own: [Record] = [
    Record(
      name: "Loss", text: "A loss that an ABI reported.", isEnumeration: false,
      fields: [
        Field(
          name: "kind", type: "String",
          text: "`not reported`, `none`, `events`, `at most`, `packets`, or `some` for a loss without a number."),
        Field(
          name: "events", type: "UInt64?",
          text:
            "The number of events, of the kinds `events`, `at most` and `packets`; there in addition to the packets."),
        Field(name: "packets", type: "UInt64?", text: "The number of packets, of the kind `packets`."),
      ])
  ]

  init(in root: URL) throws {
    for directory in ["Sources/Results", "Sources/SubbufferSource"] {
      let files = FileManager.default.enumerator(at: root.appending(path: directory), includingPropertiesForKeys: nil)
      for case let file as URL in try #require(files) where file.pathExtension == "swift" {
        read(try String(contentsOf: file, encoding: .utf8))
      }
    }
    for record in Self.own { records[record.name] = record }
    var open = ["StudyRecords"]
    var seen: Set<String> = []
    while let name = open.first {
      open.removeFirst()
      guard seen.insert(name).inserted, let record = records[name] else { continue }
      documented.append(record)
      open += record.fields.flatMap { referred($0.type, in: name) }
    }
  }

  /// The stored types that a type consists of.
  private func referred(_ type: String, in outer: String) -> [String] {
    type.matches(of: /[A-Z]\w*(?:\.[A-Z]\w*)*/).map { String($0.output) }.compactMap { name in
      // A nested type is named without the one around it.
      let scopes = outer.split(separator: ".").indices.reversed().map { index in
        outer.split(separator: ".")[...index].joined(separator: ".") + "." + name
      }
      return (scopes + [name]).first { records[$0] != nil }
    }
  }

  private mutating func read(_ source: String) {
    var comment: [Substring] = []
    var scopes: [(indentation: Int, name: String, isStored: Bool)] = []
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      let indentation = line.prefix { $0 == " " }.count
      let code = line.dropFirst(indentation)
      if code.hasPrefix("///") {
        comment.append(code.dropFirst(3).drop { $0 == " " })
        continue
      }
      let text = comment.filter { !$0.hasPrefix("- ") }.joined(separator: " ")
      comment = []
      while let last = scopes.last, !code.isEmpty, indentation <= last.indentation { scopes.removeLast() }
      if let match = code.firstMatch(of: /^(?:public )?(struct|enum|extension) ([\w.]+)(?:: ([^{]*))?\{/) {
        let name = (scopes.last.map { "\($0.name)." } ?? "") + match.output.2
        let isStored = match.output.3?.contains("Codable") == true && match.output.1 != "extension"
        scopes.append((indentation, name, isStored))
        if isStored { records[name] = Record(name: name, text: text, isEnumeration: match.output.1 == "enum") }
        continue
      }
      guard let scope = scopes.last, scope.isStored, indentation == scope.indentation + 2 else { continue }
      if let match = code.firstMatch(of: /^public (?:internal\(set\) )?(?:var|let) (\w+): ([^={]+?)(?: = .*)?$/) {
        records[scope.name]?.fields.append(
          Field(name: "\(match.output.1)", type: "\(match.output.2)", text: text))
      } else if let match = code.firstMatch(of: /^(?:public )?var (\w+) = (.*)$/) {
        let type = match.output.2 == "1" ? "Int" : match.output.2 == "false" ? "Bool" : "UInt64"
        records[scope.name]?.fields.append(Field(name: "\(match.output.1)", type: type, text: text))
      } else if let match = code.firstMatch(of: /^case (\w+)(?: = "([^"]*)")?$/) {
        let value = match.output.2.map(String.init) ?? "\(match.output.1)"
        records[scope.name]?.fields.append(Field(name: value, type: "", text: text))
      }
    }
  }

  // MARK: The page

  var page: String {
    var page = """
      # Fields of results.json

      `abi-compare run` writes what it observed to `results.json`: UTF-8, keys in alphabetical order. No judgement is stored:
      outcomes, answers and losses are functions of these records, and `abi-compare report`, `explain`, `diff` and
      `matrix merge` compute them. The file begins with [StudyRecords](#studyrecords); its `schemaVersion` is
      \(StudyRecords.currentSchemaVersion). Numbers are whole unless a type says otherwise, and at most 2^53; those of losses,
      shared loads, cross-checks and seeds have up to 64 bits. A type with `?` may be absent.

      This page is made from the documentation of the types in `Sources/Results`.

      """
    for record in documented {
      page += "\n## \(record.name)\n\n\(Self.prose(record.text))\n\n"
      page += record.isEnumeration ? "| Value | Meaning |\n|---|---|\n" : "| Field | Type | Meaning |\n|---|---|---|\n"
      for field in record.fields {
        let name = "`\(field.name)`"
        let text = Self.prose(field.text).replacing("|", with: "\\|")
        page += record.isEnumeration ? "| \(name) | \(text) |\n" : "| \(name) | \(link(field, record)) | \(text) |\n"
      }
    }
    return page
  }

  /// The type of a field, with a link if it is on the page.
  private func link(_ field: Field, _ record: Record) -> String {
    guard let name = referred(field.type, in: record.name).last else { return "`\(Self.plain(field.type))`" }
    let anchor = name.lowercased().filter { $0.isLetter || $0.isNumber }
    return "[`\(Self.plain(field.type))`](#\(anchor))"
  }

  /// A type in the words of JSON's readers.
  private static func plain(_ type: String) -> String {
    type.replacing("ClosedRange<UInt64>", with: "[first, last]").replacing("Distribution", with: "[[ns, count]]")
  }

  /// A comment as Markdown: links of DocC become code.
  private static func prose(_ text: String) -> String {
    text.replacing(/``(?:\w+\/)*([^`]*)``/) { "`\($0.output.1)`" }.replacing("`nil`", with: "absent")
  }
}
