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

  func printHead(resumed: Bool, verbose: Bool) {
    let trainer = run.trainer
    let architecture = trainer.model.architecture
    let options = trainer.options
    var sets = "\(trainer.train.count) training, \(trainer.test.count) test"
    if let validation = trainer.validation { sets += ", \(validation.count) validation" }
    let shape =
      trainer.train.imageShape.map { "\($0.width) × \($0.height)" } ?? "\(trainer.train.featureCount) features"
    print("data      \(run.data.source): \(sets); \(shape)")
    print(
      "model     \(architecture): \(trainer.model.layout.parameterCount) parameters")
    print(
      "training  \(options.epochs) epochs of \(trainer.stepsPerEpoch) steps of \(options.batchSize), "
        + "\(options.optimizer.rule.name) \(options.optimizer.learningRate), seed \(options.seed)")
    if !objective.isEmpty { print("objective \(objective.joined(separator: ", "))") }
    if let source = run.configuration.initializedFrom {
      let frozen = options.frozen.isEmpty ? "" : "; \(options.frozen) stays as it is"
      print("start     \(source.parts) of \(source.path)\(frozen)")
    }
    if let warning = trainer.optionWarning { warn(warning.description) }
    let threads = trainer.team.count
    let usable = ProcessorLimits.current.usable
    if threads > 2 * usable {
      warn("\(threads) threads on \(usable) processor\(usable == 1 ? "" : "s") wait for each other; as many are faster")
    }
    print(
      "machine   \(threads) thread\(threads == 1 ? "" : "s"), \(VectorMath.active.instructionSet), products by "
        + "\(MatrixProduct.engine == .own ? "its own kernels" : "OpenBLAS \(BLAS.coreName)"), "
        + "\(run.configuration.environment.build) build")
    let state = trainer.state
    let place = resumed ? ", from epoch \(state.epoch), step \(state.stepInEpoch + 1)" : ""
    print("run       \(run.directory.path)\(place)\n")
    if verbose { print(ModelTable(trainer.model.plan, samples: options.objective.samples).text + "\n") }
  }

  /// What is not the default, in words.
  private var objective: [String] {
    let options = run.trainer.options
    var parts: [String] = []
    let words = "\(options.objective)"
    if ![ELBO.name, Reconstruction.name].contains(words) { parts.append(words) }
    if options.klWeight != 1 { parts.append("β \(options.klWeight)") }
    if options.corruption.kind != .none {
      parts.append("\(options.corruption.kind.rawValue) corruption \(options.corruption.amount)")
    }
    return parts
  }

  /// A sentence about something that is likely to be wrong.
  func warn(_ sentence: String) {
    FileHandle.standardError.write(Data("vae-train: warning: \(sentence)\n".utf8))
  }

  func printEnd(_ outcome: TrainingRun.Outcome, pictures: [String]) {
    guard let last = run.metrics.last else { return }
    if case .stoppedEarly = outcome {
      print("\nstopped: no better validation result for \(run.trainer.options.patience ?? 0) epochs")
    }
    print(
      last.hasDivergence
        ? String(
          format: "\ntest      negative ELBO %.2f nats = reconstruction %.2f + KL %.2f", last.test.negativeELBO,
          last.test.reconstruction, last.test.kl)
        : String(format: "\ntest      reconstruction loss %.2f nats", last.test.reconstruction))
    if let best = run.trainer.state.best {
      print(
        String(format: "best      epoch %d, validation %.2f nats: %@", best.epoch, best.loss, run.directory.bestModel))
    }
    print("run       \(run.directory.path)")
    let names = pictures.filter { $0.hasSuffix(".png") }.map {
      URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent
    }
    if !names.isEmpty { print("pictures  \(run.directory.images): \(names.joined(separator: ", "))") }
  }

  /// The one line about a run that had nothing left to train.
  func printFinished(_ outcome: TrainingRun.Outcome, drawn: Bool) {
    let done = run.trainer.state.epoch - 1
    let isEarly = outcome == .stoppedEarly
    let state =
      isEarly
      ? "its validation set stopped it after epoch \(done)"
      : done == 1 ? "its one epoch is done" : "all \(done) epochs are done"
    let more = drawn ? "; drew the pictures and page that it lacked" : isEarly ? "" : "; ask for more with --epochs"
    print("run       \(run.directory.path): \(state)\(more)")
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
      + "go on with: vae-train --resume \(ShellWords.quoted(run.directory.path))"
  }
}
