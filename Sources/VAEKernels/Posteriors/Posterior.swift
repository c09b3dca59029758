/// What the encoder's output is made into: a distribution q(z|x) of the latent, of which z is drawn as a function of noise.
///
/// One file of this folder says all about one posterior: what the encoder puts out for it, how z follows from that and
/// from noise, its density, and the gradients of both right below. To add another, write such a file and name its type in
/// `Vocabulary.standard`. Docs/Architecture.md has the steps.
public protocol Posterior: Described {
  /// What the encoder puts out, in order: the tensors `encoder.<name>.weight` and `.bias`. The first is L numbers that
  /// stand for the whole distribution, its mean where it has one: what `encode` gives.
  func outputs(latentCount: Int) -> [(name: String, count: Int)]
  /// What they pass through.
  var outputActivation: Activation { get }
  /// Whether z is drawn: false where it is a function of x, and nothing is known of its density.
  var isRandom: Bool { get }
  /// A stage between the encoder's last layer, whose output is `output`, and what `lay` is given as its head; nil, as a rule,
  /// where there is none.
  func layHead(_ blueprint: inout Blueprint, output: Slot) -> (any Stage)?
  /// Takes its place between the encoder's last output `head` and the `latent` z, which it makes of standard normal `noise`
  /// of the latent's shape. Throws `ArchitectureError` where no posterior can have its settings.
  func lay(_ blueprint: inout Blueprint, head: Slot, noise: Slot, latent: Slot) throws -> any PosteriorStage
}

extension Posterior {
  /// None.
  public func layHead(_ blueprint: inout Blueprint, output: Slot) -> (any Stage)? { nil }
}

/// A posterior in its place in a model. Each worker does its own examples, all of their samples, in every pass, so that no
/// barrier is needed between its functions; rows of K samples are divided into groups by `Pass.forEachGroup`.
public protocol PosteriorStage: Sendable {
  /// What the encoder puts out, a row an example.
  var head: Slot { get }
  /// ε, a row a sample.
  var noise: Slot { get }
  /// z, a row a sample.
  var latent: Slot { get }
  /// The columns of `head` that are log σ², where the posterior is a normal distribution without correlations.
  var logVariance: Slot? { get }
  /// KL(q‖p) as an integral, where this posterior knows one for such a prior; nil by default. The prior is asked first.
  func closedForm(to prior: any PriorStage) -> (any Divergence)?

  /// head, ε → z.
  func forward(_ pass: Pass)
  /// d(z) → d(head), added to what is there.
  func backward(_ pass: Pass)
  /// As of a `Stage`; none by default.
  func backwardParameters(_ pass: Pass, into sink: any GradientSink)

  /// log q(z|x) of each sample of a group in nats, into `density` [1, K].
  func logDensity(_ pass: Pass, _ group: Pass.Group, into density: Matrix)
  /// The gradient of Σ w_k log q(z_k|x), added to d(z) and, with z held where it is, to d(head), unless only the former is
  /// wanted; `weights` [1, K].
  func logDensityGradient(_ pass: Pass, _ group: Pass.Group, weights: Matrix, onlyOfLatent: Bool)
}

extension PosteriorStage {
  /// The first L columns of `head`.
  public var mean: Slot { head.columns(0..<latent.columns) }
  /// None.
  public var logVariance: Slot? { nil }
  /// None.
  public func closedForm(to prior: any PriorStage) -> (any Divergence)? { nil }
  /// None.
  public func backwardParameters(_ pass: Pass, into sink: any GradientSink) {}
}
