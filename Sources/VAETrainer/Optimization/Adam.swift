import VAEKernels

/// Adam: steps along a moving average of the gradient, divided by the root of one of its square.
///
/// With the gradient g of step t = 1, 2, …, element by element,
///
///     m ← β₁ m + (1 − β₁) g             first moment, from zero
///     v ← β₂ v + (1 − β₂) g²            second moment, from zero
///     m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
///     θ ← θ − α m̂ / (√v̂ + ε)
///
/// A moment that decays until it is subnormal becomes zero. Source: Kingma and Ba 2015, algorithm 1.
public struct Adam: Optimizer {
  /// "adam".
  public static let name = "adam"
  /// β₁, β₂ and ε.
  public static let constants: [OptimizerConstant<Adam>] = [
    .share("beta1", \.beta1), .share("beta2", \.beta2), .positive("epsilon", \.epsilon),
  ]
  /// m and v.
  public static let stateNames = ["first_moment", "second_moment"]

  /// α before any schedule.
  public var learningRate: Float
  /// The decay of the first moment.
  public var beta1: Float
  /// The decay of the second moment.
  public var beta2: Float
  /// What keeps the quotient finite where v̂ is zero.
  public var epsilon: Float

  /// The constants of Kingma and Ba, but for those that are given.
  public init(learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// The constants of Kingma and Ba.
  public init() { self.init(learningRate: 1e-3) }

  /// One pass over weights, gradient and moments.
  public func update(_ weights: Matrix, gradient: Matrix, state: OptimizerState, _ step: UpdateStep) {
    VectorMath.active.adam(
      weights: weights, gradient: gradient, firstMoment: state[0], secondMoment: state[1],
      learningRate: step.learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      firstMomentCorrection: step.correction(of: beta1), secondMomentCorrection: step.correction(of: beta2),
      gradientScale: step.gradientScale)
  }
}
