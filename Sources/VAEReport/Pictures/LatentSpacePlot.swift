import Foundation
import VAEData
import VAETrainer

/// The codes of a data set, as dots in a plane.
public struct LatentSpacePlot: Sendable {
  /// Posterior means [N, L], or codes.
  public var mean: [Float]
  /// L.
  public var latentCount: Int
  /// The class of each example, where the data have labels.
  public var labels: [Int]?
  /// What the dimensions are used for.
  public var use: LatentUse
  /// What a class is called.
  public var className: @Sendable (Int) -> String = { "\($0)" }

  /// The plot of at least one code.
  public init(mean: [Float], latentCount: Int, labels: [Int]?, use: LatentUse) {
    precondition(
      latentCount > 0 && mean.count % latentCount == 0 && !mean.isEmpty,
      "\(mean.count) numbers are no codes of \(latentCount)")
    precondition(
      labels.map { $0.count * latentCount == mean.count } ?? true,
      "\(labels?.count ?? 0) labels for \(mean.count / latentCount) codes")
    self.mean = mean
    self.latentCount = latentCount
    self.labels = labels
    self.use = use
  }

  /// One dimension: a histogram. Two: a scatter. More: a scatter of the two most used, and beside it one of the two
  /// principal components.
  public func figure() -> Figure {
    let colors = labels.map { ClassColors($0) }
    let legend = colors?.legend(name: className)
    let title = hasDivergence ? "Latent space: posterior means" : "Latent space: codes"
    let examples = "\(Ticks.label(Double(count), step: 1)) test example\(count == 1 ? "" : "s")"
    if latentCount == 1 {
      return Figure(title: title, subtitle: "\(examples).", legend: legend, panels: [histogram(colors)], height: 420)
    }
    let dimensions = latentCount == 2 ? [0, 1] : Array(use.dimensionsByUse.prefix(2))
    let circles = hasDivergence ? " Circles: 1, 2 and 3 standard deviations of the prior." : ""
    let plane = scatter(
      title: latentCount == 2
        ? "" : hasDivergence ? "The two dimensions of largest KL" : "The two dimensions that vary most",
      x: axis(dimensions[0]), y: axis(dimensions[1]), (0..<count).map { point($0, dimensions[0], dimensions[1]) },
      colors,
      showsPrior: hasDivergence)
    guard latentCount > 2 else {
      return Figure(
        title: title, subtitle: "\(examples).\(circles)", legend: legend, panels: [plane], width: 700, height: 680)
    }
    return Figure(
      title: title, subtitle: "\(examples) in \(latentCount) dimensions.\(circles)", legend: legend,
      panels: [plane] + (principalPlane(colors).map { [$0] } ?? []), width: 1120, height: 640)
  }

  private var hasDivergence: Bool { !use.klPerDimension.isEmpty }
  private var count: Int { mean.count / latentCount }

  private func point(_ example: Int, _ x: Int, _ y: Int) -> PlotPoint {
    PlotPoint(Double(mean[example * latentCount + x]), Double(mean[example * latentCount + y]))
  }

  private func axis(_ dimension: Int) -> Axis {
    let figure =
      hasDivergence
      ? String(format: "KL %.2f nats", use.klPerDimension[dimension])
      : String(format: "variance %.3g", use.variancePerDimension[dimension])
    return Axis("dimension \(dimension), \(figure)")
  }

  /// Nil where LAPACK finds no components, as for codes that are not finite.
  private func principalPlane(_ colors: ClassColors?) -> Panel? {
    guard let components = try? PrincipalComponents(rows: mean, dimension: latentCount) else { return nil }
    let places = components.project(mean)
    func axis(_ index: Int) -> Axis {
      Axis(String(format: "component %d, %.0f %% of the variance", index + 1, 100 * components.varianceShares[index]))
    }
    return scatter(
      title: "Principal components of all dimensions", x: axis(0), y: axis(1),
      (0..<count).map { PlotPoint(places[2 * $0], places[2 * $0 + 1]) }, colors, showsPrior: false)
  }

  private func scatter(
    title: String, x: Axis, y: Axis, _ points: [PlotPoint], _ colors: ClassColors?, showsPrior: Bool
  ) -> Panel {
    // In an order that knows nothing of the classes, so that none lies over all others.
    var order = EpochOrder(count: count, seed: 0)
    order.shuffle(forEpoch: 0)
    let shuffled = order.examples.map { Int($0) }
    func color(_ example: Int) -> PlotColor {
      guard let labels, let colors else { return Palette.series[0] }
      return colors.color(of: labels[example])
    }
    // From a few large dots to many small ones; at 10,000, 1.7 pixels wide of 0.55.
    let density = min(1, max(0, (log10(Double(count)) - 2) / 2))
    var marks: [Mark] = [
      .dots(
        shuffled.map { points[$0] }, colors: shuffled.map(color), radius: 3.2 - 1.5 * density,
        opacity: 0.9 - 0.35 * density)
    ]
    if showsPrior { marks = (1...3).map { .line(Self.circle(Double($0)), PlotStyle.frame, isQuiet: true) } + marks }
    if let labels, let colors, colors.areDistinct, colors.classes.count > 1 {
      marks += colors.classes.map { label in
        let own = labels.indices.filter { labels[$0] == label }.map { points[$0] }.filter(\.isFinite)
        return .text(className(label), at: Self.middle(of: own), PlotStyle.ink)
      }
    }
    return Panel(title: title, x: x, y: y, marks: marks, hasEqualUnits: true)
  }

  /// The median along each axis; NaN of nothing.
  private static func middle(of points: [PlotPoint]) -> PlotPoint {
    func median(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.sorted()[values.count / 2] }
    return PlotPoint(median(points.map(\.x)), median(points.map(\.y)))
  }

  private static func circle(_ radius: Double) -> [PlotPoint] {
    (0...96).map { PlotPoint(radius * cos(Double($0) * .pi / 48), radius * sin(Double($0) * .pi / 48)) }
  }

  /// How many examples of each class, or of all where the colours cannot tell the classes apart, have a code in each of
  /// equal intervals.
  private func histogram(_ colors: ClassColors?) -> Panel {
    let values = mean.map(Double.init)
    let finite = values.filter(\.isFinite)
    let (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
    let (low, high) = most > least ? (least, most) : (least - 0.5, least + 0.5)
    let binCount = min(60, max(10, count / 40))
    let width = (high - low) / Double(binCount)
    func outline(_ isCounted: (Int) -> Bool, _ color: PlotColor) -> Mark {
      var counts = [Double](repeating: 0, count: binCount)
      for index in values.indices where values[index].isFinite && isCounted(index) {
        counts[min(binCount - 1, Int((values[index] - low) / width))] += 1
      }
      // From the first to the last that has any, so that no outline lies along the axis.
      let first = counts.firstIndex { $0 > 0 } ?? 0
      let last = counts.lastIndex { $0 > 0 } ?? 0
      let steps = (first...last).flatMap { bin in
        [0, 1].map { PlotPoint(low + width * Double(bin + $0), counts[bin]) }
      }
      return .line(
        [PlotPoint(low + width * Double(first), 0)] + steps + [PlotPoint(low + width * Double(last + 1), 0)], color,
        filled: true)
    }
    let marks: [Mark]
    if let labels, let colors, colors.areDistinct {
      marks = colors.classes.map { label in outline({ labels[$0] == label }, colors.color(of: label)) }
    } else {
      marks = [outline({ _ in true }, Palette.series[0])]
    }
    return Panel(x: axis(0), y: Axis("examples", wholeNumbers: true), marks: marks)
  }
}
