import Foundation
import FoundationXML
import Report
import Study
import Testing

@Suite struct PlotTests {
  /// Collects what the drawings must not hold.
  private final class Inspector: NSObject, XMLParserDelegate {
    var elements: [String] = []
    var attributes: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.append(name)
      self.attributes += attributes.filter { $0.key != "font-family" && $0.key != "xmlns" }.values
    }
  }

  private func check(_ plots: [Plot]) {
    for plot in plots {
      let parser = XMLParser(data: Data(plot.svg.utf8))
      let inspector = Inspector()
      parser.delegate = inspector
      #expect(parser.parse(), "\(plot.file): \(String(describing: parser.parserError))")
      #expect(inspector.elements.first == "svg" && !inspector.elements.contains("script"))
      for value in inspector.attributes {
        #expect(!value.lowercased().contains("nan") && !value.lowercased().contains("inf"), "\(plot.file): \(value)")
      }
    }
  }

  @Test func wellFormed() {
    check(Plot.all(of: Fixture.results))
  }

  /// Where the clock counts instructions, no drawing leaves its axis to be taken for time.
  @Test func aCountOfInstructionsIsSaidToBeOne() {
    var results = Fixture.results
    let clock = { (plot: Plot) in
      plot.svg.contains("time (ns)") || plot.svg.contains(" µs<") || plot.description.contains("in ns")
    }
    #expect(Plot.all(of: results).contains(where: clock))
    results.environment.facts.append(Observation(EnvironmentFact.time, "one instruction"))
    #expect(!Plot.all(of: results).contains(where: clock))
  }

  @Test func namesFromOutsideAreEscaped() {
    var results = Fixture.results
    results.run.profile = "<script>&\"'\u{0}\u{1B}]]>\u{FFFE}"
    results.latency[0].backend = "<a>&b\u{7}"
    results.latency[1].operation = "../../etc/<x>"
    results.freshness[0].backend = "<a>&b"
    results.losses[results.losses.count - 1].backend = "</svg>\n&amp;"
    let plots = Plot.all(of: results)
    check(plots)
    #expect(
      plots.map(\.file) == [
        "latency-acquire.svg", "latency-etc-x.svg", "latency-release.svg", "growth.svg", "freshness.svg",
        "writer-tail.svg", "losses.svg",
      ])
  }

  @Test func noDataNoPlot() {
    var results = Fixture.results
    results.losses = []
    results.disturbance = []
    results.latency = results.latency.filter(\.trials.isEmpty)
    results.freshness = results.freshness.filter(\.age.isEmpty)
    #expect(!results.latency.isEmpty && !results.freshness.isEmpty && Plot.all(of: results).isEmpty)
  }

  @Test func extremesStayFinite() {
    var results = Fixture.results
    results.latency = [
      [(0, 1)], [(0, 5), (.max, 5)], [(.max, .max)], [(5, 1), (3, 1), (5, 0)], [(1, .max), (2, .max)],
    ].enumerated().map { (index, buckets: [(UInt64, UInt64)]) in
      var row = Fixture.row("b\(index)", "operation \(index)", "c", "d", scale: 1, count: 1)
      // The last has more samples than can be counted; each of its trials has not.
      row.trials = buckets.enumerated().compactMap { place, bucket in
        Distribution([Distribution.Bucket(nanoseconds: bucket.0, count: bucket.1)]).map {
          Trial(place: place + 1, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0)
        }
      }
      return row
    }
    results.losses = [
      (0, .max, "offered-1"), (1, 0, "offered-1000"), (.max, .max, "offered-0.01"), (9, 3, "offered-nan"),
    ].map {
      (produced: UInt64, lost: UInt64, scenario: String) in
      var loss = Fixture.load("tracefs", 2)
      loss.scenario = scenario
      loss.judgement?.produced = produced
      loss.judgement?.lost = lost
      loss.judgement?.recipe.reported = .max
      return loss
    }
    for (index, rate) in [0, 1, UInt64.max].enumerated() {
      results.freshness[index].rate = rate
      results.freshness[index].age = results.latency[index].trials
    }
    let plots = Plot.all(of: results)
    check(plots)
    // The one whose samples cannot be counted in 64 bits has none.
    #expect(
      plots.map(\.file)
        == (0...3).map { "latency-operation-\($0).svg" } + ["freshness.svg", "writer-tail.svg", "losses.svg"])
  }

  @Test func aModelIsNamedSo() {
    var results = Fixture.results
    (results.latency, results.freshness, results.disturbance) = ([], [], [])
    for (backend, isModel) in [("tracefs", false), ("merged", true)] {
      results.losses = [Fixture.load(backend, 2)]
      let plots = Plot.all(of: results)
      #expect(!plots.isEmpty)
      for plot in plots { #expect(plot.svg.contains("\(backend) (model)") == isModel) }
    }
  }

  @Test func everyCurveLooksDifferent() {
    var results = Fixture.results
    results.latency = (0..<42).map { Fixture.row("b\($0)", "acquire", "c", "d", scale: 10, count: 100) }
    let svg = Plot.all(of: results)[0].svg
    check(Plot.all(of: results))
    #expect(svg.contains("b41, discard, c, n = 100: d"))
  }
}
