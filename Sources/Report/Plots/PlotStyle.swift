/// A colour, a dash and a marker that no other style has.
///
/// The colours are told apart with the usual kinds of colour blindness and have a contrast of at least 3:1 on white; the
/// dash and the marker distinguish the curves without colour.
struct PlotStyle: Hashable {
  let colour: String
  let dash: String
  private let marker: Marker

  private enum Marker { case circle, square, triangle, diamond, inverted, bar }

  /// All styles; a drawing has no more series than these.
  static let all = [
    PlotStyle(colour: "#0058a8", dash: "", marker: .circle),
    PlotStyle(colour: "#d86400", dash: "9 4", marker: .square),
    PlotStyle(colour: "#000000", dash: "2 3", marker: .triangle),
    PlotStyle(colour: "#009a70", dash: "10 3 2 3", marker: .diamond),
    PlotStyle(colour: "#cc70b8", dash: "16 5", marker: .inverted),
    PlotStyle(colour: "#604000", dash: "6 3 1 3 1 3", marker: .bar),
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
    case .circle:
      SVG("circle", ["cx": SVG.number(x), "cy": SVG.number(y), "r": "4.5", "fill": colour])
    case .square: polygon([(-4, -4), (4, -4), (4, 4), (-4, 4)], x, y)
    case .triangle: polygon([(0, -5.4), (5, 3.6), (-5, 3.6)], x, y)
    case .diamond: polygon([(0, -5.8), (5.8, 0), (0, 5.8), (-5.8, 0)], x, y)
    case .inverted: polygon([(-5, -3.6), (5, -3.6), (0, 5.4)], x, y)
    case .bar: polygon([(-5, -2), (5, -2), (5, 2), (-5, 2)], x, y)
    }
  }

  private func polygon(_ corners: [(Double, Double)], _ x: Double, _ y: Double) -> SVG {
    let points = corners.map { "\(SVG.number(x + $0.0)),\(SVG.number(y + $0.1))" }
    return SVG("polygon", ["points": points.joined(separator: " "), "fill": colour])
  }
}
