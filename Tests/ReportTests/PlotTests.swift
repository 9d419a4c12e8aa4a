import Foundation
import FoundationXML
@testable import Report
import Results
import Testing

@Suite struct PlotTests {
  /// The elements of a drawing, in order, with their attributes and text.
  private final class Drawing: NSObject, XMLParserDelegate {
    struct Element {
      var name: String
      var attributes: [String: String]
      var text = ""

      func number(_ attribute: String) -> Double? { attributes[attribute].flatMap { Double($0) } }
    }

    var elements: [Element] = []

    init(_ svg: String) throws {
      super.init()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = self
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      try #require(elements.first?.name == "svg")
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.append(Element(name: name, attributes: attributes))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { elements[elements.count - 1].text += string }

    var texts: [Element] {
      elements.filter { $0.name == "text" }.map {
        // The parser also passes the indentation after an element.
        Element(name: $0.name, attributes: $0.attributes, text: $0.text.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    var frames: [Element] { elements.filter { $0.name == "rect" && $0.attributes["fill"] == "none" } }
    /// The lines of the legend, followed by the curves.
    var lines: [Element] { elements.filter { $0.name == "path" } }
  }

  private func check(_ plots: [Plot], _ location: SourceLocation = #_sourceLocation) throws {
    for plot in plots {
      let drawing = try Drawing(plot.svg)
      let width = drawing.elements[0].number("width") ?? .infinity
      let height = drawing.elements[0].number("height") ?? .infinity
      #expect(width <= 900, "\(plot.file)", sourceLocation: location)
      let ground = drawing.elements.first { $0.name == "rect" }
      #expect(ground?.attributes["fill"] == "#fff" && ground?.number("width") == width, sourceLocation: location)
      let elements = Set(drawing.elements.map(\.name))
      #expect(elements.isDisjoint(with: ["script", "foreignObject", "a", "image"]), sourceLocation: location)
      let attributes = drawing.elements.flatMap(\.attributes).filter { $0.key != "font-family" && $0.key != "xmlns" }
      let notFinite = attributes.filter { _, value in ["nan", "inf"].contains { value.lowercased().contains($0) } }
      #expect(notFinite.isEmpty, "\(plot.file)", sourceLocation: location)
      let places =
        [("x", width), ("x1", width), ("x2", width), ("cx", width)]
        + [("y", height), ("y1", height), ("y2", height), ("cy", height)]
      let outside = attributes.filter { name, value in
        places.contains { $0.0 == name && !(0...$0.1).contains(Double(value) ?? -1) }
      }
      #expect(outside.isEmpty, "\(plot.file)", sourceLocation: location)
      for text in drawing.texts {
        let size = text.number("font-size") ?? 12
        #expect(size >= 11, sourceLocation: location)
        guard let x = text.number("x") else { continue }
        let length = SVG.width(text.text, size: size)
        let left =
          x - length
          * (text.attributes["text-anchor"] == "end" ? 1 : text.attributes["text-anchor"] == "middle" ? 0.5 : 0)
        #expect(left >= 0 && left + length <= width, "\(plot.file): \(text.text)", sourceLocation: location)
      }
    }
  }

  private func plot(_ file: String, of results: StudyResults) throws -> Plot {
    try #require(Plot.all(of: results).first { $0.file == file })
  }

  @Test func `a drawing is well-formed, at most 900 pixels wide, on white, with all its text inside`() throws {
    let plots = Plot.all(of: Fixture.results)
    #expect(plots.map(\.file) == ["growth.svg", "delivery-latency.svg", "writer-tail.svg"])
    #expect(plots.allSatisfy { $0.description.hasPrefix($0.title) })
    try check(plots)
  }

  @Test func `where CPUs take turns only the growth is drawn, in instructions`() throws {
    var results = Fixture.results
    #expect(try plot("growth.svg", of: results).svg.contains("time (ns)"))
    results.environment.facts.append(Observation(EnvironmentFact.time, "one instruction"))
    let plots = Plot.all(of: results)
    #expect(plots.map(\.file) == ["growth.svg"])
    #expect(plots[0].svg.contains(">instructions<") && !plots[0].svg.contains(" ns"))
    #expect(plots[0].description.contains("in instructions"))
  }

  @Test func `names from outside are escaped`() throws {
    var results = Fixture.results
    results.run.profile = "<script>&\"'\u{0}\u{1B}]]>\u{FFFE}"
    for index in results.latency.indices where results.latency[index].growth != nil {
      results.latency[index].backend += "</svg>\n&amp; " + String(repeating: "long", count: 300)
    }
    for index in results.deliveryLatency.indices { results.deliveryLatency[index].backend += "<a>&b\u{7}" }
    for index in results.writerOverhead.indices {
      results.writerOverhead[index].backend += String(repeating: "<", count: 300)
    }
    let plots = Plot.all(of: results)
    #expect(plots.count == 3)
    try check(plots)
  }

  @Test func `without data there is no plot`() {
    var results = Fixture.results
    results.writerOverhead = []
    results.latency = results.latency.filter { $0.growth == nil || $0.trials.isEmpty }
    results.deliveryLatency = results.deliveryLatency.filter(\.age.isEmpty)
    #expect(!results.latency.isEmpty && !results.deliveryLatency.isEmpty && Plot.all(of: results).isEmpty)
  }

  @Test func `extreme numbers stay finite`() throws {
    let extremes: [[(UInt64, UInt64)]] = [
      [(0, 1)], [(0, 5), (.max, 5)], [(.max, .max)], [(3, 1), (5, 1)], [(1, .max / 2), (2, .max / 2)],
    ]
    let trials = extremes.map { buckets in
      buckets.map { Distribution.Bucket(nanoseconds: $0.0, count: $0.1) }
    }.compactMap { Distribution($0) }.map {
      Trial(place: 1, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0)
    }
    #expect(trials.count == extremes.count)
    for (trial, level) in zip(trials, [Int.min, 0, 1, Int.max, 0]) {
      var results = Fixture.results
      for index in results.latency.indices { results.latency[index].trials = [trial] }
      if let index = results.latency.firstIndex(where: { $0.growth != nil }) {
        results.latency[index].growth?.level = level
      }
      for index in results.deliveryLatency.indices {
        results.deliveryLatency[index].age = [trial]
        results.deliveryLatency[index].rate = [0, 1, .max][index % 3]
      }
      for index in results.writerOverhead.indices { results.writerOverhead[index].service = [trial] }
      let plots = Plot.all(of: results)
      #expect(plots.count == 3)
      try check(plots)
    }
  }

  @Test func `models are not drawn`() throws {
    var results = Fixture.results
    let live = Plot.all(of: results)
    results.latency += results.latency.filter { $0.backend == "tracefs" }.map {
      var row = $0
      row.backend = "merged"
      return row
    }
    results.deliveryLatency[0].backend = "merged"
    results.writerOverhead[0].backend = "merged"
    #expect(!results.isLive("merged") && live.count == 3)
    for plot in Plot.all(of: results) { #expect(!plot.svg.contains("merged")) }
    results.backends = results.backends.map {
      var backend = $0
      backend.isLive = false
      return backend
    }
    #expect(Plot.all(of: results).isEmpty)
  }

  @Test func `the legend of the growth has the equation of each line`() throws {
    let svg = try plot("growth.svg", of: Fixture.results).svg
    #expect(svg.contains(">tracefs, calls: 400 ns + 30 ns per event<"))
    #expect(svg.contains(">lttng-ust, calls: 560 ns, no growth<"))
  }

  @Test func `the axis of the growth includes the range of the trials`() throws {
    var results = Fixture.results
    let index = try #require(results.latency.lastIndex { $0.growth != nil && $0.backend == "tracefs" })
    results.latency[index].trials[0] = try #require(Fixture.trial(1, scale: 90_000, count: 100))
    let drawing = try Drawing(try plot("growth.svg", of: results).svg)
    let frame = try #require(drawing.frames.first)
    let (top, height) = (try #require(frame.number("y")), try #require(frame.number("height")))
    let whiskers = drawing.elements.filter { $0.attributes["stroke-width"] == "1.5" }
    let lengths = whiskers.compactMap { line in
      line.number("y1").flatMap { y1 in line.number("y2").map { abs($0 - y1) } }
    }
    // The whisker of the one distant trial is nearly as long as the axis.
    #expect(lengths.max() ?? 0 > height * 0.7)
    for whisker in whiskers { #expect((top...top + height).contains(whisker.number("y2") ?? -1)) }
  }

  @Test func `a way of reading other than the ABI is drawn after the ABIs, and one for each back end`() throws {
    var results = Fixture.results
    let growth = results.latency.filter { $0.growth != nil && $0.backend == "tracefs" }
    for reader in ["read(2)", "splice(2)"] {
      results.latency += growth.map {
        var row = $0
        row.reader = reader
        return row
      }
    }
    let texts = try Drawing(try plot("growth.svg", of: results).svg).texts.map(\.text)
    let legend = texts.filter { $0.hasSuffix(" per event") || $0.hasSuffix(", no growth") }
    #expect(legend.map { $0.prefix { $0 != ":" } } == ["tracefs, calls", "lttng-ust, calls", "tracefs, read(2)"])
  }

  @Test func `no two curves of a drawing have the same colour or the same dash`() throws {
    for palette in [PlotStyle.subjects, PlotStyle.conditions] {
      #expect(Set(palette.map(\.dash)).count == palette.count)
    }
    let styles = PlotStyle.subjects + PlotStyle.conditions
    #expect(Set(styles.map(\.colour)).count == styles.count)
    var results = Fixture.results
    let row = try #require(results.latency.first { $0.growth != nil })
    results.latency = (0..<9).map {
      var row = row
      row.backend = "b\($0)"
      return row
    }
    let drawing = try Drawing(try plot("growth.svg", of: results).svg)
    let swatches = drawing.lines.filter { $0.attributes["d"]?.hasPrefix("M16 ") == true }
    #expect(Set(swatches.map { $0.attributes["stroke-dasharray"] }).count == PlotStyle.subjects.count)
    #expect(swatches.count == PlotStyle.subjects.count)
    #expect(drawing.texts.contains { $0.text == "Not drawn: b6, b7, b8." })
  }

  @Test func `the two plots of the front page share no colour and no marker`() throws {
    func marks(_ file: String) throws -> [(colour: String, shape: [String])] {
      try Drawing(try plot(file, of: Fixture.results).svg).elements
        .filter { $0.name == "polygon" || $0.name == "circle" }.map { element in
          let (fill, stroke) = (element.attributes["fill"] ?? "", element.attributes["stroke"] ?? "")
          let isOpen = fill == "#fff"
          let points = element.attributes["points"]?.split(separator: " ").count ?? 0
          return (isOpen ? stroke : fill, [element.name, "\(isOpen)", "\(points)"])
        }
    }
    let (growth, tail) = (try marks("growth.svg"), try marks("writer-tail.svg"))
    #expect(!growth.isEmpty && !tail.isEmpty)
    #expect(Set(growth.map(\.colour)).isDisjoint(with: tail.map(\.colour)))
    #expect(Set(growth.map(\.shape)).isDisjoint(with: tail.map(\.shape)))
  }

  @Test func `the plots state the number of trials and the cost of the clock`() throws {
    for file in ["growth.svg", "writer-tail.svg"] {
      let drawing = try Drawing(try plot(file, of: Fixture.results).svg)
      let text = drawing.texts.map(\.text).joined(separator: " ")
      #expect(text.contains("n = ") && text.contains("ns of clock reading"), "\(file)")
    }
  }

  @Test func `the writer's tail has at most four curves in a panel, chosen by condition`() throws {
    var results = Fixture.results
    let row = try #require(results.writerOverhead.first { $0.condition == .noReader })
    results.writerOverhead = WriterCondition.allCases.map {
      var row = row
      row.condition = $0
      return row
    }
    func curves() throws -> (count: Int, legend: [String]) {
      let drawing = try Drawing(try plot("writer-tail.svg", of: results).svg)
      let legend = drawing.texts.map(\.text).filter {
        $0.contains("reader") && !$0.contains("not measured") && !$0.hasPrefix("p50")
      }
      return (drawing.lines.count - legend.count, legend)
    }
    let all = try curves()
    #expect(all.count == 4)
    #expect(all.legend.map { $0.prefix(22) }.last == "draining reader, woken")
    #expect(all.legend.last?.contains("full sub-buffer") == true)
    // Without the first condition the second is drawn.
    results.writerOverhead.removeAll { $0.condition == .waitingForSubbuffer }
    #expect(try curves().legend.last?.contains("by an event") == true)
    results.writerOverhead.removeAll { $0.condition == .waitingForEvent }
    #expect(try curves().count == 3)
    #expect(try plot("writer-tail.svg", of: results).svg.contains("not measured: draining, woken by a full sub-buffer"))
  }

  @Test func `a curve ends where fewer than ten samples lie beyond it`() throws {
    let trial = try #require(
      Distribution([.init(nanoseconds: 10, count: 990), .init(nanoseconds: 1_000, count: 10)]))
    let curve = try #require(
      PercentileCurve([Trial(place: 1, outOfRange: 0, minimum: 10, maximum: 1_000, distribution: trial)]))
    #expect(curve.end == 100)
    #expect(
      curve.corners == [
        PlotPanel.Point(x: 1, y: 10), PlotPanel.Point(x: 100, y: 10), PlotPanel.Point(x: 100, y: 1_000),
        PlotPanel.Point(x: 100, y: 1_000),
      ])
    #expect(curve.marks.map(\.point.x) == [1, 2, 10, 100])
  }

  @Test func `the delivery latency has a bar to p99 only where the sample supports it`() throws {
    var results = Fixture.results
    results.deliveryLatency = [results.deliveryLatency[0]]
    func bars() throws -> Int {
      try Drawing(try plot("delivery-latency.svg", of: results).svg).elements.count {
        $0.attributes["stroke-width"] == "1.5"
      }
    }
    // The bar and its two caps.
    #expect(try bars() == 3)
    results.deliveryLatency[0].age.removeLast(3)
    #expect(results.deliveryLatency[0].age.distribution?.count == 800)
    #expect(try bars() == 0)
  }

  @Test func `a linear axis has round ticks and includes 0`() {
    func labels(_ values: [Double]) -> [String] { PlotAxis.linear("", containing: values).ticks.map(\.label) }
    #expect(labels([4_827]) == ["0", "1,000", "2,000", "3,000", "4,000", "5,000"])
    #expect(labels([145, 250]) == ["0", "50", "100", "150", "200", "250", "300"])
    #expect(labels([-3, 4]).first == "-4" && labels([-3, 4]).contains("0"))
    #expect(labels([]) == labels([0]) && labels([0]).first == "0")
  }

  @Test func `an axis of times has labels of one form`() {
    func labels(_ values: [Double]) -> [String] { PlotAxis.duration("", containing: values).ticks.map(\.label) }
    #expect(labels([130, 9_000]) == ["100 ns", "200 ns", "500 ns", "1 µs", "2 µs", "5 µs", "10 µs"])
    #expect(labels([507, 12_000_000]) == ["1 µs", "10 µs", "100 µs", "1 ms", "10 ms"])
    #expect(labels([0]).first == "1 ns")
  }

  @Test func `a wrapped text loses no word and has no line that is too long`() {
    let text = "one two three " + String(repeating: "x", count: 50) + " four"
    let lines = SVG.wrapped(text, width: SVG.width("x") * 10)
    #expect(lines.allSatisfy { $0.count <= 10 })
    #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    #expect(lines.first == "one two")
  }

  @Test func `equal rows of which nothing is varied add nothing to a drawing`() {
    var results = Fixture.results
    let plots = Plot.all(of: results)
    results.latency += Array(repeating: results.latency[0], count: 800)
    #expect(Plot.all(of: results) == plots)
  }
}
