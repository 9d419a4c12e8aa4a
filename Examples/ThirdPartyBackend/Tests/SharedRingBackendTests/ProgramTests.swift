import Foundation
import Results
import SharedRingBackend
import Study
import Testing
import Workload

extension LiveTests {
  /// The program of this package, as a user runs it. `swift test` builds it next to the tests.
  @Suite struct ProgramTests {
    private static func run(_ arguments: [String]) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(filePath: try ProducerExecutable.path(of: "third-party-compare"))
      process.arguments = arguments
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }

    @Test func `a run writes a report with the shared ring next to a built-in back end`() throws {
      let directory = FileManager.default.temporaryDirectory.appending(path: "third-party-\(getpid())")
      defer { try? FileManager.default.removeItem(at: directory) }
      let status = try Self.run([
        "run", "--quick", "--runs", "2", "--backend", "shared-ring", "--backend", "kernel-model", "--out",
        directory.path,
      ])
      #expect(status == 0)

      let data = try Data(contentsOf: directory.appending(path: "results.json"))
      let records = try JSONDecoder().decode(StudyRecords.self, from: data)
      let results = StudyResults(judging: records, by: ProbeJudges(SharedRing.set.claims))
      #expect(Set(results.backends.map(\.name)) == ["shared-ring", "kernel-model"])
      #expect(results.backends.allSatisfy { $0.status == .ran })
      let own = results.probes.filter { $0.backend == "shared-ring" }
      #expect(own.count { $0.outcome == .asDocumented } == SharedRingAnswers.all.count)
      #expect(!own.contains { $0.outcome == .contradicts || $0.outcome == .undecided })
      #expect(results.clauses.contains { $0.backend == "shared-ring" && $0.verdict == .kept })
      #expect(results.losses.contains { $0.backend == "shared-ring" && $0.judgement != nil })
      #expect(results.latency.contains { $0.backend == "shared-ring" })
      #expect(results.deliveryLatency.contains { $0.backend == "shared-ring" })
      #expect(results.throughput.contains { $0.backend == "shared-ring" })
      #expect(results.writerOverhead.contains { $0.backend == "shared-ring" })
      let report = try String(contentsOf: directory.appending(path: "report.md"), encoding: .utf8)
      #expect(report.contains("`shared-ring`"))
    }

    @Test(arguments: ProducerExecutable.allCases)
    func `the producers of the built-in back ends are next to the program`(_ producer: ProducerExecutable) throws {
      #expect(try producer.path() == "\(ProducerExecutable.directory)/\(producer.rawValue)")
    }
  }
}
