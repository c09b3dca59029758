import CStandardLibrary
import VAEKernels

/// A likelihood that this module can compute. One of your own conforms to it.
public protocol ReferenceLikelihood: Likelihood {
  /// −log p(x|z) in nats, given the decoder's outputs for z and what the likelihood has learned.
  func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double
  /// The same where the features whose mask is 0 are not known; by default for no mask at all.
  func referenceLoss(outputs: [Double], example: [Double], mask: [Double]?, parameters: [Double]) -> Double
}

extension ReferenceLikelihood {
  /// Of an example that is known whole.
  public func referenceLoss(
    outputs: [Double], example: [Double], mask: [Double]?, parameters: [Double]
  ) -> Double {
    precondition(mask == nil, "a mask for \(self), whose reference has none")
    return referenceLoss(outputs: outputs, example: example, parameters: parameters)
  }
}

/// An objective that this module can compute. One of your own conforms to it.
public protocol ReferenceObjective: Objective {
  /// The bound as a function of ℓ₁ … ℓ_K, as it is written: see `Objective`.
  func referenceBound(_ logWeights: [Double]) -> Double
}

/// A posterior that this module can compute. One of your own conforms to it.
public protocol ReferencePosterior: Posterior {
  /// What the encoder's last layer puts out, made the head; the same by default.
  func referenceHead(_ output: [Double]) -> [Double]
  /// z, of what the encoder puts out and noise.
  func referenceSample(head: [Double], noise: [Double]) -> [Double]
  /// log q(z|x) in nats; 0 where nothing is drawn.
  func referenceLogDensity(_ latent: [Double], head: [Double]) -> Double
  /// As of a `ReferencePrior`, where the posterior knows it; nil by default.
  func referenceDivergence(to prior: any Prior, head: [Double]) -> [Double]?
}

extension ReferencePosterior {
  /// The same.
  public func referenceHead(_ output: [Double]) -> [Double] { output }
  /// None.
  public func referenceDivergence(to prior: any Prior, head: [Double]) -> [Double]? { nil }
}

/// A prior that this module can compute. One of your own conforms to it.
public protocol ReferencePrior: Prior {
  /// log p(z) in nats.
  func referenceLogDensity(_ latent: [Double]) -> Double
  /// KL(q‖p) of each latent dimension in nats, where it is an integral for such a posterior, given what the encoder puts out;
  /// nil by default: then it is sampled.
  func referenceDivergence(from posterior: any Posterior, head: [Double]) -> [Double]?
}

extension ReferencePrior {
  /// None.
  public func referenceDivergence(from posterior: any Posterior, head: [Double]) -> [Double]? { nil }
}

// MARK: Posteriors and priors

extension DiagonalGaussian: ReferencePosterior {
  /// The floor is added to each variance.
  public func referenceHead(_ output: [Double]) -> [Double] {
    guard varianceFloor > 0 else { return output }
    let (mean, logVariance) = Self.halves(output)
    return mean + logVariance.map { log(exp($0) + Double(varianceFloor)) }
  }

  /// z, as it is written.
  public func referenceSample(head: [Double], noise: [Double]) -> [Double] {
    let (mean, logVariance) = Self.halves(head)
    return Reference.sample(mean: mean, logVariance: logVariance, noise: noise)
  }

  /// The density, as it is written.
  public func referenceLogDensity(_ latent: [Double], head: [Double]) -> Double {
    let (mean, logVariance) = Self.halves(head)
    return Reference.logNormal(latent, mean: mean, logVariance: logVariance)
  }

  static func halves(_ head: [Double]) -> (mean: [Double], logVariance: [Double]) {
    (Array(head[..<(head.count / 2)]), Array(head[(head.count / 2)...]))
  }
}

extension Point: ReferencePosterior {
  /// z, as it is written.
  public func referenceSample(head: [Double], noise: [Double]) -> [Double] { head }
  /// The density, as it is written.
  public func referenceLogDensity(_ latent: [Double], head: [Double]) -> Double { 0 }
}

extension StandardNormal: ReferencePrior {
  /// The density, as it is written.
  public func referenceLogDensity(_ latent: [Double]) -> Double {
    let zeros = latent.map { _ in 0.0 }
    return Reference.logNormal(latent, mean: zeros, logVariance: zeros)
  }

  /// From a Gaussian without correlations.
  public func referenceDivergence(from posterior: any Posterior, head: [Double]) -> [Double]? {
    guard posterior is DiagonalGaussian else { return nil }
    let (mean, logVariance) = DiagonalGaussian.halves(head)
    return mean.indices.map { Reference.klDivergence(mean: [mean[$0]], logVariance: [logVariance[$0]]) }
  }
}

// MARK: Objectives

extension ELBO: ReferenceObjective {
  /// As it is written.
  public func referenceBound(_ logWeights: [Double]) -> Double {
    logWeights.reduce(0, +) / Double(logWeights.count)
  }
}

extension IWAE: ReferenceObjective {
  /// As it is written, but for the largest, which is taken out of the logarithm so that nothing underflows.
  public func referenceBound(_ logWeights: [Double]) -> Double {
    let largest = logWeights.max() ?? 0
    return largest + log(logWeights.map { exp($0 - largest) }.reduce(0, +) / Double(logWeights.count))
  }
}

extension Reconstruction: ReferenceObjective {
  /// As it is written.
  public func referenceBound(_ logWeights: [Double]) -> Double { logWeights[0] }
}

// MARK: Likelihoods

/// −Σ (x log p + (1 − x) log(1 − p)) with p = sigmoid(a). Since −log p = softplus(−a) and −log(1 − p) = softplus(a), no
/// probability is ever rounded to 0 or 1. Terms of weight 0 are left out, for they would be 0 · ∞ at infinite logits.
extension Bernoulli: ReferenceLikelihood {
  /// As it is written.
  public func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double {
    var sum = 0.0
    for (a, x) in zip(outputs, example) {
      if x != 0 { sum += x * Reference.softplus(-a) }
      if x != 1 { sum += (1 - x) * Reference.softplus(a) }
    }
    return sum
  }
}

/// −log N(x; m, σ²), summed.
extension Gaussian: ReferenceLikelihood {
  /// As it is written.
  public func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double {
    -Reference.logNormal(
      example, mean: outputs, logVariance: example.map { _ in log(Double(variance)) })
  }
}

/// −log N(x; m, exp v), summed; v is the one parameter.
extension LearnedGaussian: ReferenceLikelihood {
  /// As it is written.
  public func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double {
    -Reference.logNormal(example, mean: outputs, logVariance: example.map { _ in parameters[0] })
  }
}

/// −log N(x; m, exp v), summed; v is the smooth maximum of an output and a floor.
extension PixelwiseGaussian: ReferenceLikelihood {
  /// As it is written.
  public func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double {
    let floor = Double(Self.logVarianceFloor)
    let (mean, a) = DiagonalGaussian.halves(outputs)
    return -Reference.logNormal(
      example, mean: mean, logVariance: a.map { floor + Reference.softplus($0 - floor) })
  }
}

/// −log of the softmax at the pixel's level.
extension Categorical: ReferenceLikelihood {
  /// As it is written.
  public func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double {
    var sum = 0.0
    for (j, x) in example.enumerated() {
      let logits = (0..<levels).map { outputs[$0 * example.count + j] }
      let level = Int((x * Double(levels - 1)).rounded())
      sum -= log(exp(logits[level]) / logits.reduce(0) { $0 + exp($1) })
    }
    return sum
  }
}
