import VAEData
import VAEKernels

/// A named workload: a model, a minibatch, an optimiser and whatever else is part of a published or well-known setting.
/// `Preset.all` is the table; nothing else in the package repeats what it says.
public struct Preset: Sendable {
  /// What options call it.
  public let name: String
  /// Where the setting is from.
  public let source: String
  /// The encoder's layers in words.
  let encoder: String
  /// L.
  let latentCount: Int
  /// The decoder's layers in words.
  let decoder: String
  var posterior = "gaussian"
  var likelihood = "bernoulli"
  var objective = "elbo"
  /// The examples of a step.
  public let batchSize: Int
  /// Where the setting has a length.
  var epochs: Int?
  var learningRate: Float = 1e-3
  var epsilon: Float = 1e-8
  var schedule = LearningRateSchedule()
  var binarization = Binarization.none
  var outputBiasFromMean = true
  var l2Penalty: Float = 0
  var klWarmUp = KLWarmUp()
  var initialization = Initialization.glorotUniform
  /// Whether the encoder is told what the decoder is.
  var encoderIsTold = true
  /// Whether every dense layer is.
  var toldAtEveryLayer = false
  /// So many epochs of so many rows, as far as there are no more than `epochs`.
  var rowsInAll: Int?

  /// The preset of a name.
  public static func named(_ name: String) -> Preset? { all.first { $0.name == name } }

  /// The model for data of so many features. Throws `DescriptionError` for words that `vocabulary` does not have.
  public func architecture(inputCount: Int, vocabulary: Vocabulary = .standard) throws -> Architecture {
    var architecture = Architecture(
      inputCount: inputCount, encoder: LayerList(try vocabulary.layers(encoder)), latentCount: latentCount,
      posterior: try vocabulary.posterior(posterior), decoder: LayerList(try vocabulary.layers(decoder)),
      likelihood: try vocabulary.likelihood(likelihood))
    (architecture.encoderIsTold, architecture.toldAtEveryLayer) = (encoderIsTold, toldAtEveryLayer)
    return architecture
  }

  /// The length of the setting for so many rows, where it depends on those: all data together have `rowsInAll` rows, and a
  /// tenth of them is held out.
  public func epochs(rows: Int) -> Int? {
    guard let rowsInAll, let epochs else { return nil }
    let all = Double(rows) / 0.9
    return max(1, min(epochs, Int((Double(rowsInAll) / all).rounded())))
  }

  /// How it is trained, where nothing else is said. Throws `DescriptionError` for words that `vocabulary` does not have.
  public func training(vocabulary: Vocabulary = .standard) throws -> TrainingOptions {
    var options = TrainingOptions()
    options.batchSize = batchSize
    options.objective = try vocabulary.objective(objective)
    options.optimizer.rule = Adam(learningRate: learningRate, epsilon: epsilon)
    options.schedule = schedule
    options.binarization = binarization
    options.outputBiasFromMean = outputBiasFromMean
    options.optimizer.l2Penalty = l2Penalty
    options.klWarmUp = klWarmUp
    options.initialization = initialization
    if let epochs { options.epochs = epochs }
    return options
  }
}
