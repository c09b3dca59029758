import Foundation

/// What was measured of one workload.
struct EpochResult: Encodable {
  /// Epochs whose products one engine made, in turns with those of the other.
  struct Engine: Encodable {
    /// "own" or "openblas".
    let products: String
    let epochSeconds: [Double]
    let bestEpochSeconds: Double

    init(products: String, epochSeconds: [Double]) {
      self.products = products
      self.epochSeconds = epochSeconds
      bestEpochSeconds = epochSeconds.min()!
    }
  }

  struct Phase: Encodable {
    let name: String
    /// Of one step.
    let seconds: Double
  }

  struct Evaluation: Encodable {
    let seconds: Double
    let productsSeconds: Double
    var share: Double { productsSeconds / seconds }
  }

  struct Scaling: Encodable {
    let threads: Int
    /// Against one thread.
    let speedup: Double
  }

  let name: String
  let shape: String
  let parameters: Int
  let examples: Int
  let stepsPerEpoch: Int
  /// By the engine in use, which the rest is of too.
  let epochSeconds: [Double]
  let bestEpochSeconds: Double
  let medianEpochSeconds: Double
  let examplesPerSecond: Double
  let gigaflopsPerSecond: Double
  /// Of each engine, the one in use among them.
  let engines: [Engine]
  let productsSeconds: Double
  let productsShare: Double
  let phases: [Phase]
  let evaluation: Evaluation
  let evaluationShare: Double
  let scaling: [Scaling]
  let peakMemoryMegabytes: Double?

  init(
    name: String, shape: String, parameters: Int, examples: Int, stepsPerEpoch: Int, epochSeconds: [Double],
    engines: [Engine], operationsPerEpoch: Double, productsSeconds: Double, phases: [Phase], evaluation: Evaluation,
    scaling: [Scaling], peakMemoryMegabytes: Double?
  ) {
    self.name = name
    self.shape = shape
    self.parameters = parameters
    self.examples = examples
    self.stepsPerEpoch = stepsPerEpoch
    self.epochSeconds = epochSeconds
    bestEpochSeconds = epochSeconds.min()!
    medianEpochSeconds = epochSeconds.median
    examplesPerSecond = Double(examples) / bestEpochSeconds
    gigaflopsPerSecond = operationsPerEpoch / bestEpochSeconds / 1e9
    self.engines = engines
    self.productsSeconds = productsSeconds
    productsShare = productsSeconds / bestEpochSeconds
    self.phases = phases
    self.evaluation = evaluation
    evaluationShare = evaluation.share
    self.scaling = scaling
    self.peakMemoryMegabytes = peakMemoryMegabytes
  }

  /// "own 1.27 s", "openblas 1.43 s (1.13 ×)": in brackets against the first.
  private func text(of engine: Engine) -> String {
    let first = engines[0]
    let ratio = String(format: " (%.2f ×)", engine.bestEpochSeconds / first.bestEpochSeconds)
    return "\(engine.products) \(Output.time(engine.bestEpochSeconds))"
      + (engine.products == first.products ? "" : ratio)
  }

  /// For people, within 80 columns.
  var text: String {
    var lines = [
      "\(name)  \(shape)",
      String(
        format: "  epoch       best %@, median %@ of %d; %.0f examples/s, %.0f GFLOP/s", Output.time(bestEpochSeconds),
        Output.time(medianEpochSeconds), epochSeconds.count, examplesPerSecond, gigaflopsPerSecond),
      "  engines     best epoch by \(engines.map { text(of: $0) }.joined(separator: ", "))",
      String(
        format: "  products    alone %@: %.2f of the step", Output.time(productsSeconds), productsShare),
      String(
        format: "  evaluation  %@ a pass, products alone %.2f of it", Output.time(evaluation.seconds), evaluation.share),
    ]
    if scaling.count > 1 {
      let parts = scaling.dropFirst().map { String(format: "%d: %.2f ×", $0.threads, $0.speedup) }
      lines.append("  threads     against one, \(parts.joined(separator: ", "))")
    }
    if let peakMemoryMegabytes {
      lines.append(String(format: "  memory      %.0f MB at most, since the program was started", peakMemoryMegabytes))
    }
    let total = phases.reduce(0) { $0 + $1.seconds }
    lines.append("  a step      \(Output.time(total)), of which")
    for phase in phases {
      lines.append(
        "    " + Output.left(phase.name, 17) + Output.right(Output.time(phase.seconds), 10)
          + String(format: "%7.1f %%", 100 * phase.seconds / total))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
