import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// How a model is trained. As in `ModelOptions`, nil where not given.
struct OptimizationOptions: ParsableArguments {
  private static let defaults = TrainingOptions()

  @Option(
    name: .long, help: ArgumentHelp("Examples a step (default: \(defaults.batchSize)).", valueName: "count"),
    transform: Parse.wholeNumber)
  var batchSize: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("\(Parse.names(Optimizer.Method.self)) (default: adam).", valueName: "name"),
    transform: Parse.choice)
  var optimizer: Optimizer.Method?

  @Option(
    name: .long,
    help: ArgumentHelp("The step size (default: \(defaults.optimizer.learningRate)).", valueName: "number"),
    transform: Parse.number)
  var learningRate: Float?

  @Option(
    name: .customLong("beta1"),
    help: ArgumentHelp("Decay of Adam's first moment (default: \(defaults.optimizer.beta1)).", valueName: "number"),
    transform: Parse.number)
  var beta1: Float?

  @Option(
    name: .customLong("beta2"),
    help: ArgumentHelp("Decay of Adam's second moment (default: \(defaults.optimizer.beta2)).", valueName: "number"),
    transform: Parse.number)
  var beta2: Float?

  @Option(
    name: .long, help: ArgumentHelp("Adam's ε (default: \(defaults.optimizer.epsilon)).", valueName: "number"),
    transform: Parse.number)
  var epsilon: Float?

  @Option(
    name: .long,
    help: ArgumentHelp("AdamW's λ (default: \(defaults.optimizer.weightDecay)).", valueName: "number"),
    transform: Parse.number)
  var weightDecay: Float?

  @Option(
    name: .long,
    help: ArgumentHelp("That of sgd (default: \(defaults.optimizer.momentum)).", valueName: "number"),
    transform: Parse.number)
  var momentum: Float?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Learning rate over time: \(Parse.names(LearningRateSchedule.Shape.self)) (default: constant).",
      valueName: "name"),
    transform: Parse.choice)
  var schedule: LearningRateSchedule.Shape?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "For the schedule \"steps\": 10:0.1,20:0.01 is a tenth of the rate after epoch 10, a hundredth after 20.",
      valueName: "list"),
    transform: Parse.milestones)
  var learningRateSteps: [LearningRateSchedule.Milestone]?

  @Option(
    name: .long,
    help: ArgumentHelp("Epochs over which the learning rate rises from zero (default: 0).", valueName: "number"),
    transform: Parse.preciseNumber)
  var warmUpEpochs: Double?

  @Option(
    name: .long,
    help: ArgumentHelp("Scale gradients with a larger norm down to this (default: off).", valueName: "number"),
    transform: Parse.number)
  var clipNorm: Float?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Make pixels 0 or 1: \(Parse.names(Binarization.self)); static draws once, dynamic afresh every epoch "
        + "(default: none).", valueName: "name"),
    transform: Parse.choice)
  var binarize: Binarization?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Initial weights: \(Parse.names(Initialization.self)) (default: \(defaults.initialization.rawValue)).",
      valueName: "name"),
    transform: Parse.choice)
  var initialization: Initialization?

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Start the bias of the decoder's output from the mean of the training set (default: do).")
  var outputBiasFromMean: Bool?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Stop after so many epochs without a better validation result (default: off).", valueName: "epochs"),
    transform: Parse.wholeNumber)
  var patience: Int?

  @Option(
    name: .long, help: ArgumentHelp("Key of every random number (default: 0).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64?

  @Option(
    name: .long, help: ArgumentHelp("Threads (default: one a processor).", valueName: "count"),
    transform: Parse.wholeNumber)
  var threads: Int?

  /// The options that were given, by name.
  var given: [String] {
    [
      ("batch-size", batchSize != nil), ("learning-rate", learningRate != nil), ("beta1", beta1 != nil),
      ("beta2", beta2 != nil), ("epsilon", epsilon != nil), ("schedule", schedule != nil),
      ("learning-rate-steps", learningRateSteps != nil), ("warm-up-epochs", warmUpEpochs != nil),
      ("clip-norm", clipNorm != nil), ("optimizer", optimizer != nil), ("weight-decay", weightDecay != nil),
      ("momentum", momentum != nil), ("binarize", binarize != nil),
      ("initialization", initialization != nil), ("output-bias-from-mean", outputBiasFromMean != nil),
      ("patience", patience != nil), ("seed", seed != nil), ("threads", threads != nil),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  func validate() throws {
    let method = optimizer ?? .adam
    for (name, isGiven, methods) in [
      ("beta1", beta1 != nil, [.adam, .adamW]), ("beta2", beta2 != nil, [.adam, .adamW]),
      ("epsilon", epsilon != nil, [.adam, .adamW]), ("weight-decay", weightDecay != nil, [.adamW]),
      ("momentum", momentum != nil, [.sgd]),
    ] as [(String, Bool, [Optimizer.Method])] where isGiven && !methods.contains(method) {
      let expected = methods.map(\.rawValue).joined(separator: " or ")
      throw ValidationError("--\(name): expected with --optimizer \(expected) alone, found with \(method.rawValue)")
    }
  }

  /// Sets what was given.
  func apply(to options: inout TrainingOptions) {
    func set<Value>(_ path: WritableKeyPath<TrainingOptions, Value>, _ value: Value?) {
      if let value { options[keyPath: path] = value }
    }
    set(\.batchSize, batchSize)
    set(\.optimizer.method, optimizer)
    set(\.optimizer.weightDecay, weightDecay)
    set(\.optimizer.momentum, momentum)
    set(\.optimizer.learningRate, learningRate)
    set(\.optimizer.beta1, beta1)
    set(\.optimizer.beta2, beta2)
    set(\.optimizer.epsilon, epsilon)
    // Milestones without a schedule can mean one thing only.
    set(\.schedule.shape, schedule ?? learningRateSteps.map { _ in .steps })
    set(\.schedule.milestones, learningRateSteps)
    set(\.schedule.warmUpEpochs, warmUpEpochs)
    set(\.gradientClipNorm, clipNorm)
    set(\.binarization, binarize)
    set(\.initialization, initialization)
    set(\.outputBiasFromMean, outputBiasFromMean)
    set(\.patience, patience)
    set(\.seed, seed)
    set(\.threads, threads)
  }
}
