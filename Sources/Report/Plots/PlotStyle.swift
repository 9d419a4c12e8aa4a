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
