import VAEData
import VAEKernels

/// Everything that decides how a model is trained, apart from its shape and the data.
public struct TrainingOptions: Sendable, Hashable, Codable {
  /// The most epochs that a run may have: few enough that their steps can be counted.
  public static let maximumEpochs = 10_000_000

  /// How many times to go through the training set.
  public var epochs = 10
  /// The examples of one step; the last step of an epoch may have fewer.
  public var batchSize = 128
  /// How a gradient becomes a step.
  public var optimizer = OptimizerOptions()
  /// How the learning rate changes.
  public var schedule = LearningRateSchedule()
  /// Where set, a gradient whose norm over all parameters is larger is scaled down to it.
  public var gradientClipNorm: Float?
  /// What is minimised, but for the weight of its KL term; for an autoencoder see `Architecture.plainObjective`.
  @InWords public var objective: any Objective = .elbo
  /// β, the weight of the KL term in the objective.
  public var klWeight: Float = 1
  /// How β rises at the start.
  public var klWarmUp = KLWarmUp()
  /// The epochs over which the capacity of the objective's KL term rises from zero, in a straight line; 0 for at once.
  public var capacityEpochs = 0.0
  /// What is done to examples before the encoder sees them.
  public var corruption = Corruption.none
  /// The parts of the model whose weights stay as they are.
  public var frozen: ModelParts = []
  /// Whether, and when, pixels become zeros and ones.
  public var binarization = Binarization.none
  /// How weights start.
  public var initialization = Initialization.glorotUniform
  /// Whether the bias of the decoder's output starts from the mean of the training set. On MNIST, 10 epochs end half a
  /// nat lower with it at 20 latent dimensions, one and a half at 2.
  public var outputBiasFromMean = true
  /// Stop after so many epochs without a better validation result; needs a validation set.
  public var patience: Int?
  /// The key of every random number of the run.
  public var seed: UInt64 = 0
  /// The threads to work with; nil for one a processor that this process may use, or as many as `OPENBLAS_NUM_THREADS` or
  /// `OMP_NUM_THREADS` says where that is fewer.
  public var threads: Int?

  /// The defaults, which train a 2-D latent space of digits well, but for what is given.
  public init(epochs: Int = 10, objective: any Objective = .elbo) {
    self.epochs = epochs
    self.objective = objective
  }

  /// What makes steps of a model's gradients, as these options say.
  public func makeChain(for model: VariationalAutoencoder) -> UpdateChain {
    UpdateChain(model.layout, options: optimizer, trained: ModelParts.all.subtracting(frozen))
  }

  /// The number of threads in force.
  public var threadCount: Int { threads ?? ProcessorLimits.current.threadCount }

  /// Throws `TrainingOptionsError` or `ObjectiveError` for the first option that makes no sense with `architecture`.
  public func validate(for architecture: Architecture) throws {
    try validate()
    try objective.validate(for: architecture)
    let layers =
      architecture.encoder.layers + architecture.decoder.layers + (architecture.exposureEncoder?.layers ?? [])
    let smallest = layers.map(\.smallestBatch).max() ?? 1
    try TrainingOptionsError.require(
      batchSize >= smallest, "batch size", "\(smallest) or more for these layers", batchSize)
    guard case .penalty = objective.latentTerm else { return }
    let reason = "for an autoencoder, which draws no latent and has no KL divergence"
    try TrainingOptionsError.require(klWeight == 1, "KL weight", "1 \(reason)", klWeight)
    try TrainingOptionsError.require(!klWarmUp.isOn, "KL warm-up epochs", "0 \(reason)", klWarmUp.epochs)
  }

  /// Throws `TrainingOptionsError` for the first option that makes no sense.
  public func validate() throws {
    let require = TrainingOptionsError.require
    try require((1...Self.maximumEpochs).contains(epochs), "epochs", "1 to \(Self.maximumEpochs)", epochs)
    try require((1...1_000_000).contains(batchSize), "batch size", "1 to 1000000", batchSize)
    try optimizer.validate()
    try require(
      schedule.warmUpEpochs >= 0 && schedule.warmUpEpochs <= Double(epochs), "warm-up epochs",
      "0 to the number of epochs (\(epochs))", schedule.warmUpEpochs)
    for (earlier, later) in zip(schedule.milestones, schedule.milestones.dropFirst()) {
      try require(
        earlier.epoch < later.epoch, "learning rate steps", "epochs in rising order",
        "\(earlier.epoch) before \(later.epoch)")
    }
    for milestone in schedule.milestones {
      try require(
        (1...Self.maximumEpochs).contains(milestone.epoch), "learning rate steps",
        "epochs from 1 to \(Self.maximumEpochs)", milestone.epoch)
      try require(
        milestone.factor.isFinite && milestone.factor > 0, "learning rate steps", "factors above 0", milestone.factor)
    }
    try require(
      schedule.shape == .steps || schedule.milestones.isEmpty, "learning rate steps",
      "no milestones with the schedule \"\(schedule.shape.rawValue)\"", "\(schedule.milestones.count)")
    try require(
      schedule.shape != .steps || !schedule.milestones.isEmpty, "learning rate steps",
      "a milestone or more with the schedule \"steps\"", "none")
    if let planned = schedule.epochs {
      try require((1...Self.maximumEpochs).contains(planned), "schedule", "1 to \(Self.maximumEpochs) epochs", planned)
    }
    if let norm = gradientClipNorm {
      try require(norm.isFinite && norm > 0, "clip norm", "more than 0", norm)
    }
    try require(klWeight.isFinite && klWeight >= 0 && klWeight <= 1e6, "KL weight", "0 to 1000000", klWeight)
    try klWarmUp.validate(epochs: epochs)
    try require(
      capacityEpochs >= 0 && capacityEpochs <= Double(epochs), "capacity epochs",
      "0 to the number of epochs (\(epochs))", capacityEpochs)
    try require(
      capacityEpochs == 0 || objective.constraint.kind == .capacity, "capacity epochs", "0 without a capacity",
      capacityEpochs)
    let amount = corruption.amount
    switch corruption.kind {
    case .none: break
    case .gaussian: try require(amount.isFinite && amount > 0, "corruption amount", "a deviation above 0", amount)
    case .masking:
      try require(amount > 0 && amount < 1, "corruption amount", "a share above 0 and below 1", amount)
    }
    try require(!frozen.isSuperset(of: .all), "frozen parts", "a part that is left to train", "none")
    if let patience { try require(patience >= 1, "patience", "1 or more", patience) }
    if let threads {
      try require(
        (1...ThreadTeam.maximumCount).contains(threads), "threads", "1 to \(ThreadTeam.maximumCount)", threads)
    }
  }
}

extension Objective {
  /// What bends its KL term.
  var constraint: KLConstraint {
    if case .closedForm(let constraint) = latentTerm { constraint } else { .none }
  }
}

/// An option that makes no sense.
public struct TrainingOptionsError: Error, Equatable, CustomStringConvertible {
  /// The quantity, in words, such as "learning rate".
  public var quantity: String
  /// What it may be.
  public var expected: String
  /// What it is.
  public var found: String

  /// Throws where what a quantity may be does not hold.
  static func require(_ holds: Bool, _ quantity: String, _ expected: String, _ found: Any) throws {
    if !holds { throw TrainingOptionsError(quantity, expected: expected, found: found) }
  }

  /// A quantity in words, what it may be, and what it is.
  public init(_ quantity: String, expected: String, found: Any) {
    self.quantity = quantity
    self.expected = expected
    self.found = "\(found)"
  }

  /// One line, for a person.
  public var description: String { "\(quantity): expected \(expected), found \(found)" }
}
