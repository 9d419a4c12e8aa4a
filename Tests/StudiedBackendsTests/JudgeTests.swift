import Foundation
import Report
import StudiedBackends
import Study
import Testing

/// The judges of the catalogue on the observations of the committed studies.
@Suite struct JudgeTests {
  private static let studies = ["sample-study", "virtual-machine-study"]

  private func results(_ study: String) throws -> Results {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try ResultsFile.read(from: root.appending(path: "Examples/\(study)/results.json").path)
  }

  /// Judged again from what was written down, every probe comes out as it did.
  @Test(arguments: studies) func storedObservationsAreJudgedAlike(_ study: String) throws {
    let sample = try results(study)
    #expect(sample.judgedAgain(by: Catalogue.claims) == sample)
  }

  /// A study has every claim of the catalogue.
  @Test(arguments: studies) func theStudyIsComplete(_ study: String) throws {
    let sample = try results(study)
    #expect(Set(sample.probes.map(\.id)) == Set(Catalogue.claims.map(\.id)))
    for probe in sample.probes where probe.verdict == .skipped || probe.verdict == .inconclusive {
      #expect(probe.reason?.isEmpty == false, "\(probe.id) on \(probe.backend)")
    }
  }

  /// No judge says the same whatever was seen: some other observations of the same names turn its verdict round.
  @Test(arguments: studies) func everyJudgeCanSayTheOpposite(_ study: String) throws {
    let sample = try results(study)
    let claims = Dictionary(uniqueKeysWithValues: Catalogue.claims.map { ($0.id, $0) })
    let backends = Dictionary(uniqueKeysWithValues: sample.backends.map { ($0.name, $0.abis.map(ABI.init)) })
    for probe in sample.probes where probe.verdict == .holds || probe.verdict == .refuted {
      let claim = try #require(claims[probe.id])
      let expectation = try #require(claim.expectation(of: backends[probe.backend] ?? []))
      let opposite: ProbeResult.Verdict = probe.verdict == .holds ? .refuted : .holds
      // Where a ring buffer refuses everything from some call on, the others have what would be observed next.
      let observed =
        [probe]
        + sample.probes.filter { other in
          other.id == probe.id && other.backend != probe.backend && !other.evidence.isEmpty
        }
      let isOpposite = { (evidence: [Observation]) in
        ProbeResult(claim, expectation, backend: probe.backend, ProbeObservations(evidence: evidence)).verdict
          == opposite
      }
      let turns =
        observed.map(\.evidence).contains(where: isOpposite)
        || observed.lazy.flatMap { Variations(of: $0.evidence) }.contains(where: isOpposite)
      #expect(turns, "\(probe.id) on \(probe.backend): \(probe.verdict.rawValue)")
    }
  }
}

/// Other observations under the same names: one changed, all changed alike, or two changed, where what is observed in
/// both modes or of several sizes changes together.
private struct Variations: Sequence {
  private let evidence: [Observation]

  init(of evidence: [Observation]) {
    self.evidence = evidence
  }

  func makeIterator() -> some IteratorProtocol<[Observation]> {
    let evidence = evidence
    let candidates = Set(evidence.map(\.value)).union(Variations.usual)
    // `overwrite: first event`, `discard: first event`.
    let groups = Dictionary(grouping: evidence.indices) { index in
      evidence[index].name.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
    }
    let sets = evidence.indices.map { [$0] } + groups.values.filter { $0.count > 1 } + [Array(evidence.indices)]
    let changes = sets.map { set in
      Variations.others(than: evidence[set[0]].value, candidates).map { value in
        Dictionary(uniqueKeysWithValues: set.map { ($0, value) })
      }
    }
    let single = changes.lazy.joined()
    let double = changes.indices.lazy.flatMap { first in
      changes[(first + 1)...].lazy.joined().flatMap { other in
        changes[first].lazy.map { $0.merging(other) { one, _ in one } }
      }
    }
    return [AnySequence(single), AnySequence(double)].lazy.joined().map { change in
      evidence.enumerated().map { Observation($1.name, change[$0] ?? $1.value) }
    }.makeIterator()
  }

  /// Values that observations have.
  private static let usual: Set = [
    "0", "1", "2", "4", "80", "none", "no error", "works", "refused: EINVAL (22)", "true", "false", "POLLIN", "POLLHUP",
    "-EAGAIN (-11)", "-ENODATA (-61)", "-EIO (-5)", "-EINVAL (-22)", "0, 1, 2", "0, 2", "signal 7",
  ]

  private static func others(than value: String, _ candidates: Set<String>) -> [String] {
    var others = candidates
    if let number = Int64(value) {
      others.formUnion([number + 1, number - 1, 2 * number, number + 1_000_000].map(String.init))
    } else {
      others.formUnion(candidates.compactMap(Int64.init).map { "\($0) events" })
    }
    // A flag within a text.
    others.insert(value.replacing(": 0", with: ": 1"))
    others.insert(value.replacing("bit 30: 1", with: "bit 30: 0"))
    others.remove(value)
    return others.sorted()
  }
}
