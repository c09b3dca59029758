/// The figures of one epoch: one line of `metrics.jsonl`. Losses are nats per example.
///
/// Training figures are averages over the epoch's minibatches, each before its own update; held-out figures are of the
/// weights at the end of the epoch, with one draw of ε an example.
public struct EpochMetrics: Sendable, Hashable, Codable {
  /// The epoch, from 1.
  public var epoch: Int
  /// Reconstruction and KL on the training set.
  public var train: Evaluation
  /// The same on the test set.
  public var test: Evaluation
  /// The same on the validation set, where there is one.
  public var validation: Evaluation?
  /// What was minimised, on the training set: see `Objective`.
  public var objective: Double
  /// β, the weight of the KL term, in the epoch's last step.
  public var klWeight: Float
  /// Of the epoch's last step.
  public var learningRate: Float
  /// Of training alone.
  public var seconds: Double
  /// Training examples.
  public var examplesPerSecond: Double
  /// KL(q(z|x) ‖ p(z)) of each latent dimension on the test set, nats; nil for an autoencoder.
  public var klPerDimension: [Double]?
  /// Latent dimensions in use on the test set: see `LatentUse`.
  public var activeUnits: Int?
  /// The norm of the gradient over all trained parameters, before clipping: the average over every sixteenth step of the
  /// epoch.
  public var gradientNorm: Float?
  /// What is wrong with the model, a sentence each; nil where nothing is.
  public var warnings: [String]?

  // Written in snake case by `JSON`: `trainNegativeElbo` is `train_negative_elbo` in the file.
  private enum CodingKeys: String, CodingKey {
    case epoch
    case trainNegativeElbo, trainReconstruction, trainKl
    case testNegativeElbo, testReconstruction, testKl
    case validationNegativeElbo, validationReconstruction, validationKl
    case objective, klWeight, learningRate, seconds, examplesPerSecond
    case klPerDimension, activeUnits, gradientNorm, warnings
  }

  init(
    epoch: Int, train: Evaluation, test: Evaluation, validation: Evaluation?, objective: Double, klWeight: Float,
    learningRate: Float, seconds: Double, examplesPerSecond: Double, klPerDimension: [Double]? = nil,
    activeUnits: Int? = nil, gradientNorm: Float? = nil, warnings: [String]? = nil
  ) {
    self.epoch = epoch
    self.train = train
    self.test = test
    self.validation = validation
    self.objective = objective
    self.klWeight = klWeight
    self.learningRate = learningRate
    self.seconds = seconds
    self.examplesPerSecond = examplesPerSecond
    self.klPerDimension = klPerDimension
    self.activeUnits = activeUnits
    self.gradientNorm = gradientNorm
    self.warnings = warnings
  }

  /// Reads a line's object.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func evaluation(_ reconstruction: CodingKeys, _ kl: CodingKeys) throws -> Evaluation {
      Evaluation(
        reconstruction: try values.decode(Double.self, forKey: reconstruction),
        kl: try values.decode(Double.self, forKey: kl))
    }
    epoch = try values.decode(Int.self, forKey: .epoch)
    train = try evaluation(.trainReconstruction, .trainKl)
    test = try evaluation(.testReconstruction, .testKl)
    validation =
      values.contains(.validationNegativeElbo) ? try evaluation(.validationReconstruction, .validationKl) : nil
    objective = try values.decode(Double.self, forKey: .objective)
    klWeight = try values.decode(Float.self, forKey: .klWeight)
    learningRate = try values.decode(Float.self, forKey: .learningRate)
    seconds = try values.decode(Double.self, forKey: .seconds)
    examplesPerSecond = try values.decode(Double.self, forKey: .examplesPerSecond)
    klPerDimension = try values.decodeIfPresent([Double].self, forKey: .klPerDimension)
    activeUnits = try values.decodeIfPresent(Int.self, forKey: .activeUnits)
    gradientNorm = try values.decodeIfPresent(Float.self, forKey: .gradientNorm)
    warnings = try values.decodeIfPresent([String].self, forKey: .warnings)
  }

  /// Writes a line's object.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    func encode(_ evaluation: Evaluation, _ sum: CodingKeys, _ reconstruction: CodingKeys, _ kl: CodingKeys) throws {
      try values.encode(evaluation.negativeELBO, forKey: sum)
      try values.encode(evaluation.reconstruction, forKey: reconstruction)
      try values.encode(evaluation.kl, forKey: kl)
    }
    try values.encode(epoch, forKey: .epoch)
    try encode(train, .trainNegativeElbo, .trainReconstruction, .trainKl)
    try encode(test, .testNegativeElbo, .testReconstruction, .testKl)
    if let validation { try encode(validation, .validationNegativeElbo, .validationReconstruction, .validationKl) }
    try values.encode(objective, forKey: .objective)
    try values.encode(klWeight, forKey: .klWeight)
    try values.encode(learningRate, forKey: .learningRate)
    try values.encode(seconds, forKey: .seconds)
    try values.encode(examplesPerSecond, forKey: .examplesPerSecond)
    try values.encodeIfPresent(klPerDimension, forKey: .klPerDimension)
    try values.encodeIfPresent(activeUnits, forKey: .activeUnits)
    try values.encodeIfPresent(gradientNorm, forKey: .gradientNorm)
    try values.encodeIfPresent(warnings, forKey: .warnings)
  }
}

extension EpochMetrics {
  /// Whether its losses have a KL divergence in them; an autoencoder's have none.
  public var hasDivergence: Bool { klPerDimension != nil || test.kl != 0 }

  /// The object as a line of `metrics.jsonl` has it, without the line's end.
  public func jsonLine() throws -> String { try JSON.encode(self) }
}
