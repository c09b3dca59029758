import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// How a model is trained. As in `ModelOptions`, nil where not given.
struct OptimizationOptions: ParsableArguments {
  private static let defaults = TrainingOptions()
  private static let adamW = AdamW()

  @Option(
    name: .long, help: ArgumentHelp("Examples a step (default: \(defaults.batchSize)).", valueName: "count"),
    transform: Parse.wholeNumber)
  var batchSize: Int?

  @Option(
    name: .long, help: ArgumentHelp("\(ruleNames(Optimizers.standard)) (default: adam).", valueName: "name"),
    completion: .list(Optimizers.standard.map { $0.name }), transform: ruleName)
  var optimizer: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The step size (default: \(defaults.optimizer.learningRate), of a table without counts, under Adam, 0.002).",
      valueName: "number"),
    transform: Parse.number)
  var learningRate: Float?

  @Option(
    name: .customLong("beta1"),
    help: ArgumentHelp("β₁, the decay of Adam's first moment (default: \(adamW.beta1)).", valueName: "number"),
    transform: Parse.number)
  var beta1: Float?

  @Option(
    name: .customLong("beta2"),
    help: ArgumentHelp(
      "β₂, the decay of Adam's second moment and AdaMax's norm (default: \(adamW.beta2)).", valueName: "number"),
    transform: Parse.number)
  var beta2: Float?

  @Option(
    name: .long, help: ArgumentHelp("ε of all but sgd (default: \(adamW.epsilon)).", valueName: "number"),
    transform: Parse.number)
  var epsilon: Float?

  @Option(
    name: .long,
    help: ArgumentHelp("AdamW's λ (default: \(adamW.weightDecay)).", valueName: "number"),
    transform: Parse.number)
  var weightDecay: Float?

  @Option(
    name: .long, help: ArgumentHelp("That of sgd (default: \(SGD().momentum)).", valueName: "number"),
    transform: Parse.number)
  var momentum: Float?

  @Option(
    name: .long,
    help: ArgumentHelp("ρ, the decay of rmsprop's moment (default: \(RMSProp().smoothing)).", valueName: "number"),
    transform: Parse.number)
  var smoothing: Float?

  @Option(
    name: .long,
    help: ArgumentHelp("λ of ½ λ Σ θ², added to what is minimised (default: 0).", valueName: "number"),
    transform: Parse.number)
  var l2Penalty: Float?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What --weight-decay and --l2-penalty act on: \(Parse.names(DecayedParameters.self)) (default: all).",
      valueName: "name"),
    completion: .choices(DecayedParameters.self), transform: Parse.choice)
  var decayed: DecayedParameters?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Learning rate over time: \(Parse.names(LearningRateSchedule.Shape.self)) (default: constant).",
      valueName: "name"),
    completion: .choices(LearningRateSchedule.Shape.self), transform: Parse.choice)
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
    completion: .choices(Binarization.self), transform: Parse.choice)
  var binarize: Binarization?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Initial weights: \(Parse.names(Initialization.self)) (default: \(defaults.initialization.rawValue)).",
      valueName: "name"),
    completion: .choices(Initialization.self), transform: Parse.choice)
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
    name: .long, help: ThreadOptions.help,
    transform: Parse.wholeNumber)
  var threads: Int?

  /// The rule's constants that were given, by the names that the rules have for them.
  private var constants: [(name: String, value: Float)] {
    [
      ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon), ("weight decay", weightDecay), ("momentum", momentum),
      ("smoothing", smoothing),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  private static func option(_ constant: String) -> String { constant.replacing(" ", with: "-") }

  private static func ruleNames(_ rules: [any Optimizer.Type], separator: String = ", ") -> String {
    rules.map { $0.name }.joined(separator: separator)
  }

  private static func ruleName(_ text: String) throws -> String {
    guard Optimizers.standard.contains(where: { $0.name == text }) else {
      throw ValidationError("expected one of \(ruleNames(Optimizers.standard))")
    }
    return text
  }

  /// The rule that was asked for, or the default.
  private var rule: any Optimizer.Type {
    Optimizers.standard.first { $0.name == optimizer } ?? type(of: Self.defaults.optimizer.rule)
  }

  func validate() throws {
    let rule = rule
    for (name, _) in constants where !rule.constantNames.contains(name) {
      let expected = Self.ruleNames(Optimizers.standard.filter { $0.constantNames.contains(name) }, separator: " or ")
      throw ValidationError(
        "--\(Self.option(name)): expected with --optimizer \(expected) alone, found with \(rule.name)")
    }
    let hasOwnDecay = rule.constantNames.contains("weight decay") && weightDecay != 0
    if decayed != nil && l2Penalty ?? 0 == 0 && !hasOwnDecay {
      throw ValidationError("--decayed: expected with a decay, found with \(rule.name) and no --l2-penalty")
    }
  }

  /// Sets what was given.
  func apply(to options: inout TrainingOptions) {
    func set<Value>(_ path: WritableKeyPath<TrainingOptions, Value>, _ value: Value?) {
      if let value { options[keyPath: path] = value }
    }
    set(\.batchSize, batchSize)
    if optimizer != nil { options.optimizer.rule = rule.init() }
    set(\.optimizer.learningRate, learningRate)
    for (name, value) in constants { options.optimizer.rule.set(name, to: value) }
    set(\.optimizer.l2Penalty, l2Penalty)
    set(\.optimizer.decayed, decayed)
    // Milestones without a schedule can mean one thing only.
    set(\.schedule.shape, schedule ?? learningRateSteps.map { _ in .steps })
    // Those of a preset go with its schedule.
    if let schedule, schedule != .steps { options.schedule.milestones = [] }
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
