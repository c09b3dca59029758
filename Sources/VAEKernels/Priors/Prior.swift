/// What a latent is drawn from when nothing is known: p(z).
///
/// One file of this folder says all about one prior; a closed-form divergence from it has a file of its own beside it. To
/// add another, write such a file and name its type in `Vocabulary.standard`.
public protocol Prior: Described {
  /// Takes its place beside the latents, L numbers each. A prior learns nothing so far.
  func lay(_ blueprint: inout Blueprint, latentCount: Int) throws -> any PriorStage
}

/// A prior in its place in a model.
public protocol PriorStage: Sendable {
  /// Makes draws from the prior of standard normal numbers [rows, L], in place.
  func draw(inPlace noise: Matrix, _ weights: ParameterArena)
  /// log p(z) of each row in nats, into `density` [1, rows].
  func logDensity(of latents: Matrix, _ weights: ParameterArena, into density: Matrix)
  /// Adds the gradient of Σ w_k log p(z_k) to `dLatents`; `weights` [1, rows].
  func logDensityGradient(
    of latents: Matrix, _ parameters: ParameterArena, weights: Matrix, accumulatingInto dLatents: Matrix)
  /// KL(q‖p) as an integral, where there is one for such a posterior.
  func closedForm(from posterior: any PosteriorStage) -> (any Divergence)?
  /// log p(z) − log q(z|x) in one loop, where there is one for such a posterior; nil by default: then both densities are
  /// taken one after the other, by `SampledDensityRatio`.
  func densityRatio(from posterior: any PosteriorStage) -> (any DensityRatio)?
}

extension PriorStage {
  /// None.
  public func densityRatio(from posterior: any PosteriorStage) -> (any DensityRatio)? { nil }
}

/// KL(q(z|x) ‖ p(z)) as a function of what the encoder puts out. Each worker does its own examples, `pass.ownExamples`.
public protocol Divergence: Sendable {
  /// The divergence of each own example in nats, into those columns of `divergences`, [1, examples of the pass].
  func forward(_ pass: Pass, into divergences: Matrix)
  /// d(head) ← `scale` times its gradient, of each own example.
  func backward(_ pass: Pass, scale: Float)
  /// The sum over all examples of the pass, of each of some latent dimensions, into `sums` [1, dimensions].
  func sums(_ pass: Pass, dimensions: Range<Int>, into sums: Matrix)
  /// Multiplies d(head) of own examples by `slope`, in what belongs to one dimension.
  func scaleGradient(_ pass: Pass, dimension: Int, by slope: Float)
}

/// log p(z) − log q(z|x) at the samples. Each worker does its own examples.
public protocol DensityRatio: Sendable {
  /// The ratio at each own sample in nats, into those columns of `ratios`, [1, samples of the pass].
  func forward(_ pass: Pass, into ratios: Matrix)
  /// The gradient of −`scale` Σ w_k ratio_k of own examples: sets d(head) to what it gets with z held where it is, and adds
  /// to d(z). `weights` [1, samples of the pass]; those of an example add up to 1. Without the `score`, the gradient of
  /// log q with z held where it is, that d(head) is zero.
  func backward(_ pass: Pass, weights: Matrix, scale: Float, withScore: Bool)
}
