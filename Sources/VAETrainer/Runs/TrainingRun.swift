import VAEData
import VAEKernels

/// A `Trainer` with a run directory: metrics and checkpoints, and the way back from a checkpoint.
public final class TrainingRun {
  /// Its folder.
  public let directory: RunDirectory
  /// Its options.
  public let configuration: RunConfiguration
  /// Its data, before a validation set was taken from the training set.
  public let data: DataSplit
  /// What trains.
  public let trainer: Trainer
  /// What its learning rate does where it was resumed with another number of epochs, if anything.
  public private(set) var scheduleChange: ScheduleChange?
  /// The figures of every finished epoch.
  public private(set) var metrics: [EpochMetrics]

  /// Held from the start until training ends.
  private var lock: RunLock?
  /// When the checkpoint of an epoch was last written.
  private var lastSave: ContinuousClock.Instant?
  /// Room for the weights of an epoch that was the best between two checkpoints, and whether those there are still to be written.
  private var best: ParameterArena?
  private var bestIsKept = false
  /// What the files of its models say beside their weights, which is the same in all of them.
  private let description: ModelFile.Description
  /// Of its data, which take a while to look through and do not change.
  private lazy var dataFingerprint = data.fingerprint
  private lazy var labelFingerprint = data.labelFingerprint

  /// The least time between the checkpoints of two epochs: where an epoch takes a hundredth of a second, its files would
  /// take as long.
  var leastTimeBetweenSaves = Duration.seconds(1)

  /// How training ended.
  public enum Outcome: Sendable {
    /// All epochs are done.
    case completed
    /// Validation has not become better for `patience` epochs.
    case stoppedEarly
    /// The caller asked for it; a checkpoint of the last step is written.
    case interrupted
  }

  private init(
    _ directory: RunDirectory, _ configuration: RunConfiguration, _ data: DataSplit, _ trainer: Trainer,
    _ metrics: [EpochMetrics], _ lock: RunLock
  ) throws {
    description = try ModelFile.Description(of: trainer.model.architecture, trainer.train.description)
    self.directory = directory
    self.configuration = configuration
    self.data = data
    self.trainer = trainer
    self.metrics = metrics
    self.lock = lock
  }

  // MARK: Start and resume

  /// A new run in the folder `path`, which is made where it is not there and must hold no run.
  ///
  /// Nothing is written before all that can be checked has been, and nothing is left where the first files cannot be
  /// written. `configuration.architecture` must have as many inputs as `data` has features. With `numberedIfTaken` the run
  /// gets a folder of its own: where there is something at `path`, it is "\(path)-2", and so on.
  /// Where `pretrained` is given, the parts of it that `configuration.initializedFrom` names are what the model starts
  /// from.
  public static func start(
    _ configuration: RunConfiguration, data: DataSplit, in path: String, numberedIfTaken: Bool = false,
    pretrained: VariationalAutoencoder? = nil
  ) throws -> TrainingRun {
    guard numberedIfTaken || !RunDirectory(path).holdsRun else { throw RunError.exists(path: path) }
    let (train, validation) = try configuration.data.holdOut(from: data, seed: configuration.training.seed)
    let options = configuration.training
    let model = try Trainer.makeModel(configuration.architecture, train: train, options: options)
    if let pretrained, let source = configuration.initializedFrom {
      try model.copyWeights(of: source.parts, from: pretrained)
    }
    let trainer = try Trainer(
      model, optimizer: options.makeChain(for: model), state: TrainingState(), train: train,
      test: data.test, validation: validation, options: options)
    // OpenBLAS's products round differently on another number of threads: a machine with more of them goes on with as
    // many as this one.
    var configuration = configuration
    configuration.training.threads = trainer.team.count
    configuration.imageShape = train.imageShape
    return try UnfinishedFiles.whole { try write(to: path, numberedIfTaken, configuration, data, trainer) }
  }

  /// The files that a run starts with. Where one cannot be written, what was is taken away again.
  private static func write(
    to path: String, _ numberedIfTaken: Bool, _ configuration: RunConfiguration, _ data: DataSplit, _ trainer: Trainer
  ) throws -> TrainingRun {
    let folders = try numberedIfTaken ? NewFolders(numberedAt: path) : NewFolders(at: path)
    let directory = RunDirectory(folders.path)
    let files = [directory.lock, directory.configuration, directory.metrics, directory.model, directory.checkpoint]
    let newFiles = files.filter { !Path.exists($0) }
    var begun = false
    do {
      let lock = try RunLock(directory)
      // Another process may have started a run here since the first look.
      guard !directory.holdsRun else { throw RunError.exists(path: directory.path) }
      begun = true
      let run = try TrainingRun(directory, configuration, data, trainer, [], lock)
      try directory.write(configuration)
      try directory.write(run.metrics)
      try run.saveCheckpoint()
      return run
    } catch {
      folders.remove(files: begun ? newFiles : [])
      throw error
    }
  }

  /// The run in the folder `path`, as of its last checkpoint.
  ///
  /// Where nothing is left to train, since all epochs are done or its validation set has stopped it, that is no error:
  /// nothing is written, `trainer.isFinished` is true, and `train` at once returns how it ended. To ask for more epochs
  /// than it was started with of a run that stopped early is one, `RunError.stoppedEarly`.
  ///
  /// - Parameters:
  ///   - epochs: the epochs to train for in all, at least those that have begun, or nil for as many as it was started
  ///     with.
  ///   - schedule: what becomes of a cosine where `epochs` are others than before; nil for what was chosen when it was
  ///     last resumed so, or else to stretch it. Throws `RunError.scheduleWithoutLength` where the run has another.
  ///   - dataPath: where the same data are now, or nil for where they were.
  ///   - vocabulary: the types that its files may name.
  ///   - optimizers: those that its options may name.
  ///   - formats: those that its data may be in.
  public static func resume(
    _ path: String, epochs: Int? = nil, schedule: ResumedSchedule? = nil, dataPath: String? = nil,
    vocabulary: Vocabulary = .standard,
    optimizers: [any Optimizer.Type] = Optimizers.standard, formats: [any DataFormat] = DataFormats.standard
  ) throws -> TrainingRun {
    let directory = RunDirectory(path)
    guard Path.exists(directory.checkpoint) else { throw RunError.noCheckpoint(path: path) }
    let lock = try RunLock(directory)
    var configuration = try directory.readConfiguration(vocabulary: vocabulary, optimizers: optimizers)
    if let dataPath { configuration.data.path = dataPath }
    try configuration.validate(path: directory.configuration)
    let training = configuration.training
    let checkpoint = try Checkpoint.read(
      directory.checkpoint, architecture: configuration.architecture, optimizer: training.optimizer,
      frozen: training.frozen, vocabulary: vocabulary)
    try checkpoint.state.validate(path: directory.checkpoint)
    let done = checkpoint.state.epoch - 1
    if let epochs {
      let begun = checkpoint.state.epochsBegun
      guard epochs >= begun else { throw RunError.tooFewEpochs(asked: epochs, begun: begun) }
      configuration.training.epochs = epochs
    }
    if let schedule {
      guard training.schedule.shape == .cosine else {
        throw RunError.scheduleWithoutLength(path: path, shape: training.schedule.shape)
      }
      configuration.training.schedule.epochs =
        schedule == .stretch ? nil : training.schedule.epochs ?? training.epochs
    }
    let data = try configuration.data.load(seed: training.seed, known: checkpoint.data, formats: formats)
    guard data.fingerprint == checkpoint.dataFingerprint else {
      throw RunError.otherData(
        path: data.source, expected: checkpoint.dataFingerprint, found: data.fingerprint)
    }
    // The checkpoint of a model that is told no labels has none to compare; nor has one of before they were written.
    if let expected = checkpoint.labelFingerprint, data.labelFingerprint != expected {
      throw RunError.otherLabels(path: data.source, expected: expected, found: data.labelFingerprint)
    }
    guard data.train.featureCount == configuration.architecture.inputCount else {
      throw RunError.damaged(
        path: directory.checkpoint,
        expected: "a model of \(data.train.featureCount.counted("input")), as the data have features",
        found: "one of \(configuration.architecture.inputCount)")
    }
    let (train, validation) = try configuration.data.holdOut(from: data, seed: configuration.training.seed)
    try checkpoint.state.validate(
      path: directory.checkpoint, exampleCount: train.count, batchSize: configuration.training.batchSize)
    let trainer = try Trainer(
      checkpoint.model, optimizer: checkpoint.optimizer, state: checkpoint.state, train: train, test: data.test,
      validation: validation, options: configuration.training)
    if trainer.hasStoppedEarly && configuration.training.epochs > training.epochs {
      throw RunError.stoppedEarly(path: path, epochs: done)
    }
    // What was written after the checkpoint is done again.
    let metrics = try directory.readMetrics().filter { $0.epoch <= done }
    try AtomicFile.sweepLeftovers(in: path)
    if !trainer.isFinished {
      configuration.environment = .init(threads: trainer.team.count)
      configuration.imageShape = train.imageShape
      try directory.write(configuration)
      try directory.write(metrics)
    }
    let run = try TrainingRun(directory, configuration, data, trainer, metrics, lock)
    run.scheduleChange = ScheduleChange(from: training, to: configuration.training, at: trainer)
    return run
  }

  // MARK: Train

  /// Trains until all epochs are done, validation says to stop, or `shouldStop` says so between two steps.
  ///
  /// `onStep` is called after every step, `onEpoch` after every epoch, when its metrics are written. The model and the
  /// checkpoint are written after the first epoch, the last, and others where a second has passed since; a best model with
  /// them. Throws
  /// `NonFiniteError` where a loss is not finite and `FileError` where a file cannot be written; the last good
  /// checkpoint is then still there.
  ///
  /// The folder is locked from `start` or `resume` until this returns; called once more, it locks it again, and throws
  /// `RunError.inUse` where another process was faster.
  public func train(
    shouldStop: () -> Bool = { false }, onStep: (Trainer) -> Void = { _ in },
    onEpoch: (EpochMetrics) throws -> Void = { _ in }
  ) throws -> Outcome {
    if lock == nil { lock = try RunLock(directory) }
    defer { lock = nil }
    while !trainer.isFinished {
      while !trainer.isEpochComplete {
        if shouldStop() {
          try saveCheckpoint()
          return .interrupted
        }
        try trainer.step()
        onStep(trainer)
        if let interval = configuration.checkpointSteps, trainer.state.step % interval == 0 { try saveCheckpoint() }
      }
      let epoch = try trainer.finishEpoch()
      metrics.append(epoch)
      try saveEpoch(epoch)
      try onEpoch(epoch)
    }
    return trainer.hasStoppedEarly ? .stoppedEarly : .completed
  }

  /// The checkpoint comes last: where the process dies before it, the epoch is done again, with the same result.
  private func saveEpoch(_ epoch: EpochMetrics) throws {
    try directory.write(metrics)
    let isBest = trainer.state.best?.epoch == epoch.epoch
    let now = ContinuousClock.now
    guard trainer.isFinished || lastSave.map({ now - $0 >= leastTimeBetweenSaves }) ?? true else {
      // A best model is never one of an epoch that the checkpoint does not know.
      if isBest { keepBest() }
      return
    }
    if isBest {
      try ModelFile.write(trainer.model, description, to: directory.bestModel)
      bestIsKept = false
    }
    try saveCheckpoint()
    lastSave = now
  }

  /// Copies the weights, which are written with the next checkpoint.
  private func keepBest() {
    let weights = trainer.model.weights
    let kept = best ?? ParameterArena(weights.layout)
    kept.buffer.base.update(from: weights.buffer.base, count: weights.layout.count)
    (best, bestIsKept) = (kept, true)
  }

  /// Here too the checkpoint comes last: were it first, a process that died between the two would leave a run that is
  /// finished, with the model of an epoch earlier, and nothing left to do that would write the right one.
  private func saveCheckpoint() throws {
    let checkpoint = Checkpoint(
      model: trainer.model, data: trainer.train.description, optimizer: trainer.optimizer, state: trainer.state,
      dataFingerprint: dataFingerprint,
      labelFingerprint: trainer.model.architecture.labelCount > 0 ? labelFingerprint : nil)
    try checkpoint.requireFinite()
    if bestIsKept, let best {
      try ModelFile.write(best, description, to: directory.bestModel)
      bestIsKept = false
    }
    try ModelFile.write(trainer.model, description, to: directory.model)
    try checkpoint.write(to: directory.checkpoint, description)
  }
}
