import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// What training minimises. As in `ModelOptions`, nil where not given.
struct ObjectiveOptions: ParsableArguments {
  private static let defaults = TrainingOptions()

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What to minimise: vae, the negative ELBO, or iwae, the importance-weighted bound (default: vae).",
      valueName: "name"),
    transform: Parse.choice)
  var objective: Objective.Bound?

  @Option(
    name: .long,
    help: ArgumentHelp("Samples of each example's latent in a step (default: 1).", valueName: "count"),
    transform: Parse.wholeNumber)
  var importanceSamples: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "KL term of the negative ELBO: \(Parse.names(Objective.KLEstimate.self)) (default: closed-form).",
      valueName: "name"),
    transform: Parse.choice)
  var klEstimate: Objective.KLEstimate?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Encoder's gradient where densities are sampled: \(Parse.names(Objective.GradientEstimator.self)) "
        + "(default: standard).", valueName: "name"),
    transform: Parse.choice)
  var gradientEstimator: Objective.GradientEstimator?

  @Option(
    name: .long,
    help: ArgumentHelp("β, the weight of the KL divergence in the objective (default: 1).", valueName: "number"),
    transform: Parse.number)
  var klWeight: Float?

  @Option(
    name: .long,
    help: ArgumentHelp("Epochs over which β rises from zero (default: 0).", valueName: "number"),
    transform: Parse.preciseNumber)
  var klWarmUpEpochs: Double?

  @Option(
    name: .long, help: ArgumentHelp("The same in steps.", valueName: "count"), transform: Parse.wholeNumber)
  var klWarmUpSteps: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("How often β rises in that time (default: 1).", valueName: "count"),
    transform: Parse.wholeNumber)
  var klCycles: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("Nats that each latent dimension may carry at no cost (default: off).", valueName: "nats"),
    transform: Parse.number)
  var freeBits: Float?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Hold the KL divergence at so many nats, by β times how far it is from them (default: off).",
      valueName: "nats"),
    transform: Parse.number)
  var capacity: Float?

  @Option(
    name: .long,
    help: ArgumentHelp("Epochs over which the capacity rises from zero (default: 0).", valueName: "number"),
    transform: Parse.preciseNumber)
  var capacityEpochs: Double?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Penalty on an autoencoder's code: \(Parse.names(Sparsity.Penalty.self)) (default: none).", valueName: "name"),
    transform: Parse.choice)
  var sparsity: Sparsity.Penalty?

  @Option(
    name: .long, help: ArgumentHelp("Its weight (default: 0.001).", valueName: "number"), transform: Parse.number)
  var sparsityWeight: Float?

  @Option(
    name: .long,
    help: ArgumentHelp("For kl: how often a unit should be on (default: 0.05).", valueName: "share"),
    transform: Parse.number)
  var sparsityTarget: Float?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What the encoder sees of an example: \(Parse.names(Corruption.Kind.self)); the decoder is still to put out the "
        + "example itself (default: none).", valueName: "name"),
    transform: Parse.choice)
  var corruption: Corruption.Kind?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Deviation of gaussian, or share of features that masking makes 0 (default: 0.3).", valueName: "number"),
    transform: Parse.number)
  var corruptionAmount: Float?

  /// The options that were given, by name.
  var given: [String] {
    [
      ("objective", objective != nil), ("importance-samples", importanceSamples != nil),
      ("kl-estimate", klEstimate != nil), ("gradient-estimator", gradientEstimator != nil),
      ("kl-weight", klWeight != nil), ("kl-warm-up-epochs", klWarmUpEpochs != nil),
      ("kl-warm-up-steps", klWarmUpSteps != nil), ("kl-cycles", klCycles != nil), ("free-bits", freeBits != nil),
      ("capacity", capacity != nil), ("capacity-epochs", capacityEpochs != nil), ("sparsity", sparsity != nil),
      ("sparsity-weight", sparsityWeight != nil), ("sparsity-target", sparsityTarget != nil),
      ("corruption", corruption != nil), ("corruption-amount", corruptionAmount != nil),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  func validate() throws {
    func require(_ holds: Bool, _ option: String, _ other: String) throws {
      if !holds { throw ValidationError("--\(option): expected with --\(other), found without it") }
    }
    if freeBits != nil && capacity != nil {
      throw ValidationError("--capacity: expected without --free-bits, found both")
    }
    let penalty = sparsity ?? .none
    try require(sparsityWeight == nil || penalty != .none, "sparsity-weight", "sparsity l1 or kl")
    try require(sparsityTarget == nil || penalty == .kl, "sparsity-target", "sparsity kl")
    try require(
      corruptionAmount == nil || corruption ?? .none != .none, "corruption-amount", "corruption gaussian or masking")
  }

  /// Sets what was given.
  func apply(to options: inout TrainingOptions) {
    func set<Value>(_ path: WritableKeyPath<TrainingOptions, Value>, _ value: Value?) {
      if let value { options[keyPath: path] = value }
    }
    set(\.objective.bound, objective)
    set(\.objective.samples, importanceSamples)
    set(\.objective.klEstimate, klEstimate)
    set(\.objective.estimator, gradientEstimator)
    set(\.objective.klConstraint, freeBits.map { .freeBits($0) } ?? capacity.map { .capacity($0) })
    if let sparsity, sparsity != .none {
      options.objective.sparsity = Sparsity(sparsity)
      set(\.objective.sparsity.weight, sparsityWeight)
      set(\.objective.sparsity.target, sparsityTarget)
    }
    set(\.klWeight, klWeight)
    set(\.klWarmUp.epochs, klWarmUpEpochs)
    if klWarmUpSteps != nil { options.klWarmUp.steps = klWarmUpSteps }
    set(\.klWarmUp.cycles, klCycles)
    set(\.capacityEpochs, capacityEpochs)
    if let corruption, corruption != .none {
      options.corruption = Corruption(corruption, amount: corruptionAmount ?? 0.3)
    }
  }
}
