/// Sampling from the approximate posterior q(z|x) = N(μ, diag exp s), s = log σ².
///
///     z = μ + exp(s/2) ⊙ ε            μ, s, ε, z [B, L];  ε ~ N(0, I) is an input
///
/// With ε held fixed z is a smooth function of μ and s, so that with dz = ∂loss/∂z
///
///     dμ += dz
///     ds += ½ dz ⊙ ε ⊙ exp(s/2)
///
/// Both accumulate: the gradient of the KL divergence meets them here. Source: Kingma and Welling 2014, section 2.4.
public enum Reparameterization {
  /// z ← μ + exp(s/2) ⊙ ε.
  public static func forward(mean: Matrix, logVariance: Matrix, noise: Matrix, into latent: Matrix) {
    VectorMath.active.reparameterize(mean: mean, logVariance: logVariance, noise: noise, into: latent)
  }

  /// dμ += dz;  ds += ½ dz ⊙ ε ⊙ exp(s/2).
  public static func backward(
    dLatent: Matrix, logVariance: Matrix, noise: Matrix, accumulatingInto dMean: Matrix, _ dLogVariance: Matrix
  ) {
    VectorMath.active.reparameterizeGradient(
      dLatent: dLatent, logVariance: logVariance, noise: noise, accumulatingInto: dMean, dLogVariance)
  }
}
