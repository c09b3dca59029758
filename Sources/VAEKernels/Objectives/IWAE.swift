import CStandardLibrary

/// The importance-weighted bound, tighter with every sample.
///
///     ℓ_k = β ratio_k − rec_k
///     bound = log 1/K Σ exp ℓ_k,   w_k = exp ℓ_k / Σ exp ℓ_j = ∂bound/∂ℓ_k
///
/// computed with the largest ℓ taken out of the exponentials. Source: Burda, Grosse and Salakhutdinov 2015, equations 8
/// and 14.
public struct IWAE: Objective {
  /// "iwae".
  public static let name = "iwae"

  /// K.
  public let samples: Int
  /// How the encoder's gradient is estimated.
  public let estimator: GradientEstimator

  /// The bound of K samples.
  public init(samples: Int, _ estimator: GradientEstimator = .standard) {
    self.samples = samples
    self.estimator = estimator
  }

  /// "iwae 5", "iwae 5 doubly-reparameterized".
  public init(_ settings: inout Settings) throws {
    samples = try settings.wholeNumber("a number of samples", in: 1...maximumSamples)
    estimator = try GradientEstimator(&settings)
  }

  /// As `init(_:)` reads them.
  public var settings: [String] { ["\(samples)"] + estimator.words }
  /// The ratio is in the ℓ_k.
  public var latentTerm: LatentTerm { .sampled(estimator) }

  /// The bound and w.
  public func bound(
    _ logWeights: UnsafeBufferPointer<Double>, slopes: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let count = logWeights.count
    var largest = -Double.infinity
    var isNaN = false
    for k in 0..<count {
      largest = max(largest, logWeights[k])
      isNaN = isNaN || logWeights[k].isNaN
    }
    // Without a finite maximum there is nothing to take out, and the bound is what it is.
    guard largest.isFinite && !isNaN else {
      for k in 0..<count { slopes[k] = .nan }
      return isNaN ? .nan : largest
    }
    var sum = 0.0
    for k in 0..<count {
      slopes[k] = exp(logWeights[k] - largest)
      sum += slopes[k]
    }
    for k in 0..<count { slopes[k] /= sum }
    return largest + log(sum / Double(count))
  }
}
