import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// What training minimises. As in `ModelOptions`, nil where not given.
struct ObjectiveOptions: ParsableArguments {
  private static let defaults = TrainingOptions()

  /// Where the KL term of the negative ELBO comes from.
  enum KLEstimate: String, CaseIterable {
    case closedForm = "closed-form"
    case monteCarlo = "monte-carlo"
  }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What to minimise: vae, the negative ELBO, iwae, the importance-weighted bound, or any in words: "
        + "\(Parse.names(Vocabulary.standard.objectives)) (default: vae, or reconstruction for an autoencoder).",
      valueName: "words"),
    completion: .list(["vae", "iwae"]), transform: Self.objectiveWords)
  var objective: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Samples of each example's latent in a step (default: 1).", valueName: "count"),
    transform: Parse.wholeNumber)
  var importanceSamples: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "KL term of the negative ELBO: \(Parse.names(KLEstimate.self)) (default: closed-form).",
      valueName: "name"),
    completion: .choices(KLEstimate.self), transform: Parse.choice)
  var klEstimate: KLEstimate?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Encoder's gradient where densities are sampled: \(Parse.names(GradientEstimator.self)) "
        + "(default: standard).", valueName: "name"),
    completion: .choices(GradientEstimator.self), transform: Parse.choice)
  var gradientEstimator: GradientEstimator?

  @Option(
    name: .long,
    help: ArgumentHelp("β, the weight of the KL divergence in the objective (default: 1).", valueName: "number"),
    transform: Parse.number)
  var klWeight: Float?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Epochs over which β rises from zero (default: 0; of sparse counts those of 1,000 steps).", valueName: "number"),
    transform: Parse.preciseNumber)
  var klWarmUpEpochs: Double?

  @Option(
    name: .long, help: ArgumentHelp("The same in steps.", valueName: "count"), transform: Parse.wholeNumber)
  var klWarmUpSteps: Int?

  @Flag(
    name: .long, inversion: .prefixedNo, help: "β stays as it is during an epoch (default: it rises with every step).")
  var klWarmUpByEpoch: Bool?

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
    completion: .choices(Sparsity.Penalty.self), transform: Parse.choice)
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
    completion: .choices(Corruption.Kind.self), transform: Parse.choice)
  var corruption: Corruption.Kind?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Deviation of gaussian, or share of features that masking makes 0 (default: 0.3).", valueName: "number"),
    transform: Parse.number)
  var corruptionAmount: Float?

  /// Whether there is a word about how the KL weight rises.
  var saysWarmUp: Bool { klWarmUpEpochs != nil || klWarmUpSteps != nil || klCycles != nil || klWarmUpByEpoch != nil }

  func validate() throws {
    func require(_ holds: Bool, _ option: String, _ other: String) throws {
      if !holds { throw ValidationError("--\(option): expected with --\(other), found without it") }
    }
    if freeBits != nil && capacity != nil {
      throw ValidationError("--capacity: expected without --free-bits, found both")
    }
    if klWeight == 0 {
      for (option, isGiven) in [
        ("kl-warm-up-epochs", klWarmUpEpochs ?? 0 > 0), ("kl-warm-up-steps", klWarmUpSteps ?? 0 > 0),
        ("free-bits", freeBits != nil), ("capacity", capacity != nil),
      ] where isGiven {
        throw ValidationError("--\(option): expected with a --kl-weight above 0, found with 0")
      }
    }
    if capacity == 0 && capacityEpochs ?? 0 > 0 {
      throw ValidationError("--capacity-epochs: expected with a --capacity above 0, found with 0")
    }
    let penalty = sparsity ?? .none
    try require(sparsityWeight == nil || penalty != .none, "sparsity-weight", "sparsity l1 or kl")
    try require(sparsityTarget == nil || penalty == .kl, "sparsity-target", "sparsity kl")
    try require(
      corruptionAmount == nil || corruption ?? .none != .none, "corruption-amount", "corruption gaussian or masking")
  }

  /// Sets what was given, for a model of this shape.
  func apply(to options: inout TrainingOptions, for architecture: Architecture) throws {
    func set<Value>(_ path: WritableKeyPath<TrainingOptions, Value>, _ value: Value?) {
      if let value { options[keyPath: path] = value }
    }
    // What a preset minimises may make no sense with the model that stands beside it.
    let isPossible = (try? options.objective.validate(for: architecture)) != nil
    options.objective = try chosenObjective(
      isPossible ? options.objective : architecture.plainObjective, isVariational: architecture.isVariational)
    set(\.klWeight, klWeight)
    set(\.klWarmUp.epochs, klWarmUpEpochs)
    if klWarmUpSteps != nil { options.klWarmUp.steps = klWarmUpSteps }
    set(\.klWarmUp.cycles, klCycles)
    set(\.klWarmUp.isByEpoch, klWarmUpByEpoch)
    if klWarmUpByEpoch != nil, !options.klWarmUp.isOn {
      throw ValidationError("--kl-warm-up-by-epoch: expected with a warm-up, found without --kl-warm-up-epochs")
    }
    set(\.capacityEpochs, capacityEpochs)
    if let corruption {
      options.corruption = corruption == .none ? .none : Corruption(corruption, amount: corruptionAmount ?? 0.3)
    }
  }

  // MARK: The objective

  /// The names that stand for a bound whose settings are options of their own.
  private enum Bound: String {
    case vae, elbo, iwae
  }

  private static func objectiveWords(_ text: String) throws -> String {
    if Bound(rawValue: text) == nil { _ = try Parse.words(Vocabulary.standard.objective)(text) }
    return text
  }

  /// The objective that the options together say; `preset` where none of them does.
  private func chosenObjective(_ preset: any Objective, isVariational: Bool) throws -> any Objective {
    let settings = [
      ("importance-samples", importanceSamples != nil), ("kl-estimate", klEstimate != nil),
      ("gradient-estimator", gradientEstimator != nil), ("free-bits", freeBits != nil), ("capacity", capacity != nil),
      ("sparsity", sparsity != nil),
    ].filter(\.1).map(\.0)
    let bound = objective.map { Bound(rawValue: $0) } ?? .vae
    guard let bound else {
      if let other = settings.first {
        throw ValidationError("--\(other): expected in the words of --objective, found beside them")
      }
      return try Vocabulary.standard.objective(objective!)
    }
    if objective == nil && settings.isEmpty { return preset }
    return isVariational ? try variationalObjective(bound) : try reconstruction(bound)
  }

  private func variationalObjective(_ bound: Bound) throws -> any Objective {
    if let sparsity, sparsity != .none {
      throw ValidationError("--sparsity: expected with --model autoencoder alone, found with vae")
    }
    let samples = importanceSamples ?? 1
    let estimator = gradientEstimator ?? .standard
    let constraint = freeBits.map { KLConstraint.freeBits($0) } ?? capacity.map { .capacity($0) } ?? .none
    let isSampled = bound == .iwae || klEstimate == .monteCarlo
    if bound == .iwae && klEstimate != nil {
      throw ValidationError(
        "--kl-estimate: expected with --objective vae alone, found with iwae, which has no KL term")
    }
    if constraint.kind != .none && isSampled {
      throw ValidationError(
        "--\(constraint.kind.rawValue): expected with the KL divergence in closed form, found with samples of it")
    }
    if !isSampled && estimator != .standard {
      throw ValidationError(
        "--gradient-estimator: expected standard where the KL divergence is in closed form, found \(estimator.rawValue)"
      )
    }
    if bound == .iwae { return IWAE(samples: samples, estimator) }
    return isSampled ? .monteCarlo(samples: samples, estimator) : ELBO(samples: samples, constraint: constraint)
  }

  private func reconstruction(_ bound: Bound) throws -> any Objective {
    for (option, isGiven) in [
      ("objective iwae", bound == .iwae), ("importance-samples", importanceSamples ?? 1 != 1),
      ("kl-estimate", klEstimate ?? .closedForm != .closedForm),
      ("gradient-estimator", gradientEstimator ?? .standard != .standard), ("free-bits", freeBits != nil),
      ("capacity", capacity != nil),
    ] where isGiven {
      throw ValidationError(
        "--\(option): expected with --model vae alone, found with autoencoder, which draws no latent and has no KL "
          + "divergence")
    }
    let defaults = Sparsity(sparsity ?? .none)
    return Reconstruction(
      defaults.penalty == .none
        ? .none
        : Sparsity(
          defaults.penalty, weight: sparsityWeight ?? defaults.weight, target: sparsityTarget ?? defaults.target))
  }
}
