import VAEKernels

/// Gradient descent with momentum.
///
///     m ← μ m + g                       velocity, from zero
///     θ ← θ − α m
///
/// Source: Sutskever, Martens, Dahl and Hinton 2013, with α outside the velocity, as PyTorch has it, so that a schedule
/// acts at once.
public struct SGD: Optimizer {
  /// "sgd".
  public static let name = "sgd"
  /// μ.
  public static let constants: [OptimizerConstant<SGD>] = [.share("momentum", \.momentum)]
  /// m: the velocity, by the name that the first version's checkpoints gave it.
  public static let stateNames = ["first_moment"]

  /// α before any schedule.
  public var learningRate: Float
  /// μ.
  public var momentum: Float

  /// A momentum of 0.9, unless said otherwise.
  public init(learningRate: Float = 1e-3, momentum: Float = 0.9) {
    self.learningRate = learningRate
    self.momentum = momentum
  }

  /// A momentum of 0.9.
  public init() { self.init(learningRate: 1e-3) }

  /// One pass over weights, gradient and velocity.
  public func update(_ weights: Matrix, gradient: Matrix, state: OptimizerState, _ step: UpdateStep) {
    VectorMath.active.momentum(
      weights: weights, gradient: gradient, velocity: state[0], learningRate: step.learningRate, momentum: momentum,
      gradientScale: step.gradientScale)
  }
}
