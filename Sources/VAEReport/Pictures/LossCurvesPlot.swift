import VAETrainer

/// The negative ELBO and its two parts over the epochs.
public enum LossCurvesPlot {
  /// Three panels, or for an autoencoder the reconstruction loss alone; nil where there is no epoch.
  public static func figure(_ metrics: [EpochMetrics]) -> Figure? {
    guard !metrics.isEmpty else { return nil }
    let hasDivergence = metrics.contains(where: \.hasDivergence)
    let hasValidation = metrics.contains { $0.validation != nil }
    func panel(_ title: String, _ part: (Evaluation) -> Double) -> Panel {
      func line(_ color: PlotColor, isDashed: Bool = false, _ evaluation: (EpochMetrics) -> Evaluation?) -> Mark {
        .line(
          metrics.map { PlotPoint(Double($0.epoch), evaluation($0).map(part) ?? .nan) }, color, isDashed: isDashed)
      }
      var marks = [line(Palette.series[0], isDashed: true) { $0.train }]
      if hasValidation { marks.append(line(Palette.series[2]) { $0.validation }) }
      marks.append(line(Palette.series[1]) { $0.test })
      return Panel(title: title, x: Axis("epoch", wholeNumbers: true), y: Axis("nats per example"), marks: marks)
    }
    var entries = [Legend.Entry("training, averaged over the epoch", Palette.series[0], .dashedLine)]
    if hasValidation { entries.append(Legend.Entry("validation", Palette.series[2], .line)) }
    entries.append(Legend.Entry("test, at the epoch's end", Palette.series[1], .line))
    let reconstruction = panel(hasDivergence ? "Reconstruction" : "") { $0.reconstruction }
    return Figure(
      title: hasDivergence ? "Negative ELBO and its parts" : "Reconstruction loss",
      legend: .entries(entries),
      panels: hasDivergence
        ? [panel("Negative ELBO") { $0.negativeELBO }, reconstruction, panel("KL divergence") { $0.kl }]
        : [reconstruction],
      width: hasDivergence ? 1120 : 760, height: 400)
  }
}
