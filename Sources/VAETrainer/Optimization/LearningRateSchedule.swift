import Foundation

/// How the learning rate changes in the course of a run: a shape, after a linear warm-up.
///
/// With t the number of steps already made and N steps an epoch, the base rate is multiplied by
///
///     warm-up   (t + 1) / W             while t < W, the steps of `warmUpEpochs`
///     constant  1
///     steps     the factor of the last milestone whose epochs are over, 1 before the first
///     cosine    ½ (1 + cos π (t − W) / (T − W))        T the steps of the whole run
///
/// The cosine (Loshchilov and Hutter 2017, without restarts) is a function of the length of the run, or of the one that was
/// planned: `ResumedSchedule` says what becomes of it when a run is continued with more epochs.
public struct LearningRateSchedule: Sendable, Hashable, Codable {
  /// What follows the warm-up.
  public enum Shape: String, Sendable, Codable, CaseIterable {
    /// The base rate.
    case constant
    /// The factors of `milestones`.
    case steps
    /// Half a cosine, from the base rate to zero.
    case cosine
  }

  /// From the end of epoch `epoch` on, the base rate times `factor`.
  public struct Milestone: Sendable, Hashable, Codable {
    /// The epoch after which the factor holds.
    public var epoch: Int
    /// What the base rate is multiplied by.
    public var factor: Float

    /// A change of rate.
    public init(epoch: Int, factor: Float) {
      self.epoch = epoch
      self.factor = factor
    }
  }

  /// What follows the warm-up.
  public var shape: Shape
  /// For `steps`: in order of epoch.
  public var milestones: [Milestone]
  /// The length of the warm-up in epochs, which may be a fraction; 0 for none.
  public var warmUpEpochs: Double

  /// For `cosine`: the length in epochs where it is not that of the run. After it the rate stays that of its last step.
  public var epochs: Int?

  /// A schedule; by default the base rate throughout.
  public init(_ shape: Shape = .constant, milestones: [Milestone] = [], warmUpEpochs: Double = 0) {
    self.shape = shape
    self.milestones = milestones
    self.warmUpEpochs = warmUpEpochs
  }

  /// What to multiply the base rate by, for the step after `completed` others.
  public func factor(completed: Int, stepsPerEpoch: Int, epochs: Int) -> Float {
    let warmUp = (warmUpEpochs * Double(stepsPerEpoch)).rounded()
    let step = Double(completed)
    if step < warmUp { return Float((step + 1) / warmUp) }
    switch shape {
    case .constant:
      return 1
    case .steps:
      // By index: in a debug build the standard library's searches allocate, and this is part of every step.
      var factor: Float = 1
      for index in 0..<milestones.count where milestones[index].epoch <= completed / stepsPerEpoch {
        factor = milestones[index].factor
      }
      return factor
    case .cosine:
      let length = max(Double((self.epochs ?? epochs) * stepsPerEpoch) - warmUp, 1)
      // At the end itself the rate is 0, and whatever is trained from there on learns nothing.
      let last = self.epochs == nil ? length : length - 1
      return Float(0.5 * (1 + cos(Double.pi * min((step - warmUp) / length, last / length))))
    }
  }
}
