/// The KL divergence of a Gaussian posterior without correlations from N(0, I), in closed form.
///
///     KL(N(μ, diag exp s) ‖ N(0, I)) = ½ Σ over l of (exp s + μ² − 1 − s)       nats an example;  μ, s [B, L]
///
/// so that, element by element,
///
///     dμ = μ,   ds = ½ (exp s − 1)
///
/// each times `scale`, which carries the 1/B of the average and the weight β of this term. Source: Kingma and Welling
/// 2014, appendix B. exp s − 1 is computed as one function (expm1): near s = 0, where a collapsed dimension sits, the
/// difference of two numbers near 1 would have no digits left.
public struct KLDivergence: Divergence {
  private let posterior: DiagonalGaussianStage

  init(_ posterior: DiagonalGaussianStage) {
    self.posterior = posterior
  }

  /// Of each own example or sample, into its column.
  public func forward(_ pass: Pass, into divergences: Matrix) {
    let own = pass.ownExamples
    VectorMath.active.klDivergence(
      mean: pass[posterior.mean].rows(own), logVariance: pass[posterior.s].rows(own), into: divergences.columns(own))
  }

  /// dμ ← scale μ;  ds ← scale ½ (exp s − 1).
  public func backward(_ pass: Pass, scale: Float) {
    let own = pass.ownExamples
    VectorMath.active.klDivergenceGradient(
      mean: pass[posterior.mean].rows(own), logVariance: pass[posterior.s].rows(own), scale: scale,
      into: pass.d(posterior.mean).rows(own), pass.d(posterior.s).rows(own))
  }

  /// By dimension, over all examples.
  public func sums(_ pass: Pass, dimensions: Range<Int>, into sums: Matrix) {
    VectorMath.active.klColumns(
      mean: pass[posterior.mean].columns(dimensions), logVariance: pass[posterior.s].columns(dimensions), into: sums)
  }

  /// dμ and ds of one dimension.
  public func scaleGradient(_ pass: Pass, dimension: Int, by slope: Float) {
    let own = pass.ownExamples
    let (dMean, dS) = (pass.d(posterior.mean).rows(own), pass.d(posterior.s).rows(own))
    for row in 0..<dMean.rows {
      dMean.base[row * dMean.stride + dimension] *= slope
      dS.base[row * dS.stride + dimension] *= slope
    }
  }
}
