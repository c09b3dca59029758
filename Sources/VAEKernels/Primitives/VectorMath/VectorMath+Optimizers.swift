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
}
