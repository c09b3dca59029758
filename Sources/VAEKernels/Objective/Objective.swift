/// What training minimises, as a function of K samples of each example's latent.
///
/// With z_k = μ + exp(s/2) ⊙ ε_k, in nats an example,
///
///     rec_k   = −log p(x|z_k)
///     ratio_k = log p(z_k) − log q(z_k|x)
///
///     vae,  closed form     1/K Σ rec_k + β KL(q(z|x) ‖ p(z))
///     vae,  Monte Carlo     1/K Σ (rec_k − β ratio_k)
///     iwae                  −log 1/K Σ exp(−rec_k + β ratio_k)
///
/// At β = 1 each is, in expectation, an upper bound on −log p(x). Sources: Kingma and Welling 2014, equations 7 (closed
/// form) and 6 (Monte Carlo); Burda, Grosse and Salakhutdinov 2015, equation 8.
public struct Objective: Sendable, Hashable, Codable {
  /// Which bound.
  public enum Bound: String, Sendable, Codable, CaseIterable {
    /// The evidence lower bound, averaged over the samples.
    case vae
    /// The importance-weighted bound, tighter with every sample.
    case iwae
  }

  /// Where the KL term of the evidence lower bound comes from.
  public enum KLEstimate: String, Sendable, Codable, CaseIterable {
    /// The integral: see `KLDivergence`.
    case closedForm = "closed-form"
    /// The samples: see `LogDensityRatio`.
    case monteCarlo = "monte-carlo"
  }

  /// Which random number stands for the gradient with respect to the encoder, where a density at a sample is in the
  /// objective. All three have the same expectation. See `LogDensityRatio`.
  public enum GradientEstimator: String, Sendable, Codable, CaseIterable {
    /// The gradient of the sampled objective.
    case standard
    /// Without the score of q(z|x), whose expectation is zero (Roeder, Wu and Duvenaud 2017). For iwae with K > 1 its
    /// expectation is another.
    case stickingTheLanding = "sticking-the-landing"
    /// With the remaining score reparameterised once more (Tucker, Lawson, Gu and Maddison 2019).
    case doublyReparameterized = "doubly-reparameterized"
  }

  /// Which bound.
  public var bound: Bound
  /// K.
  public var samples: Int
  /// Where the KL term comes from; of no meaning to iwae.
  public var klEstimate: KLEstimate
  /// How the encoder's gradient is estimated.
  public var estimator: GradientEstimator

  /// An objective; by default that of Kingma and Welling with one sample.
  public init(
    _ bound: Bound = .vae, samples: Int = 1, klEstimate: KLEstimate = .closedForm,
    estimator: GradientEstimator = .standard
  ) {
    self.bound = bound
    self.samples = samples
    self.klEstimate = klEstimate
    self.estimator = estimator
  }

  /// The most samples of an example in one step.
  public static let maximumSamples = 100_000

  /// Whether log p(z) − log q(z|x) at the samples is part of it.
  package var hasDensityRatio: Bool { bound == .iwae || klEstimate == .monteCarlo }

  /// Throws `ObjectiveError` for a combination that makes no sense.
  public func validate() throws {
    guard (1...Self.maximumSamples).contains(samples) else { throw ObjectiveError.samples(samples) }
    if bound == .iwae && klEstimate == .monteCarlo { throw ObjectiveError.klEstimateOfIWAE }
    if !hasDensityRatio && estimator != .standard { throw ObjectiveError.estimatorWithoutDensities(estimator) }
    if bound == .vae && estimator == .doublyReparameterized { throw ObjectiveError.doublyReparameterizedELBO }
  }
}

/// Why an objective makes no sense.
public enum ObjectiveError: Error, Equatable, CustomStringConvertible {
  /// There is no such number of samples.
  case samples(Int)
  /// The importance-weighted bound has no KL term.
  case klEstimateOfIWAE
  /// The closed-form objective has no density at a sample in it, so that there is nothing to estimate otherwise.
  case estimatorWithoutDensities(Objective.GradientEstimator)
  /// The estimator is about importance weights.
  case doublyReparameterizedELBO

  /// One line, for a person.
  public var description: String {
    switch self {
    case .samples(let count):
      "--importance-samples: expected 1 to \(Objective.maximumSamples), found \(count)"
    case .klEstimateOfIWAE:
      "--kl-estimate: expected with --objective vae alone, found with iwae, which has no KL term"
    case .estimatorWithoutDensities(let estimator):
      "--gradient-estimator: expected standard where the KL divergence is in closed form, found \(estimator.rawValue)"
    case .doublyReparameterizedELBO:
      "--gradient-estimator: expected doubly-reparameterized with --objective iwae alone, found with vae"
    }
  }
}
