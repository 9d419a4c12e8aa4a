import Foundation
import SubbufferSourceConformance
import Testing

/// The kit quotes the clauses from the contract.
struct ClauseTextTests {
  @Test func `Titles and sentences are those of the protocol's documentation`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    let file = root.appending(path: "Sources/SubbufferSource/SubbufferSource.swift")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    let documentation = lines.filter { $0.hasPrefix("///") }
      .map { $0.dropFirst(3).trimmingCharacters(in: .whitespaces) }
      .joined(separator: " ").replacing("``", with: "`")
    for clause in Clause.allCases {
      let text = "\(clause.number). **\(clause.title).** \(clause.sentence)"
      #expect(documentation.contains(text), "\(text)")
      // The sentence must be readable on its own.
      #expect(clause.sentence.first { $0.isLetter }?.isUppercase == true || clause.sentence.hasPrefix("`"))
      #expect(clause.sentence.hasSuffix("."))
    }
    #expect(!documentation.contains("\(Clause.allCases.count + 1). **"))
  }
}
