import VAEData

extension Figure {
  /// The PNG of this figure. Throws `PlotError`.
  public func png() throws -> [UInt8] {
    let canvas = Canvas.raster(width: width, height: height, scale: PlotStyle.pngScale)
    draw(on: canvas, cloudsAsRaster: false)
    return try canvas.png()
  }

  /// The SVG of this figure, with its words as a description, since Cairo draws letters as shapes. Throws `PlotError`.
  public func svg() throws -> String {
    let canvas = Canvas.vector(width: width, height: height)
    let texts = draw(on: canvas, cloudsAsRaster: true)
    var svg = try canvas.svg()
    let words = texts.dropFirst().map { Self.escaped($0.text) }.joined(separator: "; ")
    if let tag = svg.firstRange(of: "<svg "), let end = svg[tag.upperBound...].firstIndex(of: ">") {
      svg.insert(
        contentsOf: "\n<title>\(Self.escaped(title))</title>\n<desc>\(words)</desc>", at: svg.index(after: end))
      svg.insert(contentsOf: "role=\"img\" ", at: tag.upperBound)
    }
    return svg
  }

  /// Writes `path`.png and `path`.svg, each wholly or not at all, and returns their paths. Throws `PlotError` or
  /// `FileError`.
  public func write(to path: String) throws -> [String] {
    try AtomicFile.write(try png(), to: "\(path).png")
    try AtomicFile.write(try svg(), to: "\(path).svg")
    return ["\(path).png", "\(path).svg"]
  }

  /// As text in XML; what XML cannot have at all becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\t", "\n", "\r", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"...: escaped.append(scalar)
      default: escaped.append("\u{FFFD}")
      }
    }
    return String(escaped)
  }

  /// Draws everything, and returns the texts.
  @discardableResult
  private func draw(on canvas: Canvas, cloudsAsRaster: Bool) -> [PlacedText] {
    let layout = FigureLayout(self, measuring: canvas)
    canvas.fill(Box(left: 0, top: 0, right: width, bottom: height), PlotStyle.ground)
    for swatch in layout.swatches { draw(swatch.entry, in: swatch.box, on: canvas) }
    if let strip = layout.strip {
      let step = strip.box.width / Double(strip.colors.count)
      for (index, color) in strip.colors.enumerated() {
        var part = strip.box
        part.left += Double(index) * step
        part.right = index == strip.colors.count - 1 ? strip.box.right : part.left + step + 0.5
        canvas.fill(part, color)
      }
    }
    for (panel, placed) in zip(panels, layout.panels) {
      drawGrid(placed, bothWays: panel.hasEqualUnits, on: canvas)
      canvas.clipped(to: placed.box) {
        for mark in panel.marks { PanelDrawing(placed, canvas, cloudsAsRaster: cloudsAsRaster).draw(mark) }
      }
    }
    for text in layout.texts { canvas.draw(text) }
    return layout.texts
  }

  private func draw(_ entry: Legend.Entry, in box: Box, on canvas: Canvas) {
    if entry.symbol != .patch {
      let middle = (box.top + box.bottom) / 2
      canvas.stroke(
        [PlotPoint(box.left, middle), PlotPoint(box.right, middle)], entry.color, width: PlotStyle.lineWidth,
        isDashed: entry.symbol == .dashedLine)
    } else {
      canvas.fill(box, entry.color)
    }
  }

  private func drawGrid(_ panel: FigureLayout.PlacedPanel, bothWays: Bool, on canvas: Canvas) {
    let box = panel.box
    for tick in panel.yTicks {
      let y = panel.y.place(tick.value)
      canvas.stroke([PlotPoint(box.left, y), PlotPoint(box.right, y)], PlotStyle.grid, width: 1)
    }
    for tick in panel.xTicks {
      let x = panel.x.place(tick.value)
      if bothWays { canvas.stroke([PlotPoint(x, box.top), PlotPoint(x, box.bottom)], PlotStyle.grid, width: 1) }
      canvas.stroke([PlotPoint(x, box.bottom), PlotPoint(x, box.bottom + 4)], PlotStyle.frame, width: 1)
    }
    canvas.stroke([PlotPoint(box.left, box.bottom), PlotPoint(box.right, box.bottom)], PlotStyle.frame, width: 1)
  }
}
