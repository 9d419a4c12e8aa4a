import BackendList
import Foundation
import Report
import Results
import Study
import Testing

/// The marks of the catalogue and of the loss scenarios, in the committed studies.
@Suite struct CatalogueMarkTests {
  private func studies() throws -> [StudyResults] { try CommittedStudies.all.map(CommittedStudies.results) }

  @Test func `every expectation declares its marks, or that there are none`() {
    for claim in BackendList.claims {
      for (abi, expectation) in claim.expectations where expectation.basis != .none {
        #expect(claim.marks(of: expectation) != nil, "\(claim.id) on \(abi.name): reaching: .nothing, or marks")
      }
    }
  }

  @Test func `equal kinds of marks have equal words`() {
    var words: [String: String] = [:]
    for mark in BackendList.claims.flatMap(marks) {
      #expect(words[mark.id, default: mark.words] == mark.words, "\(mark.id)")
      words[mark.id] = mark.words
    }
    for mark in LossMark.allCases {
      #expect(words[mark.rawValue, default: mark.words] == mark.words, "\(mark.rawValue)")
    }
  }

  /// A mark that no back end reaches shows that the probe never comes to its point.
  @Test func `every mark of a claim is reached on some back end of a committed study`() throws {
    let studies = try studies()
    for claim in BackendList.claims {
      var reached: Set<String> = []
      for study in studies {
        for probe in study.probes where probe.id == claim.id && !probe.evidence.isEmpty {
          let abis = study.backends.first { $0.name == probe.backend }?.abis.map(ABI.init) ?? []
          guard let expectation = claim.expectation(of: abis) else { continue }
          for mark in claim.marks(of: expectation) ?? [] where mark.isReached(in: Evidence(probe.evidence)) {
            reached.insert(mark.id)
          }
        }
      }
      let isProbed = studies.contains { $0.probes.contains { $0.id == claim.id && !$0.evidence.isEmpty } }
      for mark in marks(of: claim) where isProbed && !mark.isOfMachine {
        #expect(reached.contains(mark.id), "\(claim.id): \(mark.words)")
      }
    }
  }

  @Test func `every mark of a loss scenario is reached on some back end of a committed study`() throws {
    let losses = try studies().flatMap(\.losses)
    let made = Set(losses.filter { $0.history != nil }.map(\.scenario))
    #expect(made.count > 25)
    for scenario in LossScenario.all where made.contains(scenario.name) {
      let histories = losses.filter { $0.scenario == scenario.name }.compactMap(\.history)
      for mark in scenario.marks {
        #expect(histories.contains { mark.isReached(in: $0) }, "\(scenario.name): \(mark.words)")
      }
    }
    let kinds = Set(LossScenario.all.filter { made.contains($0.name) }.flatMap(\.marks))
    #expect(kinds == Set(LossMark.allCases))
  }

  private func marks(of claim: Claim) -> [Mark] {
    claim.expectations.values.filter { $0.basis != .none }.flatMap { claim.marks(of: $0) ?? [] }
  }
}
