/// How a curve is told from the others without colour: by its marker.
struct CurveStyle {
  private static let colours = ["#000000", "#005a9e", "#b03000", "#00694e", "#7a3585"]
  private static let shapes = 6

  /// Markers and colours repeat after numbers without a common divisor, so that 60 curves differ.
  let index: Int

  var colour: String { CurveStyle.colours[index % CurveStyle.colours.count] }

  /// The marker, centred on a point: each shape filled, then each one hollow.
  func marker(x: Double, y: Double) -> SVG {
    let radius = 4.5
    switch index % CurveStyle.shapes {
    case 0: return circle(x, y, radius)
    case 1: return polygon([(-1, -1), (1, -1), (1, 1), (-1, 1)], x, y, radius * 0.9)
    case 2: return polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)], x, y, radius)
    case 3: return polygon([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)], x, y, radius)
    case 4: return polygon([(-1.1, -0.8), (1.1, -0.8), (0, 1.2)], x, y, radius)
    default: return cross(x, y, radius)
    }
  }

  /// The line through points.
  func path(_ points: [(Double, Double)], width: String) -> SVG {
    let d = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(SVG.number($1.0)) \(SVG.number($1.1))" }
    return SVG("path", ["d": d.joined(), "fill": "none", "stroke": colour, "stroke-width": width])
  }

  private var isHollow: Bool { index / CurveStyle.shapes % 2 == 1 }
  private var fill: String { isHollow ? "#fff" : colour }

  private func circle(_ x: Double, _ y: Double, _ radius: Double) -> SVG {
    SVG(
      "circle",
      [
        "cx": SVG.number(x), "cy": SVG.number(y), "r": SVG.number(radius), "fill": fill, "stroke": colour,
        "stroke-width": "1.5",
      ])
  }

  private func polygon(_ corners: [(Double, Double)], _ x: Double, _ y: Double, _ radius: Double) -> SVG {
    let points = corners.map { "\(SVG.number(x + $0.0 * radius)),\(SVG.number(y + $0.1 * radius))" }
    return SVG(
      "polygon", ["points": points.joined(separator: " "), "fill": fill, "stroke": colour, "stroke-width": "1.5"])
  }

  /// Standing where the others are hollow.
  private func cross(_ x: Double, _ y: Double, _ radius: Double) -> SVG {
    let arms: [(Double, Double)] = isHollow ? [(1.2, 0), (0, 1.2)] : [(1, 1), (1, -1)]
    let d = arms.map { arm in
      let (dx, dy) = (arm.0 * radius, arm.1 * radius)
      return "M\(SVG.number(x - dx)) \(SVG.number(y - dy))L\(SVG.number(x + dx)) \(SVG.number(y + dy))"
    }
    return SVG("path", ["d": d.joined(), "stroke": colour, "stroke-width": "2"])
  }
}
