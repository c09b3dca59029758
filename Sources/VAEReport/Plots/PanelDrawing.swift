/// Draws marks between the axes of one panel.
struct PanelDrawing {
  private let panel: FigureLayout.PlacedPanel
  private let canvas: Canvas
  private let cloudsAsRaster: Bool

  init(_ panel: FigureLayout.PlacedPanel, _ canvas: Canvas, cloudsAsRaster: Bool) {
    self.panel = panel
    self.canvas = canvas
    self.cloudsAsRaster = cloudsAsRaster
  }

  func draw(_ mark: Mark) {
    switch mark {
    case .line(let points, let color, let isDashed, let filled, let isQuiet):
      draw(points, color, isDashed: isDashed, filled: filled, isQuiet: isQuiet)
    case .dots(let points, let colors, let radius, let opacity):
      guard cloudsAsRaster && points.count > PlotStyle.maximumVectorDots else {
        return draw(points, colors, radius, opacity, on: canvas)
      }
      let raster = Canvas.raster(of: panel.box, scale: PlotStyle.pngScale)
      draw(points, colors, radius, opacity, on: raster)
      canvas.draw(raster, in: panel.box)
    case .bars(let points, let colors, let width): draw(points, colors, width)
    case .text: break  // The layout has placed it among the other words.
    }
  }

  private func place(_ point: PlotPoint) -> PlotPoint { PlotPoint(panel.x.place(point.x), panel.y.place(point.y)) }

  private func draw(_ points: [PlotPoint], _ color: PlotColor, isDashed: Bool, filled: Bool, isQuiet: Bool) {
    let runs = Self.runs(of: points.map(place))
    let floor = panel.y.place(max(0, panel.y.range.lowerBound))
    for run in runs {
      if filled, let first = run.first, let last = run.last {
        canvas.fill([PlotPoint(first.x, floor)] + run + [PlotPoint(last.x, floor)], color, opacity: 0.1)
      }
      if run.count > 1 {
        canvas.stroke(run, color, width: isQuiet ? 1 : PlotStyle.lineWidth, isDashed: isDashed)
      }
      // Where there are few points, each is seen; one between two gaps has no line to be seen by.
      if run.count == 1 || (points.count <= 30 && !isQuiet && !filled) {
        for point in run { canvas.dot(point, radius: 1.5 * PlotStyle.lineWidth, color) }
      }
    }
  }

  /// The stretches of points between those that have no place.
  static func runs(of points: [PlotPoint]) -> [[PlotPoint]] {
    points.split { !$0.isFinite }.map(Array.init)
  }

  private func draw(
    _ points: [PlotPoint], _ colors: [PlotColor], _ radius: Double, _ opacity: Double, on canvas: Canvas
  ) {
    precondition(points.count == colors.count, "\(colors.count) colours for \(points.count) dots")
    for (point, color) in zip(points, colors) {
      let place = place(point)
      if place.isFinite { canvas.dot(place, radius: radius, color, opacity: opacity) }
    }
  }

  private func draw(_ points: [PlotPoint], _ colors: [PlotColor], _ width: Double) {
    precondition(points.count == colors.count, "\(colors.count) colours for \(points.count) bars")
    let floor = panel.y.place(max(0, panel.y.range.lowerBound))
    for (point, color) in zip(points, colors) where point.isFinite {
      let (left, right) = (panel.x.place(point.x - width / 2), panel.x.place(point.x + width / 2))
      let top = panel.y.place(point.y)
      guard top.isFinite, floor.isFinite else { continue }
      canvas.fill(Box(left: left, top: min(top, floor), right: right, bottom: max(top, floor)), color)
    }
  }
}
