/// The KL divergence of the approximate posterior from the prior, in closed form.
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
public enum KLDivergence {
  /// The divergence of each example, into `kl` [1, B].
  public static func forward(mean: Matrix, logVariance: Matrix, into kl: Matrix) {
    VectorMath.active.klDivergence(mean: mean, logVariance: logVariance, into: kl)
  }

  /// dμ ← scale μ;  ds ← scale ½ (exp s − 1). Overwrites.
  public static func backward(
    mean: Matrix, logVariance: Matrix, scale: Float, into dMean: Matrix, _ dLogVariance: Matrix
  ) {
    VectorMath.active.klDivergenceGradient(
      mean: mean, logVariance: logVariance, scale: scale, into: dMean, dLogVariance)
  }
}
