/// How far a run has come: with the weights and both moments, all that a resumed run needs.
///
/// Random numbers need no state: they are functions of the seed, the epoch and the example.
public struct TrainingState: Sendable, Hashable, Codable {
  /// Steps made in the whole run: the optimiser's t.
  public var step = 0
  /// The epoch under way or, at its end, just finished; from 1.
  public var epoch = 1
  /// Steps made in this epoch.
  public var stepInEpoch = 0
  /// The sums of this epoch's losses so far, in nats.
  public var reconstructionSum = 0.0
  /// The sums of this epoch's losses so far, in nats.
  public var klSum = 0.0
  /// The sum of this epoch's objective so far, in nats.
  public var objectiveSum = 0.0
  /// The sum of the gradient norms measured in this epoch.
  public var gradientNormSum = 0.0
  /// How many those are.
  public var gradientNormCount = 0
  /// The examples that the sums of losses are of.
  public var examples = 0
  /// The time spent on this epoch's steps.
  public var seconds = 0.0
  /// The last step's learning rate.
  public var learningRate: Float = 0
  /// The last step's β.
  public var klWeight: Float = 0
  /// The lowest validation loss so far and the epoch it was found in.
  public var best: Best?

  /// The best epoch so far, by the validation set.
  public struct Best: Sendable, Hashable, Codable {
    /// The epoch.
    public var epoch: Int
    /// Its negative ELBO on the validation set, nats per example.
    public var loss: Double
  }

  /// The start of a run.
  public init() {}

  /// Where a run stands, in words: "after epoch 2" when no step of epoch 3 is made, "in epoch 3 after step 5", "before the
  /// first step".
  package static func place(epoch: Int, stepInEpoch: Int) -> String {
    if stepInEpoch > 0 { return "in epoch \(epoch) after step \(stepInEpoch)" }
    return epoch > 1 ? "after epoch \(epoch - 1)" : "before the first step"
  }

  /// The epochs that are done, and the one under way if a step of it is made.
  public var epochsBegun: Int { max(epoch, 1) - 1 + (stepInEpoch > 0 ? 1 : 0) }
}

/// A state that was read from a file is checked before anything counts on it.
extension TrainingState {
  /// Throws `RunError` where the numbers make no sense by themselves.
  func validate(path: String) throws {
    func require(_ holds: Bool, _ expected: String, _ found: Any) throws {
      try RunError.requireIntact(holds, path: path, expected, found)
    }
    // One beyond the last epoch where a run is finished.
    try require((1...TrainingOptions.maximumEpochs + 1).contains(epoch), "an epoch from 1", epoch)
    try require(step >= 0, "a step of 0 or more", step)
    try require(stepInEpoch >= 0, "a step_in_epoch of 0 or more", stepInEpoch)
    try require(
      reconstructionSum.isFinite && klSum.isFinite && objectiveSum.isFinite && gradientNormSum.isFinite, "finite sums",
      "\(reconstructionSum), \(klSum) and \(objectiveSum)")
    try require(seconds.isFinite && seconds >= 0, "seconds of 0 or more", seconds)
    if let best {
      try require((1..<max(epoch, 2)).contains(best.epoch), "a best epoch before epoch \(epoch)", best.epoch)
    }
  }

  /// Throws `RunError` where they do not belong to a run of so many examples.
  func validate(path: String, exampleCount: Int, batchSize: Int) throws {
    let stepsPerEpoch = (exampleCount + batchSize - 1) / batchSize
    guard stepInEpoch <= stepsPerEpoch else {
      throw RunError.damaged(
        path: path, expected: "a step_in_epoch of at most \(stepsPerEpoch)", found: "\(stepInEpoch)")
    }
    let steps = (epoch - 1) * stepsPerEpoch + stepInEpoch
    try RunError.requireIntact(step == steps, path: path, "for this place in epoch \(epoch) step \(steps)", step)
    let seen = min(stepInEpoch * batchSize, exampleCount)
    try RunError.requireIntact(examples == seen, path: path, "after \(stepInEpoch) steps examples \(seen)", examples)
  }
}
