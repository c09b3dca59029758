/// The distribution p(x | z) of an example given the decoder's output.
///
/// Each case is a file with its formulas; this type only chooses between them.
public enum Likelihood: Sendable, Hashable {
  /// Independent Bernoulli pixels; the decoder's outputs are logits. See `Bernoulli`.
  case bernoulli
  /// Independent Gaussian pixels of one fixed variance; the decoder's outputs are means. See `Gaussian`.
  case gaussian(variance: Float)

  /// "bernoulli" or "gaussian", as in options and files.
  public var name: String {
    switch self {
    case .bernoulli: "bernoulli"
    case .gaussian: "gaussian"
    }
  }

  /// −log p(x|z) of each example in nats, into `loss` [1, B], given the decoder's `output` [B, D].
  public func forward(output: Matrix, _ x: Matrix, lossInto loss: Matrix) {
    switch self {
    case .bernoulli: Bernoulli.forward(logits: output, x, lossInto: loss)
    case .gaussian(let variance): Gaussian.forward(mean: output, x, variance: variance, lossInto: loss)
    }
  }

  /// Loss and `scale` times its gradient with respect to the decoder's output, in one pass.
  public func forwardAndBackward(
    output: Matrix, _ x: Matrix, scale: Float, lossInto loss: Matrix, gradientInto dOutput: Matrix
  ) {
    switch self {
    case .bernoulli:
      Bernoulli.forwardAndBackward(logits: output, x, scale: scale, lossInto: loss, gradientInto: dOutput)
    case .gaussian(let variance):
      Gaussian.forwardAndBackward(
        mean: output, x, variance: variance, scale: scale, lossInto: loss, gradientInto: dOutput)
    }
  }

  /// E[x|z], in place of the decoder's `output`: what a picture of a reconstruction shows.
  public func mean(inPlace output: Matrix) {
    switch self {
    case .bernoulli: VectorMath.active.addBiasAndActivate(output, bias: nil, .sigmoid)
    case .gaussian: break
    }
  }
}
