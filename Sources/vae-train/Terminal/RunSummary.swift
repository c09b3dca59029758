import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// What is said of a run before its first epoch and after its last.
struct RunSummary {
  private let run: TrainingRun

  init(_ run: TrainingRun) {
    self.run = run
  }

  func printHead(resumed: Bool) {
    let trainer = run.trainer
    let architecture = trainer.model.architecture
    let options = trainer.options
    var sets = "\(trainer.train.count) training, \(trainer.test.count) test"
    if let validation = trainer.validation { sets += ", \(validation.count) validation" }
    let shape =
      trainer.train.imageShape.map { "\($0.width) × \($0.height)" } ?? "\(trainer.train.featureCount) features"
    print("data      \(run.data.source): \(sets); \(shape)")
    print(
      "model     \(architecture.summary), \(architecture.activation.rawValue), \(architecture.likelihood.name): "
        + "\(architecture.parameterCount) parameters")
    print(
      "training  \(options.epochs) epochs of \(trainer.stepsPerEpoch) steps of \(options.batchSize), "
        + "Adam \(options.adam.learningRate), seed \(options.seed)")
    if options.objective != Objective() || options.klWeight != 1 { print("objective \(objective)") }
    let threads = trainer.team.count
    print(
      "machine   \(threads) thread\(threads == 1 ? "" : "s"), \(VectorMath.active.instructionSet), products by "
        + "\(MatrixProduct.engine == .own ? "its own kernels" : "OpenBLAS \(BLAS.coreName)"), "
        + "\(run.configuration.environment.build) build")
    let state = trainer.state
    let place = resumed ? ", from epoch \(state.epoch), step \(state.stepInEpoch + 1)" : ""
    print("run       \(run.directory.path)\(place)\n")
  }

  private var objective: String {
    let options = run.trainer.options
    let objective = options.objective
    var parts = ["\(objective.bound.rawValue) with K = \(objective.samples)"]
    if objective.klEstimate != .closedForm { parts.append("KL by Monte Carlo") }
    if objective.estimator != .standard { parts.append("\(objective.estimator.rawValue) gradients") }
    if options.klWeight != 1 { parts.append("β \(options.klWeight)") }
    return parts.joined(separator: ", ")
  }

  func printEnd(_ outcome: TrainingRun.Outcome, pictures: [String]) {
    guard let last = run.metrics.last else { return }
    if case .stoppedEarly = outcome {
      print("\nstopped: no better validation result for \(run.trainer.options.patience ?? 0) epochs")
    }
    print(
      String(
        format: "\ntest      negative ELBO %.2f nats = reconstruction %.2f + KL %.2f", last.test.negativeELBO,
        last.test.reconstruction, last.test.kl))
    if let best = run.trainer.state.best {
      print(
        String(format: "best      epoch %d, validation %.2f nats: %@", best.epoch, best.loss, run.directory.bestModel))
    }
    print("run       \(run.directory.path)")
    for (index, picture) in pictures.enumerated() { print((index == 0 ? "pictures  " : "          ") + picture) }
  }

  func printJSON(_ epoch: EpochMetrics) throws {
    print(try epoch.jsonLine())
    fflush(nil)
  }

  func printJSONEnd(_ outcome: TrainingRun.Outcome, pictures: [String]) throws {
    struct End: Encodable {
      let run: String
      let outcome: String
      let epochs: Int
      let images: [String]
    }
    let end = End(
      run: run.directory.path, outcome: outcome == .stoppedEarly ? "stopped_early" : "completed",
      epochs: run.metrics.count, images: pictures)
    print(try JSONOutput.text(of: end))
  }

  /// What is said after Ctrl-C.
  var interruption: String {
    let state = run.trainer.state
    return "interrupted in epoch \(state.epoch) after step \(state.stepInEpoch) of \(run.trainer.stepsPerEpoch); "
      + "go on with: vae-train --resume \(run.directory.path)"
  }
}
