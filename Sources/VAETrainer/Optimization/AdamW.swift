import VAEKernels

/// AdamW: Adam, and weights that decay by themselves rather than by a term of the gradient.
///
/// With m̂ and v̂ as `Adam` has them,
///
///     θ ← (1 − α λ) θ − α m̂ / (√v̂ + ε)
///
/// and λ = 0 for parameters that are not to decay; see `DecayedParameters`. A decay in the gradient would be divided by
/// √v̂ like all of it, and so act least where gradients are large. Source: Loshchilov and Hutter 2019, algorithm 2, whose
/// schedule factor is in α here, as PyTorch has it.
public struct AdamW: Optimizer {
  /// "adamw".
  public static let name = "adamw"
  /// β₁, β₂, ε and λ.
  public static let constants: [OptimizerConstant<AdamW>] = [
    .share("beta1", \.beta1), .share("beta2", \.beta2), .positive("epsilon", \.epsilon),
    .decay("weight decay", \.weightDecay),
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
  /// λ.
  public var weightDecay: Float

  /// Adam's constants and a weight decay of 0.01, PyTorch's, but for those that are given.
  public init(
    learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0.01
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Adam's constants and a weight decay of 0.01.
  public init() { self.init(learningRate: 1e-3) }

  /// The decay in the same pass as Adam's step.
  public func update(_ weights: Matrix, gradient: Matrix, state: OptimizerState, _ step: UpdateStep) {
    VectorMath.active.adam(
      weights: weights, gradient: gradient, firstMoment: state[0], secondMoment: state[1],
      learningRate: step.learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      firstMomentCorrection: step.correction(of: beta1), secondMomentCorrection: step.correction(of: beta2),
      gradientScale: step.gradientScale, weightDecay: step.decays ? weightDecay : 0)
  }
}
