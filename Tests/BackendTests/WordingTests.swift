import BackendList
import Foundation
@testable import Report
import Results
import Study
import Testing

/// The wording of the catalogue, checked against its claims, the programs that it names, and the committed studies.
@Suite struct WordingTests {
  private static let wording = BackendList.wording
  private static let studies = CommittedStudies.all
  private static let examples = CommittedStudies.directory

  /// The answers of both studies, of other versions, and of the committed matrix: claim, ABI and answer.
  private static func observed() throws -> Set<[String]> { try answers.get() }

  private static let answers = Result { try storedAnswers() }

  private static func storedAnswers() throws -> Set<[String]> {
    var answers: Set<[String]> = []
    for study in studies + VersionResults.all {
      let results =
        try VersionResults.read(study) ?? CommittedStudies.results(study)
      let abis = Dictionary(uniqueKeysWithValues: results.backends.filter(\.isLive).map { ($0.name, $0.abis) })
      for probe in results.probes {
        for abi in abis[probe.backend] ?? [] {
          if let answer = probe.answer { answers.insert([probe.id, abi, answer]) }
        }
      }
    }
    let matrix = examples.appending(path: "version-matrix/matrix.json").path
    for run in try MatrixFile.read(from: matrix).runs {
      for backend in run.backends.values {
        for (claim, decided) in backend.answers {
          for abi in backend.abis {
            if let answer = decided.answer { answers.insert([claim, abi, answer]) }
          }
        }
      }
    }
    return answers
  }

  /// The uses that require an answer: the claim and the answers.
  private static var answeredUses: [(claim: String, answers: Set<String>)] {
    wording.uses.compactMap { use in
      if case .answer(let claim, let answers) = use.requirement { (claim, answers) } else { nil }
    }
  }

  @Test func `every note, reason, rule, change and question names a claim`() {
    let claims = Set(Self.wording.claims.map(\.id))
    let named =
      Self.wording.notes.map(\.claim) + Self.wording.rationales.map(\.claim) + Self.wording.rules.map(\.claim)
      + Self.wording.changes.compactMap(\.claim) + Self.wording.decisions.map(\.claim) + Self.answeredUses.map(\.claim)
      + Self.wording.versionChanges.map(\.claim)
    #expect(Set(named).subtracting(claims).sorted() == [])
  }

  @Test func `every reproducer is a program of the second opinions`() {
    for program in Self.wording.notes.compactMap(\.reproducer) + Self.wording.hazards.compactMap(\.reproducer) {
      let file = Self.examples.appending(path: "second-opinions/\(program)")
      #expect(FileManager.default.fileExists(atPath: file.path), "\(program)")
    }
  }

  @Test func `titles, questions, answers, rules and recipes have their greatest lengths`() {
    for title in Self.wording.notes.map(\.title) + Self.wording.hazards.map(\.title) {
      #expect(title.count <= 70, "\(title)")
    }
    for question in Self.wording.decisions { #expect(question.text.count <= 40, "\(question.text)") }
    for use in Self.wording.uses { #expect(use.text.count <= 50, "\(use.text)") }
    let answers =
      Self.wording.notes.map(\.answer) + Self.wording.rules.map(\.answer)
      + Self.wording.rationales.flatMap { Array($0.answers.values) }
    for answer in answers { #expect(answer.split(separator: " ").count <= Answer.longest, "\(answer)") }
    for rules in Dictionary(grouping: Self.wording.rules, by: \.abi).values { #expect(rules.count <= 8) }
    for recipe in Self.wording.recipes {
      #expect(recipe.lines.count <= 10)
      for line in recipe.lines { #expect(line.count <= 100, "\(line)") }
    }
  }

  @Test func `a proposed text is one hunk`() {
    for note in Self.wording.notes {
      guard let patch = note.patch else { continue }
      #expect(patch.split(separator: "\n").count { $0.hasPrefix("@@") } == 1, "\(note.claim)")
    }
  }

  @Test func `no two notes explain the same answer`() {
    let bound = Self.wording.notes.map { [$0.claim, $0.abi.name, $0.answer] }
    #expect(Set(bound).count == bound.count)
  }

  @Test func `every note and rule is bound to an answer of a study`() throws {
    let observed = try Self.observed()
    for note in Self.wording.notes {
      #expect(observed.contains([note.claim, note.abi.name, note.answer]), "\(note.claim): \(note.answer)")
    }
    for rule in Self.wording.rules {
      #expect(observed.contains([rule.claim, rule.abi.name, rule.answer]), "\(rule.claim): \(rule.answer)")
    }
  }

  @Test func `every answer that a reason explains was observed`() throws {
    let observed = try Self.observed()
    for rationale in Self.wording.rationales {
      for (abi, answer) in rationale.answers {
        #expect(observed.contains([rationale.claim, abi.name, answer]), "\(rationale.claim): \(answer)")
      }
    }
  }

  @Test func `every change of an answer shows between the model of v11 and tracefs`() throws {
    let results = try CommittedStudies.results("sample-study")
    for claim in Self.wording.changes.compactMap(\.claim) {
      let answers = ["kernel-v11-model", "tracefs"].map { backend in
        results.probes.first { $0.id == claim && $0.backend == backend }?.answer
      }
      #expect(answers[0] != nil && answers[1] != nil && answers[0] != answers[1], "\(claim): \(answers)")
    }
  }

  @Test func `every change between versions has a commit, a first version, and an answer of a study on one side`()
    throws
  {
    let observed = try Self.observed()
    for change in Self.wording.versionChanges {
      #expect(change.commit.wholeMatch(of: /[0-9a-f]{8,40}/) != nil, "\(change.commit)")
      #expect(!change.firstVersions.isEmpty && !change.title.isEmpty)
      let answers = [change.before, change.after].compactMap(\.self)
      #expect(answers.contains { observed.contains([change.claim, change.abi.name, $0]) }, "\(change.claim)")
    }
  }

  @Test func `the matrix of both studies names the commit behind the change that they show`() throws {
    let matrix = VersionMatrix(try Self.studies.map(CommittedStudies.results))
    let page = try Self.matrixPage(matrix)
    #expect(page.contains("`ca296d32ece3`"))
    #expect(page.contains("since 6.18.44 (not in 6.12.95)"))
    // One version of LTTng-UST, so that nothing is said of its changes.
    #expect(!page.contains("8e0efccd"))
  }

  /// Returns the first page of a matrix as the command writes it.
  private static func matrixPage(_ matrix: VersionMatrix) throws -> String {
    let directory = FileManager.default.temporaryDirectory.appending(path: "matrix-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: directory) }
    try MatrixFiles.write(matrix, wording, to: directory.path)
    return try String(contentsOf: directory.appending(path: MatrixFiles.page), encoding: .utf8)
  }

  @Test(arguments: studies) func `the front page of a study is short`(_ study: String) throws {
    let results = try CommittedStudies.results(study)
    let pages = MarkdownReport.pages(results, Self.wording, plots: Plot.all(of: results))
    let page = try #require(pages.first { $0.file == "report.md" }).text
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    let abis = results.liveBackends.count
    #expect(lines.count <= FrontPage.greatestLength(abis: abis))
    #expect(page.utf8.count <= 60_000)
    // Numbers are not cut: more than three ABIs take more room.
    let widest = FrontPage.greatestRow + 20 * max(0, abis - 3)
    for row in lines where row.hasPrefix("|") { #expect(row.count <= widest, "\(row)") }
  }
}
