import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-train reproduce`.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train and evaluate a published setting on MNIST, and compare.",
    usage: "vae-train reproduce <name> --data <folder> [<options>]\nvae-train reproduce --list",
    discussion: """
      A run that was interrupted goes on where it stopped when the same command is given again, with the same --output.
      """)

  @Argument(
    help: ArgumentHelp("\(Reproduction.names.joined(separator: ", ")).", valueName: "name"),
    completion: .list(Reproduction.names))
  var name: String?

  @Flag(name: .long, help: "Print what can be reproduced.")
  var list = false

  @Option(
    name: .long, help: ArgumentHelp("Folder with MNIST's four files.", valueName: "folder"), completion: .directory,
    transform: Parse.path)
  var data: String?

  @Option(
    name: .long, help: ArgumentHelp("Key of every random number (default: 0).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64 = 0

  @Option(
    name: .long,
    help: ArgumentHelp("The run's folder (default: runs/<name> and what was asked for).", valueName: "folder"),
    completion: .directory, transform: Parse.path)
  var output: String?

  @Option(
    name: .long, help: ArgumentHelp("For iwae-mnist: samples a step (default: 1).", valueName: "count"),
    transform: Parse.wholeNumber)
  var importanceSamples: Int?

  @Option(
    name: .long, help: ArgumentHelp("For iwae-mnist: vae or iwae (default: vae).", valueName: "name"),
    completion: .choices(Reproduction.Bound.self), transform: Parse.choice)
  var objective: Reproduction.Bound?

  @Option(
    name: .long, help: ArgumentHelp("For iwae-mnist: stop after so many of 8 stages.", valueName: "count"),
    transform: Parse.wholeNumber)
  var stages: Int?

  @Option(
    name: .long, help: ThreadOptions.help,
    transform: Parse.wholeNumber)
  var threads: Int?

  func validate() throws {
    if list {
      let others = TypedArguments.given.names.filter { $0 != "list" }
      if let other = others.first.map({ "--\($0)" }) ?? name {
        throw ValidationError("\(other): expected without --list, found with it")
      }
      return
    }
    guard let name else { throw ValidationError("name: expected one of \(names), found none") }
    guard Reproduction.names.contains(name) else {
      throw ValidationError("name: expected one of \(names), found \(name)")
    }
    if name != "iwae-mnist" {
      for (option, isGiven) in [
        ("importance-samples", importanceSamples != nil), ("objective", objective != nil), ("stages", stages != nil),
      ] where isGiven {
        throw ValidationError("--\(option): expected with iwae-mnist alone, found with \(name)")
      }
    }
    if let stages, !(1...Reproduction.stageCount).contains(stages) {
      throw ValidationError("--stages: expected 1 to \(Reproduction.stageCount), found \(stages)")
    }
    guard data != nil else { throw ValidationError("--data: expected the folder with MNIST, found none") }
  }

  private var names: String { Reproduction.names.joined(separator: ", ") }

  private func reproduction() throws -> Reproduction {
    try Reproduction.named(
      name!, samples: importanceSamples ?? 1, bound: objective ?? .vae, stages: stages ?? Reproduction.stageCount)!
  }

  func run() throws {
    if list { return try printList() }
    let reproduction = try reproduction()
    let folder = output ?? defaultFolder
    var configuration = RunConfiguration(
      data: .init(path: Path.absolute(data!)), architecture: reproduction.architecture,
      training: reproduction.training)
    configuration.training.seed = seed
    configuration.training.threads = threads
    try configuration.training.validate(for: reproduction.architecture)
    let split = try load(configuration)
    print("reproduces  \(reproduction.name): \(reproduction.summary)")
    if reproduction.figure == .distanceFromPPCA { try reproduceOnGeneratedData(reproduction) }
    try report(reproduction, try train(configuration, on: split, in: folder))
  }

  /// A model that is trained, and what it is measured on.
  private struct Outcome {
    let model: VariationalAutoencoder
    let train: Dataset
    let test: Dataset
    let metrics: [EpochMetrics]
    let team: ThreadTeam
  }

  private func load(_ wanted: RunConfiguration) throws -> DataSplit {
    let split = try wanted.data.load(seed: seed)
    guard split.train.featureCount == wanted.architecture.inputCount else {
      throw DataError(
        path: wanted.data.path ?? "", expected: "images of \(wanted.architecture.inputCount) pixels",
        found: "\(split.train.featureCount)")
    }
    return split
  }

  /// Trains what is left of the run in `folder`, which may be all of it or nothing.
  private func train(_ wanted: RunConfiguration, on split: DataSplit, in folder: String) throws -> Outcome {
    let directory = RunDirectory(folder)
    let hasBegun = Path.exists(directory.checkpoint)
    if hasBegun {
      var found = try directory.readConfiguration()
      found.training.threads = wanted.training.threads
      // A run of fewer stages goes on to the next.
      found.training.epochs = wanted.training.epochs
      guard found.training == wanted.training && found.architecture == wanted.architecture else {
        throw ValidationError("--output: expected a new folder or this very run, found another run in \(folder)")
      }
    }
    let run: TrainingRun
    if hasBegun, let state = try directory.readState() {
      // One that has gone further than this is compared as it is.
      let epochs = max(wanted.training.epochs, state.epochsBegun)
      run = try TrainingRun.resume(folder, epochs: epochs, dataPath: wanted.data.path)
    } else {
      run = try TrainingRun.start(wanted, data: split, in: folder)
    }
    if !run.trainer.isFinished {
      var session = TrainingSession(run, resumed: hasBegun)
      guard try session.train() != .interrupted else { throw ExitCode(Interrupt.exitCode) }
    }
    return Outcome(
      model: run.trainer.model, train: run.trainer.train, test: run.trainer.test, metrics: run.metrics,
      team: run.trainer.team)
  }

  private var defaultFolder: String {
    var parts = [name!]
    if name == "iwae-mnist" {
      parts += [(objective ?? .vae).rawValue, "k\(importanceSamples ?? 1)"]
    }
    return "runs/" + (parts + ["seed\(seed)"]).joined(separator: "-")
  }

  private func printList() throws {
    for name in Reproduction.names {
      let it = try Reproduction.named(name, samples: 1, bound: .vae, stages: Reproduction.stageCount)!
      print("\(name)\n  \(it.summary)\n  published: \(it.published)\n  time on two cores: \(it.time)\n")
    }
  }

  private func report(_ reproduction: Reproduction, _ outcome: Outcome) throws {
    let test = outcome.test
    let evaluator = Evaluator(
      outcome.model, binarization: reproduction.training.binarization, seed: seed, team: outcome.team)
    let measured: Double
    print("\npublished   \(reproduction.published)")
    switch reproduction.figure {
    case .negativeELBO:
      measured = try evaluator.evaluate(test, named: "test").negativeELBO
      print(String(format: "measured    %.2f nats after epoch %d, seed %@", measured, outcome.metrics.count, "\(seed)"))
      let epochs = [1, 10, 20, 50].filter { $0 <= outcome.metrics.count }
      let values = epochs.map { String(format: "%.1f", outcome.metrics[$0 - 1].test.negativeELBO) }
      print(
        "            \(values.joined(separator: ", ")) after epochs \(epochs.map(String.init).joined(separator: ", "))")
    case .distanceFromPPCA:
      measured = try distanceFromPPCA(outcome.model, outcome.train)
    case .reconstructionOfAPixel:
      let evaluation = try evaluator.evaluate(test, named: "test")
      measured = evaluation.reconstruction / Double(test.featureCount)
      print(
        String(
          format: "measured    %.4f nats a pixel after epoch %d, seed %@", measured, outcome.metrics.count, "\(seed)"))
    case .logLikelihood:
      let estimate = try evaluator.logLikelihood(of: test, samples: 5000, named: "test")
      let use = evaluator.latentUse(of: test)
      measured = estimate.negativeLogLikelihood
      print(
        String(
          format: "measured    %.2f %@ nats after epoch %d, seed %@; %@", measured,
          LikelihoodEstimate.margin(estimate.standardError, digits: 2), outcome.metrics.count, "\(seed)", use.activity))
    }
    try judge(measured, by: reproduction.accepted)
  }

  private func judge(_ measured: Double, by accepted: ClosedRange<Double>?) throws {
    guard let accepted else { return }
    let range =
      accepted.lowerBound > 0 ? "\(accepted.lowerBound) to \(accepted.upperBound)" : "at most \(accepted.upperBound)"
    print("accepted    \(range): \(accepted.contains(measured) ? "reproduced" : "not reproduced")")
    if !accepted.contains(measured) { throw ExitCode.failure }
  }

  /// log p(x) of the data that a linear model was trained on beside the best there is, and how far it is from it.
  private func distanceFromPPCA(_ model: VariationalAutoencoder, _ data: Dataset) throws -> Double {
    let covariance = SampleCovariance(of: data)
    let optimum = try ProbabilisticPCA(covariance, latentCount: model.architecture.latentCount).logLikelihood
    guard let found = try model.exactLogLikelihood(of: covariance) else {
      preconditionFailure("a preset of a linear model that is not linear")
    }
    let distance = abs(optimum - found) / abs(optimum)
    print(
      String(
        format: "optimum     log p(x) = %.4f nats (probabilistic PCA)\nmeasured    %.4f nats, %.3f %% from it", optimum,
        found, 100 * distance))
    return distance
  }

  /// The same on `LowRankData`, without a run folder: a sixth of the examples, so more epochs, at a higher rate.
  private func reproduceOnGeneratedData(_ reproduction: Reproduction) throws {
    let data = LowRankData.make(count: 10_000, seed: seed)
    var architecture = reproduction.architecture
    architecture.inputCount = LowRankData.featureCount
    architecture.latentCount = LowRankData.latentCount
    var options = reproduction.training
    options.epochs = 120
    options.optimizer.learningRate = 1e-2
    options.seed = seed
    options.threads = threads
    let trainer = try Trainer(architecture, train: data, test: data.subset([0]), options: options)
    print(
      "\ndata        \(data.name): \(data.count) examples, linear \(architecture.summary), rate 1e-2, 120 epochs")
    while !trainer.isFinished { _ = try trainer.runEpoch() }
    try judge(try distanceFromPPCA(trainer.model, data), by: reproduction.accepted)
    print("")
  }
}
