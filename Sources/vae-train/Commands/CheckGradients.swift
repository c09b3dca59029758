import ArgumentParser
import Foundation
import VAEKernels
import VAEReference
import VAETrainer

/// `vae-train check-gradients`.
struct CheckGradients: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-gradients",
    abstract: "Check every parameter's gradient against a naive model in double precision.",
    usage: "vae-train check-gradients [<options>]",
    discussion: """
      Compares the gradients of training, in single precision, with finite differences of a plain model that shares \
      no code with it, on random examples. Small models are checked along every coordinate, larger ones along random \
      directions, of which each takes in every element of a tensor. Exits with 1 where a tensor fails.
      """)

  @Option(
    name: .long, help: ArgumentHelp("Features of an example (default: 20).", valueName: "count"),
    transform: Parse.wholeNumber)
  var inputs = 20

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Batches that the decoder is told, 2 or more, for what is of each (default: none).", valueName: "count"),
    transform: Parse.wholeNumber)
  var batches: Int?

  @OptionGroup(title: "Objective") var objective: ObjectiveOptions

  @Option(name: .long, help: ArgumentHelp("Examples (default: 5).", valueName: "count"), transform: Parse.wholeNumber)
  var batchSize = 5

  @Option(
    name: .long, help: ArgumentHelp("Key of weights, examples and noise (default: 0).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64 = 0

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    // One step has no course of training, and its own noise in place of a corruption's.
    for (option, isGiven) in [
      ("kl-warm-up-epochs", objective.klWarmUpEpochs != nil), ("kl-warm-up-steps", objective.klWarmUpSteps != nil),
      ("kl-warm-up-by-epoch", objective.klWarmUpByEpoch != nil), ("kl-cycles", objective.klCycles != nil),
      ("capacity-epochs", objective.capacityEpochs != nil),
      ("corruption-amount", objective.corruptionAmount != nil),
    ] where isGiven {
      throw ValidationError("--\(option): expected with train alone, found with check-gradients")
    }
  }

  func run() throws {
    guard (1...1024).contains(batchSize) else {
      throw ValidationError("--batch-size: expected 1 to 1024, found \(batchSize)")
    }
    if let batches, !(2...1024).contains(batches) {
      throw ValidationError("--batches: expected 2 to 1024, found \(batches)")
    }
    let architecture = try model.architecture(
      inputCount: inputs, labelCount: model.conditional ? 4 : 0, batchCount: batches)
    var training = TrainingOptions()
    try objective.apply(to: &training, for: architecture)
    do { try training.validate(for: architecture) } catch { throw ValidationError(ofOption: error) }
    if case .sampled(let estimator) = training.objective.latentTerm, estimator != .standard {
      throw ValidationError(
        "--gradient-estimator: expected standard, the gradient of the objective itself, found \(estimator.rawValue)")
    }
    let work = architecture.parameterCount * batchSize * training.objective.samples
    guard work <= Self.maximumWork else {
      throw ValidationError(
        "--hidden, --inputs, --batch-size: expected at most \(Self.maximumWork) parameters times examples, found \(work)"
      )
    }
    training.batchSize = batchSize
    try MemoryLimit.check(architecture, training)
    let thoroughness: GradientCheck.Thoroughness =
      work * architecture.parameterCount <= Self.maximumExhaustiveWork ? .everyCoordinate : .directions(4)
    print(
      "model     \(architecture)"
    )
    print("along     \(thoroughness.summary); \(batchSize.counted("example"))\n")
    let trained = try TrainedGradients(
      architecture, training.objective, batchSize: batchSize, klWeight: training.klWeight,
      isCorrupted: training.corruption.kind != .none, seed: seed, threads.team())
    let reports = GradientCheck.compare(
      analytic: trained.gradients, model: ReferenceModel(architecture, trained.model.weights),
      objective: training.objective, examples: trained.inputs, labels: trained.labels, numbers: trained.numbers,
      targets: trained.targets, exposures: trained.exposures, noise: trained.noise, klWeight: Double(training.klWeight),
      training: trained.training,
      thoroughness: thoroughness)
    try show(reports)
  }

  /// Two passes a parameter, each of as many multiplications as there are parameters times examples: two seconds.
  private static let maximumExhaustiveWork = 1_000_000_000
  /// Of one such pass along a direction: minutes.
  private static let maximumWork = 1_000_000_000

  private func show(_ reports: [GradientReport]) throws {
    let width = max(24, reports.map(\.name.count).max() ?? 0)
    func pad(_ text: String) -> String { text.padding(toLength: width, withPad: " ", startingAt: 0) }
    print(pad("tensor") + "  compared  relative error  tolerance")
    for report in reports {
      let undefined = report.undefinedCount > 0 ? "  (\(report.undefinedCount) not smooth enough)" : ""
      print(
        pad(report.name)
          + String(format: "  %8d  %14.1e  %9.1e  ", report.count, report.maximumError, report.tolerance)
          + report.verdict + undefined)
    }
    let open = reports.filter { !$0.passed }
    guard open.isEmpty else {
      let tensors = open.map { "\($0.name) \($0.verdict)" }.joined(separator: ", ")
      let advice = open.allSatisfy(\.isUndecided) ? "; try another --seed, or a larger --batch-size" : ""
      throw GradientsDiffer(
        description: "\(open.count) of \(reports.count.counted("tensor")) did not pass: \(tensors)\(advice)")
    }
    print("\nall \(reports.count.counted("tensor")) passed")
  }
}

/// The outcome of a check that failed.
private struct GradientsDiffer: Error, CustomStringConvertible {
  let description: String
}

extension GradientReport {
  /// Whether nothing is wrong, but too much could not be compared: the loss bends too sharply there.
  fileprivate var isUndecided: Bool { hasTooManyUndefined && maximumError <= tolerance }

  fileprivate var verdict: String { passed ? "passed" : isUndecided ? "undecided" : "FAILED" }
}

extension GradientCheck.Thoroughness {
  fileprivate var summary: String {
    switch self {
    case .everyCoordinate: "every coordinate"
    case .directions(let count): "\(count) random directions a tensor (too large for every coordinate)"
    }
  }
}
