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
/// and for an autoencoder rec and a `Sparsity`. A `KLConstraint` bends the KL term. At β = 1 and without it each is, in expectation, an upper bound on −log p(x). Sources: Kingma and Welling 2014, equations 7 (closed
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
  /// What bends the KL term.
  public var klConstraint: KLConstraint
  /// What keeps an autoencoder's code small.
  public var sparsity: Sparsity

  /// An objective; by default that of Kingma and Welling with one sample.
  public init(
    _ bound: Bound = .vae, samples: Int = 1, klEstimate: KLEstimate = .closedForm,
    estimator: GradientEstimator = .standard, klConstraint: KLConstraint = .none, sparsity: Sparsity = .none
  ) {
    self.bound = bound
    self.samples = samples
    self.klEstimate = klEstimate
    self.estimator = estimator
    self.klConstraint = klConstraint
    self.sparsity = sparsity
  }

  /// The most samples of an example in one step.
  public static let maximumSamples = 100_000

  /// Whether log p(z) − log q(z|x) at the samples is part of it.
  package var hasDensityRatio: Bool { bound == .iwae || klEstimate == .monteCarlo }

  /// Whether an average over the minibatch is part of it, beside that of the examples' own values.
  package var hasBatchAverages: Bool { klConstraint.kind != .none || sparsity.penalty == .kl }

  /// Whether it is reconstruction + β KL, and so the negative ELBO at β = 1.
  package var isPlain: Bool { !hasDensityRatio && klConstraint.kind == .none && sparsity.penalty == .none }

  /// Throws `ObjectiveError` for a combination that makes no sense.
  public func validate() throws {
    guard (1...Self.maximumSamples).contains(samples) else { throw ObjectiveError.samples(samples) }
    if bound == .iwae && klEstimate == .monteCarlo { throw ObjectiveError.klEstimateOfIWAE }
    if !hasDensityRatio && estimator != .standard { throw ObjectiveError.estimatorWithoutDensities(estimator) }
    if bound == .vae && estimator == .doublyReparameterized { throw ObjectiveError.doublyReparameterizedELBO }
    if klConstraint.kind != .none && hasDensityRatio {
      throw ObjectiveError.constraintWithoutClosedForm(klConstraint.kind)
    }
    guard klConstraint.nats.isFinite && klConstraint.nats >= 0 else {
      throw ObjectiveError.nats(klConstraint.kind, klConstraint.nats)
    }
    guard sparsity.weight.isFinite && sparsity.weight >= 0 else { throw ObjectiveError.sparsityWeight(sparsity.weight) }
    guard sparsity.target > 0 && sparsity.target < 1 else { throw ObjectiveError.sparsityTarget(sparsity.target) }
  }

  /// Throws `ObjectiveError` for one that `architecture` has no use for.
  public func validate(for architecture: Architecture) throws {
    try validate()
    switch architecture.model {
    case .vae:
      if sparsity.penalty != .none { throw ObjectiveError.sparsityOfVAE }
    case .autoencoder:
      if bound != .vae { throw ObjectiveError.ofAutoencoder("--objective iwae") }
      if samples != 1 { throw ObjectiveError.ofAutoencoder("--importance-samples") }
      if klEstimate != .closedForm { throw ObjectiveError.ofAutoencoder("--kl-estimate") }
      if klConstraint.kind != .none { throw ObjectiveError.ofAutoencoder("--\(klConstraint.kind.rawValue)") }
      if sparsity.penalty == .kl && architecture.codeActivation != .sigmoid {
        throw ObjectiveError.sparsityOfUnboundedCode(architecture.codeActivation)
      }
    }
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
  /// What bends the KL term needs it in closed form.
  case constraintWithoutClosedForm(KLConstraint.Kind)
  /// A number of nats that the KL divergence cannot have.
  case nats(KLConstraint.Kind, Float)
  /// λ of a sparsity penalty.
  case sparsityWeight(Float)
  /// ρ of a sparsity penalty.
  case sparsityTarget(Float)
  /// A penalty on a code that is drawn: the KL divergence is one already.
  case sparsityOfVAE
  /// A KL penalty on how often a unit is on, where units are not between off and on.
  case sparsityOfUnboundedCode(Activation)
  /// An option about what an autoencoder does not have.
  case ofAutoencoder(String)

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
    case .constraintWithoutClosedForm(let kind):
      "--\(kind.rawValue): expected with the KL divergence in closed form, found with samples of it"
    case .nats(let kind, let nats):
      "--\(kind.rawValue): expected 0 nats or more, found \(nats)"
    case .sparsityWeight(let weight):
      "--sparsity-weight: expected 0 or more, found \(weight)"
    case .sparsityTarget(let target):
      "--sparsity-target: expected a number above 0 and below 1, found \(target)"
    case .sparsityOfVAE:
      "--sparsity: expected with --model autoencoder alone, found with vae"
    case .sparsityOfUnboundedCode(let activation):
      "--sparsity kl: expected --code-activation sigmoid, whose units are between off and on, found "
        + activation.rawValue
    case .ofAutoencoder(let option):
      "\(option): expected with --model vae alone, found with autoencoder, which draws no latent and has no KL divergence"
    }
  }
}
