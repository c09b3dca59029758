import Foundation
import VAETrainer

/// How many nats each latent dimension carries.
public enum LatentKLPlot {
  /// A bar for each dimension, the largest first; nil for an autoencoder, whose code has no KL.
  public static func figure(_ use: LatentUse) -> Figure? {
    guard !use.klPerDimension.isEmpty else { return nil }
    let order = use.dimensionsByUse
    let (active, quiet) = (Palette.series[0], Palette.quiet)
    let total = use.klPerDimension.filter(\.isFinite).reduce(0, +)
    let threshold = LatentUse.activityThreshold
    return Figure(
      title: "KL divergence of each latent dimension",
      subtitle: String(format: "%.2f nats in all; %@.", total, use.activity),
      legend: use.activeUnits == nil
        ? nil
        : .entries([
          Legend.Entry("active: the posterior mean's variance is above \(threshold)", active),
          Legend.Entry("inactive", quiet),
        ]),
      panels: [
        Panel(
          x: Axis(
            "latent dimension, sorted", range: 0.4...Double(order.count) + 0.6,
            ticks: order.enumerated().map { Tick(Double($0.offset + 1), "\($0.element)") }),
          y: Axis("nats per example"),
          marks: [
            .bars(
              order.enumerated().map { PlotPoint(Double($0.offset + 1), use.klPerDimension[$0.element]) },
              colors: order.map { use.activeUnits == nil || use.isActive($0) ? active : quiet },
              width: order.count <= 60 ? 0.72 : 1)
          ])
      ], width: order.count <= 6 ? 460 : 760, height: 400)
  }
}
