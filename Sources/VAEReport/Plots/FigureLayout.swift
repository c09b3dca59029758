/// Where everything of a figure stands: the one place that decides, before anything is drawn. No two texts overlap.
struct FigureLayout {
  /// A panel's axes in their place.
  struct PlacedPanel {
    var box: Box
    var x: Scale
    var y: Scale
    var xTicks: [Tick]
    var yTicks: [Tick]
  }

  private(set) var texts: [PlacedText] = []
  private(set) var swatches: [(box: Box, entry: Legend.Entry)] = []
  private(set) var strip: (box: Box, colors: [PlotColor])?
  private(set) var panels: [PlacedPanel] = []

  private let canvas: Canvas
  private let figure: Figure

  /// The layout of `figure`, by the widths that letters have on `canvas`.
  init(_ figure: Figure, measuring canvas: Canvas) {
    self.figure = figure
    self.canvas = canvas
    var top = PlotStyle.margin
    placeHead(&top)
    if let legend = figure.legend { place(legend, &top) }
    placePanels(from: top)
  }

  // MARK: Head and legend

  private var left: Double { PlotStyle.margin }
  private var right: Double { figure.width - PlotStyle.margin }

  private mutating func placeHead(_ top: inout Double) {
    let font = PlotFont(size: PlotStyle.titleSize, isBold: true)
    add(fitted(figure.title, font, right - left), font, PlotStyle.ink, left: left, top: top)
    top += lineHeight(font) + 2
    let small = PlotFont(size: PlotStyle.subtitleSize)
    for line in wrapped(figure.subtitle, small, right - left) {
      add(line, small, PlotStyle.paleInk, left: left, top: top)
      top += lineHeight(small)
    }
    top += PlotStyle.textGap
  }

  private mutating func place(_ legend: Legend, _ top: inout Double) {
    let font = PlotFont(size: PlotStyle.labelSize)
    let (height, gap, side) = (lineHeight(font), PlotStyle.textGap, PlotStyle.swatch)
    func swatch(_ x: Double, _ width: Double) -> Box {
      Box(left: x, top: top + (height - side) / 2, right: x + width, bottom: top + (height + side) / 2)
    }
    var x = left
    switch legend {
    case .entries(let entries):
      for entry in entries {
        let swatchWidth = entry.symbol == .patch ? side : 2.4 * side
        let name = fitted(entry.name, font, right - left - swatchWidth - gap)
        let width = swatchWidth + gap + canvas.size(of: name, font).width
        if x > left && x + width > right {
          x = left
          top += height + 2
        }
        swatches.append((swatch(x, swatchWidth), entry))
        add(name, font, PlotStyle.ink, left: x + swatchWidth + gap, top: top)
        x += width + 3 * gap
      }
    case .strip(let title, let first, let last, let colors):
      let room = (right - left - 160) / 4
      for (text, color) in [(title, PlotStyle.paleInk), (first, PlotStyle.ink)] {
        let text = fitted(text, font, text == title ? 2 * room : room)
        add(text, font, color, left: x, top: top)
        x += canvas.size(of: text, font).width + gap
      }
      strip = (swatch(x, 160), colors)
      add(fitted(last, font, room), font, PlotStyle.ink, left: x + 160 + gap, top: top)
    }
    top += height + 2 * gap
  }

  // MARK: Panels

  /// Rows of panels, one below the other and all of one height.
  private mutating func placePanels(from top: Double) {
    let columns = figure.columns ?? figure.panels.count
    let rows = (figure.panels.count + columns - 1) / columns
    let gap = PlotStyle.panelGap / 2
    let height = (figure.height - PlotStyle.margin - top - Double(rows - 1) * gap) / Double(rows)
    for row in 0..<rows {
      let start = top + Double(row) * (height + gap)
      placeRow(figure.panels.dropFirst(row * columns).prefix(columns), of: columns, from: start, to: start + height)
    }
  }

  private mutating func placeRow(_ row: ArraySlice<Panel>, of columns: Int, from top: Double, to bottom: Double) {
    let bold = PlotFont(size: PlotStyle.panelTitleSize, isBold: true)
    let font = PlotFont(size: PlotStyle.labelSize)
    let hasTitles = row.contains { !$0.title.isEmpty }
    let hasLabels = row.contains { !$0.y.label.isEmpty }
    let labelTop = top + (hasTitles ? lineHeight(bold) + 2 : 0)
    let plotTop = labelTop + (hasLabels ? lineHeight(font) : 0) + PlotStyle.axisGap
    let xLabelTop = bottom - lineHeight(font)
    let plotBottom = xLabelTop - lineHeight(font) - PlotStyle.axisGap - 2
    let gaps = Double(columns - 1) * PlotStyle.panelGap
    let width = (right - left - gaps) / Double(columns)
    for (index, panel) in row.enumerated() {
      let start = left + Double(index) * (width + PlotStyle.panelGap)
      let column = Box(left: start, top: plotTop, right: start + width, bottom: plotBottom)
      add(fitted(panel.title, bold, width), bold, PlotStyle.ink, left: start, top: top)
      add(fitted(panel.y.label, font, width), font, PlotStyle.paleInk, left: start, top: labelTop)
      let placed = place(panel, in: column)
      panels.append(placed)
      for tick in placed.yTicks { add(tick.label, font, PlotStyle.paleInk, box: yBox(tick, placed)) }
      for tick in placed.xTicks { add(tick.label, font, PlotStyle.paleInk, box: xBox(tick, placed, column)) }
      let label = fitted(panel.x.label, font, width)
      let labelWidth = canvas.size(of: label, font).width
      let middle = (placed.box.left + placed.box.right) / 2
      add(
        label, font, PlotStyle.paleInk, left: min(max(middle - labelWidth / 2, start), column.right - labelWidth),
        top: xLabelTop)
      placeWords(of: panel, in: placed)
    }
  }

  /// The axes of a panel. The vertical axis's labels take of the width what they need, and with equal units what they are
  /// depends on the width: a few rounds settle it.
  private func place(_ panel: Panel, in column: Box) -> PlacedPanel {
    let extent = panel.marks.flatMap(\.extent).filter(\.isFinite)
    let standsOnZero = panel.marks.contains {
      if case .bars = $0 { true } else if case .line(_, _, _, let filled, _) = $0 { filled } else { false }
    }
    let x = Scale(panel.x, showing: extent.map(\.x))
    let y = Scale(panel.y, showing: extent.map(\.y), fromZero: standsOnZero)
    var placed = PlacedPanel(box: column, x: x, y: y, xTicks: [], yTicks: [])
    var inset = 0.0
    for _ in 0..<3 {
      (placed.x.range, placed.y.range) = (x.range, y.range)
      placed.box = Box(
        left: min(column.left + inset, column.right - 20), top: column.top, right: column.right - 4,
        bottom: column.bottom)
      (placed.x.start, placed.x.end) = (placed.box.left, placed.box.right)
      (placed.y.start, placed.y.end) = (placed.box.bottom, placed.box.top)
      if panel.hasEqualUnits {
        let (across, up) = (placed.x.length / placed.box.width, placed.y.length / placed.box.height)
        if across < up { placed.x.widen(by: up / across) } else { placed.y.widen(by: across / up) }
      }
      placed.yTicks = ticks(panel.y, placed.y, each: 34) { yBox($0, placed) }
      let widest = placed.yTicks.map { canvas.size(of: $0.label, PlotFont(size: PlotStyle.labelSize)).width }.max() ?? 0
      inset = max(inset, widest + PlotStyle.textGap)
    }
    placed.xTicks = ticks(panel.x, placed.x, each: 40) { xBox($0, placed, column) }
    return placed
  }

  /// As many ticks as there is room for: one for `pixels`, or fewer where their labels would come too close.
  private func ticks(_ axis: Axis, _ scale: Scale, each pixels: Double, box: (Tick) -> Box) -> [Tick] {
    let most = max(2, Int(abs(scale.end - scale.start) / pixels))
    func isRoomy(_ ticks: [Tick]) -> Bool {
      let boxes = ticks.map { box($0) }
      // Neighbours alone: they come in order.
      return zip(boxes, boxes.dropFirst()).allSatisfy {
        !$0.outset(by: PlotStyle.tickGap / 2).intersects($1.outset(by: PlotStyle.tickGap / 2))
          || $0.bottom + 2 <= $1.top || $1.bottom + 2 <= $0.top
      }
    }
    func thinned(_ ticks: [Tick]) -> [Tick] {
      for every in 1..<max(ticks.count, 2) {
        let kept = ticks.enumerated().filter { $0.offset % every == 0 }.map(\.element)
        if isRoomy(kept) { return kept }
      }
      return Array(ticks.prefix(1))
    }
    if let ticks = axis.ticks { return thinned(ticks.filter { scale.range.contains($0.value) }) }
    if axis.isLogarithmic { return thinned(Ticks.logarithmic(scale.range, count: most)) }
    for count in (1...most).reversed() {
      let ticks = Ticks.linear(scale.range, count: count, wholeNumbers: axis.wholeNumbers)
      if isRoomy(ticks) { return ticks }
    }
    return []
  }

  private func yBox(_ tick: Tick, _ panel: PlacedPanel) -> Box {
    let size = canvas.size(of: tick.label, PlotFont(size: PlotStyle.labelSize))
    let (edge, middle) = (panel.box.left - PlotStyle.textGap, panel.y.place(tick.value))
    return Box(left: edge - size.width, top: middle - size.height / 2, right: edge, bottom: middle + size.height / 2)
  }

  /// Below its tick, and inside the column.
  private func xBox(_ tick: Tick, _ panel: PlacedPanel, _ column: Box) -> Box {
    let size = canvas.size(of: tick.label, PlotFont(size: PlotStyle.labelSize))
    let middle = panel.x.place(tick.value)
    let left = max(column.left, min(middle - size.width / 2, column.right - size.width))
    let top = panel.box.bottom + PlotStyle.axisGap
    return Box(left: left, top: top, right: left + size.width, bottom: top + size.height)
  }

  /// Where a word may stand, from its place outwards, in its own widths and heights.
  private static let nudges =
    [PlotPoint(0, 0)]
    + [0.6, 1.2].flatMap { distance in
      [(0, 1), (0, -1), (1, 0), (-1, 0)].map { PlotPoint(1.5 * distance * $0.0, distance * $0.1) }
    }

  private mutating func placeWords(of panel: Panel, in placed: PlacedPanel) {
    let font = PlotFont(size: PlotStyle.classLabelSize, isBold: true)
    var taken: [Box] = []
    for case .text(let text, let point, let color) in panel.marks where point.isFinite {
      let size = canvas.size(of: text, font)
      let (x, y) = (placed.x.place(point.x) - size.width / 2, placed.y.place(point.y) - size.height / 2)
      let boxes = Self.nudges.map { nudge in
        let (left, top) = (x + nudge.x * size.width, y + nudge.y * size.height)
        return Box(left: left, top: top, right: left + size.width, bottom: top + size.height)
      }
      guard
        let box = boxes.first(where: { box in
          placed.box.contains(box) && !taken.contains { $0.intersects(box) }
        })
      else { continue }
      taken.append(box)
      texts.append(PlacedText(text: text, box: box, font: font, color: color, hasHalo: true))
    }
  }

  // MARK: Text

  private func lineHeight(_ font: PlotFont) -> Double { canvas.size(of: "0", font).height }

  private mutating func add(_ text: String, _ font: PlotFont, _ color: PlotColor, left: Double, top: Double) {
    let size = canvas.size(of: text, font)
    add(text, font, color, box: Box(left: left, top: top, right: left + size.width, bottom: top + size.height))
  }

  private mutating func add(_ text: String, _ font: PlotFont, _ color: PlotColor, box: Box) {
    if !text.isEmpty { texts.append(PlacedText(text: text, box: box, font: font, color: color)) }
  }

  /// `text`, or as much of its start as fits into `width` with "…" behind it.
  private func fitted(_ text: String, _ font: PlotFont, _ width: Double) -> String {
    if canvas.size(of: text, font).width <= width { return text }
    // The longest that fits, by bisection: a name may be very long.
    let letters = Array(text)
    var (fits, tooLong) = (0, letters.count)
    while fits + 1 < tooLong {
      let middle = (fits + tooLong) / 2
      if canvas.size(of: String(letters[..<middle]) + "…", font).width <= width {
        fits = middle
      } else {
        tooLong = middle
      }
    }
    return String(letters[..<fits]) + "…"
  }

  /// Lines of whole words.
  private func wrapped(_ text: String, _ font: PlotFont, _ width: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, canvas.size(of: "\(last) \(word)", font).width <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(fitted(String(word), font, width))
      }
    }
    return lines
  }
}
