/// The evidence lower bound, averaged over K samples.
///
///     closed form     1/K Σ rec_k + β KL(q(z|x) ‖ p(z))
///     Monte Carlo     1/K Σ (rec_k − β ratio_k)
///
/// At β = 1 each is, in expectation, an upper bound on −log p(x). A `KLConstraint` bends the closed form. Source: Kingma
/// and Welling 2014, equations 7 (closed form) and 6 (Monte Carlo).
public struct ELBO: Objective {
  /// "elbo".
  public static let name = "elbo"

  /// K.
  public let samples: Int
  /// The KL term.
  public let latentTerm: LatentTerm

  /// With the KL divergence as an integral where there is one, bent by a constraint.
  public init(samples: Int = 1, constraint: KLConstraint = .none) {
    self.samples = samples
    latentTerm = .closedForm(constraint)
  }

  /// With the densities at the samples.
  static func sampled(_ samples: Int, _ estimator: GradientEstimator) -> ELBO {
    ELBO(samples: samples, latentTerm: .sampled(estimator))
  }

  private init(samples: Int, latentTerm: LatentTerm) {
    self.samples = samples
    self.latentTerm = latentTerm
  }

  /// "elbo", "elbo 5", "elbo free-bits 0.5", "elbo capacity 20", "elbo monte-carlo sticking-the-landing".
  public init(_ settings: inout Settings) throws {
    var samples = 1
    if settings.peek.flatMap({ Int($0) }) != nil {
      samples = try settings.wholeNumber("a number of samples", in: 1...maximumSamples)
    }
    if settings.take("monte-carlo") {
      self.init(samples: samples, latentTerm: .sampled(try GradientEstimator(&settings)))
    } else {
      self.init(samples: samples, latentTerm: .closedForm(try KLConstraint(&settings)))
    }
  }

  /// As `init(_:)` reads them.
  public var settings: [String] {
    let count = samples == 1 ? [] : ["\(samples)"]
    return switch latentTerm {
    case .closedForm(let constraint): count + constraint.words
    case .sampled(let estimator): count + ["monte-carlo"] + estimator.words
    case .penalty: count
    }
  }

  /// They are.
  public var weighsSamplesAlike: Bool { true }

  /// 1/K Σ ℓ_k.
  public func bound(
    _ logWeights: UnsafeBufferPointer<Double>, slopes: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    var sum = 0.0
    for k in 0..<logWeights.count {
      sum += logWeights[k]
      slopes[k] = 1 / Double(logWeights.count)
    }
    return sum / Double(logWeights.count)
  }

  /// Throws `ObjectiveError` where it makes no sense.
  public func validate(for architecture: Architecture) throws {
    guard (1...maximumSamples).contains(samples) else { throw ObjectiveError.samples(samples) }
    if latentTerm == .sampled(.doublyReparameterized) { throw ObjectiveError.doublyReparameterizedELBO }
    try latentTerm.validate(for: architecture)
  }
}

extension Objective where Self == ELBO {
  /// The evidence lower bound with the densities at the samples.
  public static func monteCarlo(samples: Int = 1, _ estimator: GradientEstimator = .standard) -> ELBO {
    .sampled(samples, estimator)
  }
  /// The evidence lower bound of one sample, the KL divergence in closed form.
  public static var elbo: ELBO { ELBO() }
}
