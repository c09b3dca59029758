import Foundation
import VAEKernels

/// A model's layers as a table: what they put out for an example, what they learn, and what a forward pass costs.
struct ModelTable {
  private let plan: Plan
  private let samples: Int

  init(_ plan: Plan, samples: Int) {
    self.plan = plan
    self.samples = samples
  }

  private struct Line {
    var name: String
    var words: String
    var shape: String
    var parameters: Int
    var operations: Int
  }

  /// The table, 80 columns wide where the words leave it so.
  var text: String {
    let lines = self.lines
    let total = Line(
      name: "in all", words: "", shape: "", parameters: plan.layout.parameterCount,
      operations: lines.reduce(0) { $0 + $1.operations })
    let names = max(4, lines.map(\.name.count).max() ?? 0)
    let words = max(5, lines.map(\.words.count).max() ?? 0)
    func row(_ line: Line) -> String {
      Self.left(line.name, names) + "  " + Self.left(line.words, words) + Self.right(line.shape, 10)
        + Self.right("\(line.parameters)", 12) + Self.right("\(line.operations)", 13)
    }
    let head =
      Self.left("part", names) + "  " + Self.left("words", words) + Self.right("output", 10)
      + Self.right("parameters", 12) + Self.right("operations", 13)
    return ([head] + lines.map(row) + [row(total)]).joined(separator: "\n")
      + "\n\noperations: multiplications and additions of an example's products, forward;"
      + "\ntraining takes about three times as many"
  }

  private var lines: [Line] {
    let architecture = plan.architecture
    let input = Line(
      name: "input", words: "", shape: "\(architecture.encoderInputCount)", parameters: 0,
      operations: 0)
    let latent = Line(
      name: "latent", words: "\(architecture.prior)", shape: shape(plan.posterior.latent), parameters: 0, operations: 0)
    return [input] + part(plan.encoder, architecture.encoder, last: "\(architecture.posterior)") + [latent]
      + exposure + part(plan.decoder, architecture.decoder, last: "\(architecture.likelihood)")
  }

  /// The lines of a learned exposure's encoder.
  private var exposure: [Line] {
    guard let exposure = plan.exposure, let layers = plan.architecture.exposureEncoder else { return [] }
    return part(exposure.stages, layers, last: "learned exposure")
  }

  /// The lines of the stages of a list, and of the one behind them.
  private func part(_ stages: [any Stage], _ list: LayerList, last: String) -> [Line] {
    zip(stages, list.stageWords + [last]).enumerated().map { index, stage in
      let (stage, words) = stage
      return Line(
        name: Self.shortened(stage.name), words: words, shape: shape(stage.output),
        parameters: stage.parameters.reduce(0) { $0 + ($1.kind == .statistic ? 0 : $1.count) }
          + (index == stages.count - 1 && stage.name.hasPrefix("decoder.")
            ? plan.likelihood.parameters?.count ?? 0 : 0),
        operations: stage.products.reduce(0) { $0 + $1.operations(samples: samples) })
    }
  }

  private static func shortened(_ name: String) -> String {
    name == "encoder.mean" ? "encoder.posterior" : name
  }

  /// "200", or "5 × 200" of several rows an example.
  private func shape(_ slot: Slot) -> String {
    let rows = slot.rows.perExample(samples: samples)
    return rows == 1 ? "\(slot.columns)" : "\(rows) × \(slot.columns)"
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
