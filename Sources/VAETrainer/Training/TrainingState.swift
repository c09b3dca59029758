/// How far a run has come: with the weights and both moments, all that a resumed run needs.
///
/// Random numbers need no state: they are functions of the seed, the epoch and the example.
public struct TrainingState: Sendable, Hashable, Codable {
  /// Steps made in the whole run: Adam's t.
  public var step = 0
  /// The epoch under way or, at its end, just finished; from 1.
  public var epoch = 1
  /// Steps made in this epoch.
  public var stepInEpoch = 0
  /// The sums of this epoch's losses so far, in nats.
  public var reconstructionSum = 0.0
  /// The sums of this epoch's losses so far, in nats.
  public var klSum = 0.0
  /// The examples that those are of.
  public var examples = 0
  /// The time spent on this epoch's steps.
  public var seconds = 0.0
  /// The last step's learning rate.
  public var learningRate: Float = 0
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
}
