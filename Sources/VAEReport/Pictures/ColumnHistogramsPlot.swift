import VAEData

/// The columns of a table in the data and among a model's draws, histogram beside histogram.
enum ColumnHistogramsPlot {
  /// As many as one looks at: those that are least alike.
  static let mostColumns = 12
  private static let columns = 4

  /// The least alike first.
  static func figure(_ rows: ModelledRows) -> Figure {
    let all = rows.comparisons()
    let shown = all.prefix(mostColumns)
    let columns = min(shown.count, Self.columns)
    return Figure(
      title: "Columns of the data and of draws",
      subtitle: "\(rows.count.counted("row")) of the test set and as many draws"
        + (shown.count < all.count ? "; the \(shown.count) least alike of \(all.count) columns" : "")
        + ". In brackets the total variation distance, from 0, alike, to 1.",
      legend: .entries([Legend.Entry("data", Palette.series[0]), Legend.Entry("draws", Palette.series[1])]),
      panels: shown.map(panel), columns: columns, width: max(460, Double(columns) * 280),
      height: 90 + 190 * Double((shown.count + columns - 1) / columns))
  }

  private static func panel(_ one: ColumnComparison) -> Panel {
    let title = "\(one.column.name.drop(while: \.isWhitespace)) (\(DecimalText.of(Float(one.distance), decimals: 2)))"
    // Bars have a unit each, whatever they stand for: bins on a curve are of many widths.
    let ticks = one.bins.map { edgeTicks($0, one.column) } ?? nameTicks(one.names)
    let marks = one.bins == nil ? bars(one) : outlines(one)
    let x = Axis("", range: 0...Double(max(one.data.count, 1)), ticks: ticks)
    return Panel(title: title, x: x, y: Axis(""), marks: marks)
  }

  private static func outlines(_ one: ColumnComparison) -> [Mark] {
    func steps(_ shares: [Double]) -> [PlotPoint] {
      shares.enumerated().flatMap { bin, share in [PlotPoint(Double(bin), share), PlotPoint(Double(bin + 1), share)] }
    }
    return [
      .line(steps(one.data), Palette.series[0], filled: true), .line(steps(one.draws), Palette.series[1]),
    ]
  }

  private static func bars(_ one: ColumnComparison) -> [Mark] {
    func bars(_ shares: [Double], _ color: PlotColor, at offset: Double) -> Mark {
      .bars(
        shares.enumerated().map { PlotPoint(Double($0.offset) + offset, $0.element) },
        colors: [PlotColor](repeating: color, count: shares.count), width: 0.36)
    }
    return [bars(one.data, Palette.series[0], at: 0.32), bars(one.draws, Palette.series[1], at: 0.68)]
  }

  private static func edgeTicks(_ bins: NumberBins, _ column: CodedColumn) -> [Tick] {
    let whole = column.kind == .count || column.decimals == 0
    return [0, bins.count / 2, bins.count].map { edge in
      let value = bins.edges[edge]
      // Of whole numbers the first of a bin, and at the end the last, and not the half before or behind it.
      let label =
        whole && !bins.isByQuantiles
        ? Ticks.label(edge == bins.count ? value - 0.5 : value + 0.5, step: 1) : Ticks.label(ofThreeDigits: value)
      return Tick(Double(edge), label)
    }
  }

  private static func nameTicks(_ names: [String]) -> [Tick] {
    names.enumerated().map { Tick(Double($0.offset) + 0.5, String($0.element.drop(while: \.isWhitespace).prefix(12))) }
  }
}
