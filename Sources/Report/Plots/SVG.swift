/// An element of a drawing; text and attribute values are escaped when it is written out.
struct SVG {
  var name: String
  var attributes: [(name: String, value: String)]
  var children: [SVG]
  var text: String?

  /// An element with other elements in it.
  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [SVG] = []) {
    self.name = name
    self.attributes = attributes.map { (name: $0.key, value: $0.value) }
    self.children = children
  }

  /// An element with text in it.
  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    self.init(name, attributes)
    self.text = text
  }

  /// A whole drawing of a size in pixels, with a title for readers who do not see it, on white.
  static func drawing(width: Double, height: Double, title: String, _ children: [SVG]) -> SVG {
    SVG(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(number(width)) \(number(height))",
        "width": number(width), "height": number(height), "role": "img",
        "font-family": "Helvetica, Arial, sans-serif", "font-size": "12", "fill": "#000",
      ],
      [
        SVG("title", text: title),
        SVG("rect", ["width": number(width), "height": number(height), "fill": "#fff"]),
      ] + children)
  }

  static func label(
    _ text: String, x: Double, y: Double, anchor: String = "start", size: Double = 12, bold: Bool = false
  ) -> SVG {
    var label = SVG("text", ["x": number(x), "y": number(y)], text: text)
    if anchor != "start" { label.attributes.append(("text-anchor", anchor)) }
    if size != 12 { label.attributes.append(("font-size", number(size))) }
    if bold { label.attributes.append(("font-weight", "bold")) }
    return label
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, width: Double = 1
  ) -> SVG {
    var line = SVG("line", ["x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2), "stroke": stroke])
    if width != 1 { line.attributes.append(("stroke-width", number(width))) }
    return line
  }

  /// A coordinate, to a hundredth of a pixel.
  static func number(_ value: Double) -> String { Format.decimal(value, digits: 2) }

  /// The width of a text in pixels. The font is not known here: this is the mean letter of a wide one.
  static func width(_ text: String, size: Double = 12) -> Double { Double(text.count) * size * 0.58 }

  /// Text cut to a width, with an ellipsis if it was cut.
  static func fitted(_ text: String, width: Double, size: Double = 12) -> String {
    let fit = max(1, Int(width / self.width("x", size: size)))
    return text.count <= fit ? text : text.prefix(fit - 1) + "…"
  }

  /// Text in lines of a width, each word whole if it fits into a line.
  static func wrapped(_ text: String, width: Double, size: Double = 12) -> [String] {
    let fit = max(1, Int(width / self.width("x", size: size)))
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= fit {
        lines[lines.count - 1] = "\(last) \(word)"
        continue
      }
      let letters = Array(word)
      for start in stride(from: 0, to: letters.count, by: fit) {
        lines.append(String(letters[start..<min(start + fit, letters.count)]))
      }
    }
    return lines
  }

  /// The source, indented.
  func source(indent: String = "") -> String {
    let list = attributes.map { " \($0.name)=\"\(SVG.escape($0.value))\"" }.joined()
    if let text { return "\(indent)<\(name)\(list)>\(SVG.escape(text))</\(name)>\n" }
    if children.isEmpty { return "\(indent)<\(name)\(list)/>\n" }
    let inner = children.map { $0.source(indent: indent + "  ") }.joined()
    return "\(indent)<\(name)\(list)>\n\(inner)\(indent)</\(name)>\n"
  }

  private static func escape(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\r", "\t": result += " "
      default:
        // XML has no way to write the other control characters, nor the two noncharacters.
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        result.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
      }
    }
  }
}

/// A colour, a dash and a marker.
///
/// No two styles of both palettes have the same colour or marker, and no two of one palette have the same dash. The
/// colours of a palette are distinguishable with the usual kinds of colour blindness and have a contrast of at least 3:1
/// on white.
struct PlotStyle: Hashable {
  let colour: String
  let dash: String
  private let marker: Marker

  private enum Marker {
    case circle, square, triangle, diamond, inverted, bar
    case openCircle, openSquare, openTriangle, openDiamond, cross
  }

  /// The palette of back ends, readers and rates; a drawing has no more series than styles.
  static let subjects = [
    PlotStyle(colour: "#0058a8", dash: "", marker: .circle),
    PlotStyle(colour: "#d86400", dash: "9 4", marker: .square),
    PlotStyle(colour: "#000000", dash: "2 3", marker: .triangle),
    PlotStyle(colour: "#009a70", dash: "10 3 2 3", marker: .diamond),
    PlotStyle(colour: "#cc70b8", dash: "16 5", marker: .inverted),
    PlotStyle(colour: "#604000", dash: "6 3 1 3 1 3", marker: .bar),
  ]

  /// The palette of the reader's conditions: the front page shows both palettes, with different meanings.
  static let conditions = [
    PlotStyle(colour: "#4b0092", dash: "", marker: .openCircle),
    PlotStyle(colour: "#908a00", dash: "9 4", marker: .openSquare),
    PlotStyle(colour: "#e03050", dash: "2 3", marker: .openTriangle),
    PlotStyle(colour: "#9a50e0", dash: "10 3 2 3", marker: .openDiamond),
    PlotStyle(colour: "#882255", dash: "16 5", marker: .cross),
  ]

  func line(_ points: [(x: Double, y: Double)]) -> SVG {
    let d = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(SVG.number($1.x)) \(SVG.number($1.y))" }
    var path = SVG("path", ["d": d.joined(), "fill": "none", "stroke": colour, "stroke-width": "2"])
    if !dash.isEmpty { path.attributes.append(("stroke-dasharray", dash)) }
    return path
  }

  /// The marker, centred on a point.
  func mark(x: Double, y: Double) -> SVG {
    switch marker {
    case .circle, .openCircle: circle(x, y)
    case .square, .openSquare: polygon([(-4, -4), (4, -4), (4, 4), (-4, 4)], x, y)
    case .triangle, .openTriangle: polygon([(0, -5.4), (5, 3.6), (-5, 3.6)], x, y)
    case .diamond, .openDiamond: polygon([(0, -5.8), (5.8, 0), (0, 5.8), (-5.8, 0)], x, y)
    case .inverted: polygon([(-5, -3.6), (5, -3.6), (0, 5.4)], x, y)
    case .bar: polygon([(-5, -2), (5, -2), (5, 2), (-5, 2)], x, y)
    case .cross:
      polygon(
        [
          (-5, -3), (-3, -5), (0, -2), (3, -5), (5, -3), (2, 0), (5, 3), (3, 5), (0, 2), (-3, 5), (-5, 3), (-2, 0),
        ], x, y)
    }
  }

  /// The fill and the outline: a filled marker has a white outline, so that markers that overlap stay distinguishable.
  private var paint: [(name: String, value: String)] {
    switch marker {
    case .circle, .square, .triangle, .diamond, .inverted, .bar, .cross:
      [("fill", colour), ("stroke", "#fff"), ("stroke-width", "0.75")]
    case .openCircle, .openSquare, .openTriangle, .openDiamond:
      [("fill", "#fff"), ("stroke", colour), ("stroke-width", "2")]
    }
  }

  private func circle(_ x: Double, _ y: Double) -> SVG {
    var circle = SVG("circle", ["cx": SVG.number(x), "cy": SVG.number(y), "r": "4.5"])
    circle.attributes += paint
    return circle
  }

  private func polygon(_ corners: [(Double, Double)], _ x: Double, _ y: Double) -> SVG {
    let points = corners.map { "\(SVG.number(x + $0.0)),\(SVG.number(y + $0.1))" }
    var polygon = SVG("polygon", ["points": points.joined(separator: " ")])
    polygon.attributes += paint
    return polygon
  }
}
