/// A likelihood whose mean is a row's exposure times what the decoder says, and which knows how its loss changes with it:
/// then the exposure may be learned, by `LearnedExposure`.
public protocol LearnsExposure: Likelihood {
  /// As `forwardAndBackward` without it; and `scale` times the gradient with respect to the logarithm of each row's exposure,
  /// into `dLogExposure` [B, 1].
  func forwardAndBackward(
    output: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dOutput: Matrix, _ dParameters: Matrix, logExposure dLogExposure: Matrix)
}
