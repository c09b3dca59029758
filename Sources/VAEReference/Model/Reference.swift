import CStandardLibrary
import VAEKernels

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

  // MARK: Densities

  /// log N(z; μ, diag exp s) = −½ Σ (log 2π + s + (z − μ)² / exp s).
  public static func logNormal(_ z: [Double], mean: [Double], logVariance: [Double]) -> Double {
    z.indices.reduce(0) {
      let deviation = z[$1] - mean[$1]
      return $0 - 0.5 * (log(2 * .pi) + logVariance[$1] + deviation * deviation / exp(logVariance[$1]))
    }
  }

  /// −log p(x | z) of the features that are known, given the decoder's outputs for z; the formulas stand with each `ReferenceLikelihood`.
  /// The exposure of counts is their sum unless it is given.
  public static func reconstructionLoss(
    outputs: [Double], example: [Double], mask: [Double]? = nil, likelihood: any Likelihood,
    parameters: [Double] = [], exposure: Double? = nil
  ) -> Double {
    guard let reference = likelihood as? any ReferenceLikelihood else {
      preconditionFailure("\(type(of: likelihood)) has no reference: let it conform to ReferenceLikelihood")
    }
    precondition(
      outputs.count == example.count * likelihood.outputsPerFeature,
      "\(outputs.count) outputs for \(example.count) features")
    if let exposure, let reference = reference as? any ReferenceCountLikelihood {
      return reference.referenceLoss(outputs: outputs, example: example, exposure: exposure, parameters: parameters)
    }
    return reference.referenceLoss(outputs: outputs, example: example, mask: mask, parameters: parameters)
  }

  private static func checkSameCount(_ a: [Double], _ b: [Double], _ aName: String, _ bName: String) {
    precondition(a.count == b.count, "\(aName) has \(a.count) numbers, \(bName) has \(b.count)")
  }
}
