/// What training minimises, as a function of K samples of each example's latent.
///
/// With z_k drawn of q(z|x) for each of K samples, in nats an example,
///
///     rec_k   = −log p(x|z_k)
///     ratio_k = log p(z_k) − log q(z_k|x)
///     ℓ_k     = β ratio_k − rec_k, or −rec_k alone where the latent term is not of the samples
///
/// an objective is a `bound` of ℓ₁ … ℓ_K, taken with a minus, and a `latentTerm`. One file of this folder says all about
/// one objective. To add another, write such a file, with the bound and its slopes, and name its type in
/// `Vocabulary.standard`. Docs/Objectives.md derives those that there are.
public protocol Objective: Described {
  /// K.
  var samples: Int { get }
  /// What it adds about the latent. By default log p(z) − log q(z|x) is in the ℓ_k, with the standard gradient.
  var latentTerm: LatentTerm { get }
  /// Whether all slopes are 1/K whatever the ℓ_k are, as those of an average: it saves a pass over the decoder's gradient.
  var weighsSamplesAlike: Bool { get }
  /// The bound in nats, to be made large; and its slopes ∂bound/∂ℓ_k into `slopes`, which must add up to 1: adding a
  /// number to every ℓ_k adds it to the bound, for a bound on log p(x).
  func bound(_ logWeights: UnsafeBufferPointer<Double>, slopes: UnsafeMutableBufferPointer<Double>) -> Double
  /// Throws `ObjectiveError` where it makes no sense, or a model of this shape has no use for it.
  func validate(for architecture: Architecture) throws
}

extension Objective {
  /// The ratio is in the ℓ_k.
  public var latentTerm: LatentTerm { .sampled(.standard) }
  /// They differ.
  public var weighsSamplesAlike: Bool { false }
  /// The number of samples, the latent term, and that a latent which is drawn is needed for a term that is about drawing it.
  public func validate(for architecture: Architecture) throws {
    guard (1...maximumSamples).contains(samples) else { throw ObjectiveError.samples(samples) }
    try latentTerm.validate(for: architecture)
  }
}

/// The most samples of an example in one step.
public let maximumSamples = 100_000

/// What an objective adds about the latent.
public enum LatentTerm: Sendable, Hashable {
  /// β times the divergence of posterior and prior as an integral, where they have one, else as `sampled(.standard)`; bent
  /// by a constraint.
  case closedForm(KLConstraint)
  /// Nothing beside the ℓ_k, which have β ratio_k in them.
  case sampled(GradientEstimator)
  /// A penalty on a code that is not drawn.
  case penalty(Sparsity)

  func validate(for architecture: Architecture) throws {
    switch self {
    case .closedForm(let constraint):
      guard architecture.posterior.isRandom else { throw ObjectiveError.needsPosterior }
      guard constraint.nats.isFinite && constraint.nats >= 0 else {
        throw ObjectiveError.nats(constraint.kind, constraint.nats)
      }
      // A constraint is a function of the integral.
      if constraint.kind != .none && !architecture.hasClosedFormDivergence {
        throw ObjectiveError.constraintWithoutClosedForm(constraint.kind)
      }
    case .sampled:
      guard architecture.posterior.isRandom else { throw ObjectiveError.needsPosterior }
    case .penalty(let sparsity):
      guard !architecture.posterior.isRandom else { throw ObjectiveError.needsPoint }
      try sparsity.validate(for: architecture.posterior.outputActivation)
    }
  }
}

/// Which random number stands for the gradient with respect to the encoder, where a density at a sample is in the
/// objective. All have the same expectation, but for what `stickingTheLanding` says. See `LogDensityRatio`.
public enum GradientEstimator: String, Sendable, Codable, CaseIterable {
  /// The gradient of the sampled objective.
  case standard
  /// Without the score of q(z|x), whose expectation is zero (Roeder, Wu and Duvenaud 2017). For iwae with K > 1 its
  /// expectation is another.
  case stickingTheLanding = "sticking-the-landing"
  /// With the remaining score reparameterised once more (Tucker, Lawson, Gu and Maddison 2019).
  case doublyReparameterized = "doubly-reparameterized"

  /// Where words name one, or the standard one.
  init(_ settings: inout Settings) throws {
    guard !settings.isAtEnd else { self = .standard; return }
    self = GradientEstimator(rawValue: try settings.word(Self.allCases.map(\.rawValue))) ?? .standard
  }

  /// The words that `init` reads.
  var words: [String] { self == .standard ? [] : [rawValue] }
}

/// Why an objective makes no sense.
public enum ObjectiveError: Error, Equatable, CustomStringConvertible {
  /// There is no such number of samples.
  case samples(Int)
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
  /// A KL penalty on how often a unit is on, where units are not between off and on.
  case sparsityOfUnboundedCode(Activation)
  /// A latent that is drawn is needed.
  case needsPosterior
  /// A penalty on a code that is drawn: the KL divergence is one already.
  case needsPoint

  /// One line, for a person.
  public var description: String {
    switch self {
    case .samples(let count):
      "importance samples: expected 1 to \(maximumSamples), found \(count)"
    case .doublyReparameterizedELBO:
      "gradient estimator: expected doubly-reparameterized with importance weights alone, found with the ELBO"
    case .constraintWithoutClosedForm(let kind):
      "\(kind.rawValue): expected with the KL divergence in closed form, found with samples of it"
    case .nats(let kind, let nats):
      "\(kind.rawValue): expected 0 nats or more, found \(nats)"
    case .sparsityWeight(let weight):
      "sparsity weight: expected 0 or more, found \(weight)"
    case .sparsityTarget(let target):
      "sparsity target: expected a number above 0 and below 1, found \(target)"
    case .sparsityOfUnboundedCode(let activation):
      "sparsity kl: expected a code through a sigmoid, whose units are between off and on, found "
        + activation.rawValue
    case .needsPosterior:
      "objective: expected reconstruction for an autoencoder, which draws no latent and has no KL divergence"
    case .needsPoint:
      "objective: expected reconstruction with an autoencoder alone, found with a posterior, whose KL divergence "
        + "is a penalty already"
    }
  }
}
