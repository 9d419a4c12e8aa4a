import Foundation
@testable import Report
import Results
import Testing

/// The sections of a run whose clock counts instructions.
@Suite struct InstructionCountTests {
  private static let results: StudyResults = {
    var results = Fixture.results
    results.environment.facts.append(Observation(EnvironmentFact.time, "one instruction"))
    return results
  }()

  private func text(_ section: some ReportSection) -> String {
    var document = MarkdownDocument()
    section.write(to: &document)
    return document.source
  }

  @Test func `no header of a run that counts instructions has a unit of time`() {
    for text in [
      text(LatencySection(results: Self.results, plots: [])), text(ThroughputSection(results: Self.results)),
    ] {
      #expect(text.contains("(instructions)"))
      #expect(!text.contains("(ns)") && !text.contains(" ns per") && !text.contains("(µs)"))
      #expect(!text.contains("events/s") && !text.contains("MB/s |"))
    }
  }

  @Test func `the same headers of a run on a real clock have ns`() {
    let text = text(LatencySection(results: Fixture.results, plots: []))
    #expect(text.contains("median of trials (ns)") && text.contains("all trials: p99 (ns)"))
    #expect(!text.contains("(instructions)"))
  }

  @Test func `delivery latency and writer overhead are not shown where CPUs take turns`() {
    for section in [
      DeliveryLatencySection(results: Self.results, plots: []), WriterOverheadSection(results: Self.results, plots: []),
    ] as [any ReportSection] {
      let text = text(section)
      #expect(text.contains("the CPUs of this machine take turns"))
      #expect(!text.contains("| Back end"))
    }
    let kinds = Plot.all(of: Self.results).map(\.kind)
    #expect(kinds.contains(.latency) && !kinds.contains(.deliveryLatency) && !kinds.contains(.writerOverhead))
  }
}
