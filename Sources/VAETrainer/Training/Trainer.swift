import VAEData
import VAEKernels

/// Trains a model in memory. `TrainingRun` adds files to it.
///
///     while !trainer.isFinished {
///       while !trainer.isEpochComplete { try trainer.step() }
///       print(try trainer.finishEpoch().test.negativeELBO)
///     }
///
/// or `try trainer.runEpoch()` for the inner two. The loop is the caller's, so that a caller may stop between any two
/// steps, or do something of its own there.
public final class Trainer {
  /// The model that is being trained.
  public let model: VariationalAutoencoder
  /// What turns gradients into steps, with what it remembers.
  public let optimizer: UpdateChain
  /// The options in force.
  public let options: TrainingOptions
  /// The training set.
  public let train: Dataset
  /// The test set, evaluated after every epoch.
  public let test: Dataset
  /// What decides on the best epoch and on stopping early.
  public let validation: Dataset?
  /// How far training has come.
  public private(set) var state: TrainingState
  /// The threads that it works with.
  public let team: ThreadTeam
  /// The number of steps in an epoch.
  public let stepsPerEpoch: Int

  /// Times the phases of the steps; nothing is timed where it is nil.
  package var clock: StepClock? {
    get { trainingStep.clock }
    set { trainingStep.clock = newValue }
  }

  /// What is odd about the options, if anything is.
  public var optionWarning: HealthWarning? {
    HealthWarning.warning(klWeight: options.klWeight, model.architecture)
  }

  private static let gradientNormInterval = 16
  /// The most examples whose mean a decoder starts from. More would change nothing that matters, and take as long as part of
  /// an epoch.
  private static let rowsToStartFrom = 1 << 20
  private let trainingStep: TrainingStep
  private let evaluator: Evaluator
  private let readAhead: ReadAhead
  private var order: EpochOrder

  /// A trainer of a new model.
  ///
  /// Throws `TrainingOptionsError`, `ArchitectureError` or `ThreadTeamError`, and `DataError` for numbers that the
  /// likelihood cannot have.
  public convenience init(
    _ architecture: Architecture, train: Dataset, test: Dataset, validation: Dataset? = nil,
    options: TrainingOptions = TrainingOptions()
  ) throws {
    let model = try Self.makeModel(architecture, train: train, options: options)
    try self.init(
      model, optimizer: options.makeChain(for: model), state: TrainingState(), train: train,
      test: test, validation: validation, options: options)
  }

  /// A new model, as a new trainer starts from.
  public static func makeModel(
    _ architecture: Architecture, train: Dataset, options: TrainingOptions
  ) throws -> VariationalAutoencoder {
    try options.validate(for: architecture)
    let model = try VariationalAutoencoder(
      architecture, initialization: options.initialization, seed: options.seed)
    if options.outputBiasFromMean {
      let mean = train.mean(atMost: rowsToStartFrom)
      let needsVariance = architecture.likelihood.startsFromVariance
      model.setOutputBias(
        mean: mean, variance: needsVariance ? train.variance(atMost: rowsToStartFrom) : mean.map { _ in 0 })
    }
    if architecture.exposureEncoder != nil {
      let (means, variances) = train.logTotalMoments()
      model.setExposurePrior(means: means, variances: variances, starts: options.outputBiasFromMean)
    }
    return model
  }

  /// A trainer that goes on from a model, an optimiser and a state that belong together.
  public init(
    _ model: VariationalAutoencoder, optimizer: UpdateChain, state: TrainingState, train: Dataset, test: Dataset,
    validation: Dataset? = nil, options: TrainingOptions
  ) throws {
    try options.validate(for: model.architecture)
    for (name, set) in [("training", train), ("test", test)] + (validation.map { [("validation", $0)] } ?? []) {
      precondition(
        set.count > 0 && set.featureCount == model.architecture.inputCount,
        "a \(name) set of \(set.count) × \(set.featureCount) for \(model.architecture.inputCount) inputs")
    }
    for set in [train, test] + (validation.map { [$0] } ?? []) {
      try set.check(for: model.architecture, options.binarization)
      if let failure = set.failure { throw failure }
      set.keepFeatures()
    }
    if options.patience != nil && validation == nil {
      throw TrainingOptionsError("patience", expected: "a validation set", found: "none")
    }
    self.model = model
    self.optimizer = optimizer
    self.state = state
    self.options = options
    self.train = train
    self.test = test
    self.validation = validation
    team = try ThreadTeam(count: options.threadCount)
    stepsPerEpoch = (train.count + options.batchSize - 1) / options.batchSize
    try options.klWarmUp.validate(epochs: options.epochs, stepsPerEpoch: stepsPerEpoch)
    trainingStep = TrainingStep(model, optimizer: optimizer, dataset: train, options: options, team: team)
    evaluator = Evaluator(model, binarization: options.binarization, seed: options.seed, team: team)
    readAhead = ReadAhead(train)
    order = EpochOrder(count: train.count, seed: options.seed)
    order.shuffle(forEpoch: UInt32(state.epoch))
  }

  /// Whether every step of the epoch under way is made; `finishEpoch` is next.
  public var isEpochComplete: Bool { state.stepInEpoch == stepsPerEpoch }

  /// Whether all epochs are over, or training stopped early.
  public var isFinished: Bool { state.epoch > options.epochs || hasStoppedEarly }

  /// Whether validation has not become better for so many epochs as `options.patience` says.
  public var hasStoppedEarly: Bool {
    guard let patience = options.patience, let best = state.best else { return false }
    return state.epoch - 1 - best.epoch >= patience
  }

  /// The learning rate of the next step.
  public var nextLearningRate: Float {
    options.optimizer.learningRate
      * options.schedule.factor(completed: state.step, stepsPerEpoch: stepsPerEpoch, epochs: options.epochs)
  }

  /// One update, and the losses of its minibatch before it, in nats per example.
  ///
  /// Throws `NonFiniteError` where the loss is not finite, and `FileError` where examples could not be read from a file that
  /// changed; the weights are then as they were before the step.
  @discardableResult
  public func step() throws -> Evaluation {
    precondition(!isEpochComplete, "the epoch is complete: call finishEpoch()")
    let start = state.stepInEpoch * options.batchSize
    let rate = nextLearningRate
    let klWeight =
      options.klWeight * options.klWarmUp.factor(completed: state.step, stepsPerEpoch: stepsPerEpoch)
    let clock = WorkClock()
    let minibatch = start..<min(start + options.batchSize, train.count)
    let count = minibatch.count
    // Of every step it would take a hundredth of the time.
    let isMeasured = state.stepInEpoch % Self.gradientNormInterval == 0
    let sums = order.examples.withUnsafeBufferPointer { examples in
      readAhead.advance(to: minibatch, of: examples.count) { Int(examples[$0]) }
      return trainingStep.run(
        UnsafeBufferPointer(rebasing: examples[minibatch]), epoch: state.epoch,
        Loss(
          options.objective, batchSize: count, klWeight: klWeight,
          capacity: capacityRamp.value(completed: state.step)),
        measuringGradient: isMeasured, UpdateStep(state.step + 1, learningRate: rate))
    }
    if let failure = train.failure { throw failure }
    guard sums.isFinite else {
      throw NonFiniteError(
        place: NonFinitePlace.first(in: model, trainingStep.workspace, batchSize: count),
        during: .training(epoch: state.epoch, step: state.stepInEpoch + 1))
    }
    state.seconds += clock.seconds
    state.step += 1
    state.stepInEpoch += 1
    state.reconstructionSum += sums.reconstruction
    state.klSum += sums.kl
    state.objectiveSum += sums.objective
    if let norm = sums.gradientNorm {
      state.gradientNormSum += norm
      state.gradientNormCount += 1
    }
    state.examples += count
    state.learningRate = rate
    state.klWeight = klWeight
    return Evaluation(reconstruction: sums.reconstruction / Double(count), kl: sums.kl / Double(count))
  }

  /// The averages over the epoch under way so far, in nats per example.
  public var runningAverage: Evaluation {
    let count = Double(max(state.examples, 1))
    return Evaluation(reconstruction: state.reconstructionSum / count, kl: state.klSum / count)
  }

  /// Evaluates the held-out sets and goes on to the next epoch.
  ///
  /// Throws `NonFiniteError` where a held-out loss is not finite.
  public func finishEpoch() throws -> EpochMetrics {
    precondition(isEpochComplete, "\(state.stepInEpoch) of \(stepsPerEpoch) steps are made")
    let average = runningAverage
    let (evaluation, health) = try evaluator.examine(test, named: "test")
    // While β or the capacity rises the negative ELBO does not say which epoch is better, and a collapse may pass.
    let rise = max(options.klWarmUp.length(stepsPerEpoch: stepsPerEpoch), capacityRamp.length)
    let isWarm = Double((state.epoch - 1) * stepsPerEpoch) >= rise
    let warnings = HealthWarning.warnings(of: health, isWarm: isWarm).map(\.description)
    let metrics = EpochMetrics(
      epoch: state.epoch, train: average, test: evaluation,
      validation: try validation.map { try evaluator.evaluate($0, named: "validation") },
      objective: state.objectiveSum / Double(state.examples), klWeight: state.klWeight,
      learningRate: state.learningRate,
      seconds: state.seconds, examplesPerSecond: Double(state.examples) / state.seconds,
      klPerDimension: health.latentUse.klPerDimension.isEmpty ? nil : health.latentUse.klPerDimension,
      activeUnits: health.latentUse.activeUnits,
      gradientNorm: Float(state.gradientNormSum / Double(state.gradientNormCount)),
      warnings: warnings.isEmpty ? nil : warnings)
    if isWarm, let validation = metrics.validation, validation.negativeELBO < state.best?.loss ?? .infinity {
      state.best = .init(epoch: state.epoch, loss: validation.negativeELBO)
    }
    beginEpoch(state.epoch + 1)
    return metrics
  }

  /// All steps that are left of the epoch under way, and its figures.
  public func runEpoch() throws -> EpochMetrics {
    while !isEpochComplete { try step() }
    return try finishEpoch()
  }

  /// How far the capacity of the objective's KL term has risen.
  private var capacityRamp: Ramp { Ramp(length: (options.capacityEpochs * Double(stepsPerEpoch)).rounded()) }

  private func beginEpoch(_ epoch: Int) {
    state.epoch = epoch
    state.stepInEpoch = 0
    state.reconstructionSum = 0
    state.klSum = 0
    state.objectiveSum = 0
    state.gradientNormSum = 0
    state.gradientNormCount = 0
    state.examples = 0
    state.seconds = 0
    readAhead.restart()
    if !isFinished { order.shuffle(forEpoch: UInt32(epoch)) }
  }
}
