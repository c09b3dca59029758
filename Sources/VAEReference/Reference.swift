import VAEKernels

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The formulas of a variational autoencoder for one example, in `Double` and plain loops, forward only.
///
/// They are written as in Kingma and Welling, "Auto-encoding variational Bayes" (ICLR 2014), rearranged only where
/// the textbook form overflows. Finite differences of them are what `VAEKernels` is checked against, so nothing
/// here may call its arithmetic. Units are nats, summed over dimensions.
public enum Reference {
  // MARK: Layers

  /// Wx + b for a weight [out, in] in row-major order, as in files and `torch.nn.Linear`.
  public static func dense(_ x: [Double], weight: [Double], bias: [Double]) -> [Double] {
    precondition(
      weight.count == bias.count * x.count,
      "a weight of \(weight.count) numbers cannot take \(x.count) inputs to \(bias.count) outputs")
    return bias.indices.map { output in
      var sum = bias[output]
      for input in 0..<x.count {
        sum += weight[output * x.count + input] * x[input]
      }
      return sum
    }
  }

  /// f(x) of a hidden unit.
  public static func activate(_ x: Double, _ activation: Activation) -> Double {
    switch activation {
    case .identity: x
    case .relu: x <= 0 ? 0 : x  // keeps a NaN
    case .tanh: tanh(x)
    case .sigmoid: sigmoid(x)
    case .softplus: softplus(x)
    case .elu: x > 0 ? x : expm1(x)
    // x Φ(x) and x σ(x) at −∞ are the limits, for −∞ · 0 is no number.
    case .gelu: x == -.infinity ? 0 : x / 2 * erfc(-x / 2.0.squareRoot())  // 1 + erf(t) = erfc(−t), nothing cancelled
    case .silu: x == -.infinity ? 0 : x * sigmoid(x)
    case .leakyReLU: x > 0 ? x : 0.01 * x
    }
  }

  /// 1 / (1 + e⁻ˣ). Where e⁻ˣ overflows to infinity the quotient is the 0 that it should be.
  public static func sigmoid(_ x: Double) -> Double {
    1 / (1 + exp(-x))
  }

  /// log(1 + eˣ), with the larger of the two terms taken out of the logarithm so that nothing overflows.
  public static func softplus(_ x: Double) -> Double {
    x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
  }

  // MARK: Latent

  /// z = μ + σ ε, where σ = exp(s / 2) for a log-variance s.
  public static func sample(mean: [Double], logVariance: [Double], noise: [Double]) -> [Double] {
    checkSameCount(mean, logVariance, "mean", "log-variance")
    checkSameCount(mean, noise, "mean", "noise")
    return mean.indices.map { mean[$0] + exp(logVariance[$0] / 2) * noise[$0] }
  }

  /// KL(N(μ, exp s) ‖ N(0, I)) = ½ Σ (exp s + μ² − 1 − s).
  public static func klDivergence(mean: [Double], logVariance: [Double]) -> Double {
    checkSameCount(mean, logVariance, "mean", "log-variance")
    var sum = 0.0
    for i in mean.indices {
      sum += exp(logVariance[i]) + mean[i] * mean[i] - 1 - logVariance[i]
    }
    return sum / 2
  }

  // MARK: Likelihood

  /// −log p(x | z), given the decoder's outputs for z.
  ///
  /// - Bernoulli: −Σ (x log p + (1 − x) log(1 − p)) with p = sigmoid(a). Since −log p = softplus(−a) and
  ///   −log(1 − p) = softplus(a), no probability is ever rounded to 0 or 1. Terms of weight 0 are left out, for
  ///   they would be 0 · ∞ at infinite logits.
  /// - Gaussian: −log N(x; m, σ²), summed; σ² fixed, or exp of the one parameter, or for each pixel exp of the smooth
  ///   maximum of an output and a floor.
  /// - Categorical: −log of the softmax at the pixel's level.
  public static func reconstructionLoss(
    outputs: [Double], example: [Double], likelihood: Likelihood, parameters: [Double] = []
  ) -> Double {
    precondition(
      outputs.count == example.count * likelihood.family.outputsPerFeature,
      "\(outputs.count) outputs for \(example.count) features")
    var sum = 0.0
    switch likelihood.family {
    case is Bernoulli:
      for (a, x) in zip(outputs, example) {
        if x != 0 { sum += x * softplus(-a) }
        if x != 1 { sum += (1 - x) * softplus(a) }
      }
    case let gaussian as Gaussian:
      for (m, x) in zip(outputs, example) { sum -= logNormal(x, m, log(Double(gaussian.variance))) }
    case is LearnedGaussian:
      for (m, x) in zip(outputs, example) { sum -= logNormal(x, m, parameters[0]) }
    case is PixelwiseGaussian:
      let floor = Double(PixelwiseGaussian.logVarianceFloor)
      for (j, x) in example.enumerated() {
        sum -= logNormal(x, outputs[j], floor + softplus(outputs[example.count + j] - floor))
      }
    case let categorical as Categorical:
      for (j, x) in example.enumerated() {
        let logits = (0..<categorical.levels).map { outputs[$0 * example.count + j] }
        let level = Int((x * Double(categorical.levels - 1)).rounded())
        sum -= log(exp(logits[level]) / logits.reduce(0) { $0 + exp($1) })
      }
    default: preconditionFailure("no reference of \(likelihood)")
    }
    return sum
  }

  /// log N(x; m, exp v).
  private static func logNormal(_ x: Double, _ mean: Double, _ logVariance: Double) -> Double {
    -0.5 * (log(2 * .pi) + logVariance + (x - mean) * (x - mean) / exp(logVariance))
  }

  private static func checkSameCount(_ a: [Double], _ b: [Double], _ aName: String, _ bName: String) {
    precondition(a.count == b.count, "\(aName) has \(a.count) numbers, \(bName) has \(b.count)")
  }
}
