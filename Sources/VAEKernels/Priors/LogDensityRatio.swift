/// The ratio of the prior to the approximate posterior at a sample of the latter.
///
///     ratio = log N(z; 0, I) − log N(z; μ, diag exp s),   z = μ + exp(s/2) ⊙ ε
///           = ½ Σ over l of (ε² − z² + s)                    nats a sample;  z, ε, s [K, L]
///
/// The loss takes it with a minus and a weight w. Its gradient has two ways to the encoder: through z, and through the μ
/// and s in the posterior's density. Held at fixed z,
///
///     ∂(−ratio)/∂z = z − ε exp(−s/2)
///
/// and in full, both ways together, the terms in ε cancel:
///
///     standard:            dz += w z;   ds += −½ w
///     without the score:   dz += w (z − ε exp(−s/2))
///
/// The score ∂ log q/∂(μ, s) at fixed z has expectation zero, so that for a weight that does not depend on z both are
/// the same in expectation (Roeder, Wu and Duvenaud 2017, equation 6). With importance weights it does depend on it, and
/// the score's part, reparameterised once more, leaves the second line with w² in place of w, for the encoder alone
/// (Tucker, Lawson, Gu and Maddison 2019, equation 8). Docs/Objectives.md derives all three.
public enum LogDensityRatio {
  /// The ratio at each sample, into `ratio` [1, K].
  public static func forward(latent: Matrix, logVariance: Matrix, noise: Matrix, into ratio: Matrix) {
    VectorMath.active.logDensityRatio(latent: latent, logVariance: logVariance, noise: noise, into: ratio)
  }

  /// dz += scale w (z − ε exp(−s/2)), or without the second term where `hasPosterior` is false; w [1, K].
  public static func backward(
    latent: Matrix, logVariance: Matrix, noise: Matrix, weights: Matrix, scale: Float, hasPosterior: Bool,
    accumulatingInto dLatent: Matrix
  ) {
    VectorMath.active.addLogDensityGradient(
      latent: latent, logVariance: logVariance, noise: noise, weights: weights, scale: scale,
      posterior: hasPosterior ? 1 : 0, accumulatingInto: dLatent)
  }
}
