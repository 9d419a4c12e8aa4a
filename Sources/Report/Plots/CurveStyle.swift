/// How a curve is told from the others without colour: by its dashes and by its marker.
struct CurveStyle {
  private static let dashes = ["", "9 4", "2 3", "9 3 2 3", "15 5", "9 3 2 3 2 3", "5 5"]
  private static let colours = ["#000000", "#005a9e", "#b03000", "#00694e", "#7a3585"]
  private static let markers = 6

  /// Dashes and markers repeat after numbers without a common divisor, so that 42 curves differ.
  let index: Int

  var dash: String { CurveStyle.dashes[index % CurveStyle.dashes.count] }
  var colour: String { CurveStyle.colours[index % CurveStyle.colours.count] }

  /// The marker, centred on a point.
  func marker(x: Double, y: Double) -> SVG {
    let radius = 4.5
    switch index % CurveStyle.markers {
    case 0:
      return SVG("circle", ["cx": SVG.number(x), "cy": SVG.number(y), "r": SVG.number(radius), "fill": colour])
    case 1:
      return polygon([(-1, -1), (1, -1), (1, 1), (-1, 1)], x, y, radius * 0.9, fill: "#fff")
    case 2:
      return polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)], x, y, radius, fill: colour)
    case 3:
      return polygon([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)], x, y, radius, fill: "#fff")
    case 4:
      return polygon([(-1.1, -0.8), (1.1, -0.8), (0, 1.2)], x, y, radius, fill: "#fff")
    default:
      return cross(x, y, radius)
    }
  }

  private func polygon(_ corners: [(Double, Double)], _ x: Double, _ y: Double, _ radius: Double, fill: String) -> SVG {
    let points = corners.map { "\(SVG.number(x + $0.0 * radius)),\(SVG.number(y + $0.1 * radius))" }
    return SVG(
      "polygon", ["points": points.joined(separator: " "), "fill": fill, "stroke": colour, "stroke-width": "1.5"])
  }

  private func cross(_ x: Double, _ y: Double, _ radius: Double) -> SVG {
    let (left, right) = (SVG.number(x - radius), SVG.number(x + radius))
    let (top, bottom) = (SVG.number(y - radius), SVG.number(y + radius))
    return SVG(
      "path",
      [
        "d": "M\(left) \(top)L\(right) \(bottom)M\(left) \(bottom)L\(right) \(top)", "stroke": colour,
        "stroke-width": "2",
      ])
  }
}
