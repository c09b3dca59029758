import VAEKernels

/// AdaMax: Adam with the largest gradient of late in place of the root of a mean square.
///
///     m ← β₁ m + (1 − β₁) g             first moment, from zero
///     u ← max(β₂ u, |g| + ε)            infinity norm, from zero
///     θ ← θ − α m / (1 − β₁ᵗ) / u
///
/// A parameter moves by at most α or so in a step, however rare and large its gradients are. Source: Kingma and Ba 2015,
/// algorithm 2, with ε in the norm as PyTorch has it, so that a gradient of zero gives no quotient of zeros.
public struct Adamax: Optimizer {
  /// "adamax".
  public static let name = "adamax"
  /// β₁, β₂ and ε.
  public static let constants: [OptimizerConstant<Adamax>] = [
    .share("beta1", \.beta1), .share("beta2", \.beta2), .positive("epsilon", \.epsilon),
  ]
  /// m and u.
  public static let stateNames = ["first_moment", "infinity_norm"]

  /// α before any schedule.
  public var learningRate: Float
  /// The decay of the first moment.
  public var beta1: Float
  /// The decay of the norm.
  public var beta2: Float
  /// What keeps the quotient finite where all gradients were zero.
  public var epsilon: Float

  /// Decays of Kingma and Ba and PyTorch's ε, but for those that are given.
  public init(learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// Decays of Kingma and Ba and PyTorch's ε.
  public init() { self.init(learningRate: 1e-3) }

  /// One pass over weights, gradient, moment and norm.
  public func update(_ weights: Matrix, gradient: Matrix, state: OptimizerState, _ step: UpdateStep) {
    VectorMath.active.adamax(
      weights: weights, gradient: gradient, firstMoment: state[0], infinityNorm: state[1],
      learningRate: step.learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      firstMomentCorrection: step.correction(of: beta1), gradientScale: step.gradientScale)
  }
}
