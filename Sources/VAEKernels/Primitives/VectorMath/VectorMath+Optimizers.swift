import CVectorMath

/// Steps of the optimisers.
extension VectorMath {
  /// One Adam step on a matrix of weights, whose moments have its stride; see `Adam` in VAETrainer for the equations.
  public func adam(
    weights: Matrix, gradient: Matrix, firstMoment: Matrix, secondMoment: Matrix, learningRate: Float, beta1: Float,
    beta2: Float, epsilon: Float, firstMomentCorrection: Float, secondMomentCorrection: Float, gradientScale: Float,
    weightDecay: Float = 0
  ) {
    checkSameShape(gradient, weights)
    checkSameShape(firstMoment, weights)
    checkSameShape(secondMoment, weights)
    precondition(
      firstMoment.stride == weights.stride && secondMoment.stride == weights.stride,
      "weights and moments \(weights.stride), \(firstMoment.stride) and \(secondMoment.stride) floats apart")
    var constants = vm_adam_constants(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      first_moment_correction: firstMomentCorrection, second_moment_correction: secondMomentCorrection,
      gradient_scale: gradientScale, weight_decay: weightDecay)
    table.pointee.adam(
      weights.base, firstMoment.base, secondMoment.base, weights.stride, gradient.base, gradient.stride, weights.rows,
      weights.columns, &constants)
  }

  /// One step of gradient descent with momentum, whose velocity has the weights' stride.
  package func momentum(
    weights: Matrix, gradient: Matrix, velocity: Matrix, learningRate: Float, momentum: Float, gradientScale: Float
  ) {
    checkSameShape(gradient, weights)
    checkSameShape(velocity, weights)
    precondition(
      velocity.stride == weights.stride, "weights and velocity \(weights.stride) and \(velocity.stride) floats apart")
    table.pointee.momentum(
      weights.base, velocity.base, weights.stride, gradient.base, gradient.stride, weights.rows, weights.columns,
      learningRate, momentum, gradientScale)
  }

  /// One AdaMax step (Kingma and Ba 2015, algorithm 2) on a matrix of weights, whose moment and norm have its stride.
  ///
  /// As PyTorch has it: m ← β₁ m + (1 − β₁) g;  u ← max(β₂ u, |g| + ε);  θ ← θ − α m / (1 − β₁ᵗ) / u, with g the
  /// gradient times `gradientScale` and `firstMomentCorrection` 1 / (1 − β₁ᵗ). m and u begin at 0, and become 0 where they
  /// are subnormal; ε > 0.
  public func adamax(
    weights: Matrix, gradient: Matrix, firstMoment: Matrix, infinityNorm: Matrix, learningRate: Float, beta1: Float,
    beta2: Float, epsilon: Float, firstMomentCorrection: Float, gradientScale: Float
  ) {
    checkSameShape(gradient, weights)
    checkSameShape(firstMoment, weights)
    checkSameShape(infinityNorm, weights)
    precondition(
      firstMoment.stride == weights.stride && infinityNorm.stride == weights.stride,
      "weights, moment and norm \(weights.stride), \(firstMoment.stride) and \(infinityNorm.stride) floats apart")
    table.pointee.adamax(
      weights.base, firstMoment.base, infinityNorm.base, weights.stride, gradient.base, gradient.stride, weights.rows,
      weights.columns, learningRate, beta1, beta2, epsilon, firstMomentCorrection, gradientScale)
  }

  /// One RMSProp step (Tieleman and Hinton 2012) on a matrix of weights, whose moment has its stride.
  ///
  /// Without momentum, not centred: v ← ρ v + (1 − ρ) g²;  θ ← θ − α g / (√v + ε), with g the gradient times
  /// `gradientScale` and ρ the `decay` (PyTorch's α, by default 0.99, beside ε = 1e-8). v begins at 0, and becomes 0 where
  /// it is subnormal.
  public func rmsprop(
    weights: Matrix, gradient: Matrix, secondMoment: Matrix, learningRate: Float, decay: Float, epsilon: Float,
    gradientScale: Float
  ) {
    checkSameShape(gradient, weights)
    checkSameShape(secondMoment, weights)
    precondition(
      secondMoment.stride == weights.stride,
      "weights and moment \(weights.stride) and \(secondMoment.stride) floats apart")
    table.pointee.rmsprop(
      weights.base, secondMoment.base, weights.stride, gradient.base, gradient.stride, weights.rows, weights.columns,
      learningRate, decay, epsilon, gradientScale)
  }
}
