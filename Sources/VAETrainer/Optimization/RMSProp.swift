import VAEKernels

/// RMSProp: the gradient, divided by the root of a moving average of its square.
///
///     v ← ρ v + (1 − ρ) g²              second moment, from zero
///     θ ← θ − α g / (√v + ε)
///
/// The moment is not corrected for its start, so that the first steps are up to 1/√(1 − ρ) times as long as later ones.
/// Without momentum, not centred. Source: Tieleman and Hinton 2012, lecture 6.5, with ε outside the root as PyTorch has
/// it, whose α, the smoothing constant, is ρ here.
public struct RMSProp: Optimizer {
  /// "rmsprop".
  public static let name = "rmsprop"
  /// ρ and ε.
  public static let constants: [OptimizerConstant<RMSProp>] = [
    .share("smoothing", \.smoothing), .positive("epsilon", \.epsilon),
  ]
  /// v.
  public static let stateNames = ["second_moment"]

  /// α before any schedule.
  public var learningRate: Float
  /// ρ.
  public var smoothing: Float
  /// What keeps the quotient finite where v is zero.
  public var epsilon: Float

  /// PyTorch's constants, but for those that are given.
  public init(learningRate: Float = 1e-3, smoothing: Float = 0.99, epsilon: Float = 1e-8) {
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
  }

  /// PyTorch's constants.
  public init() { self.init(learningRate: 1e-3) }

  /// One pass over weights, gradient and moment.
  public func update(_ weights: Matrix, gradient: Matrix, state: OptimizerState, _ step: UpdateStep) {
    VectorMath.active.rmsprop(
      weights: weights, gradient: gradient, secondMoment: state[0], learningRate: step.learningRate, decay: smoothing,
      epsilon: epsilon, gradientScale: step.gradientScale)
  }
}
