/// The ratio of N(0, I) to a Gaussian posterior without correlations at a sample of the latter, in one loop.
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
public struct LogDensityRatio: DensityRatio {
  private let posterior: DiagonalGaussianStage

  init(_ posterior: DiagonalGaussianStage) {
    self.posterior = posterior
  }

  /// Of each own example or sample, into its column.
  public func forward(_ pass: Pass, into ratios: Matrix) {
    let (latent, s, noise) = (pass[posterior.latent], pass[posterior.s], pass[posterior.noise])
    pass.forEachGroup { group in
      VectorMath.active.logDensityRatio(
        latent: latent.rows(group.samples), logVariance: group.repeating(s), noise: noise.rows(group.samples),
        into: ratios.columns(group.samples))
    }
  }

  /// dμ ← 0;  ds ← −½ scale, or 0 without the score;  dz += scale w (z − ε exp(−s/2)), or scale w z with the score.
  public func backward(_ pass: Pass, weights: Matrix, scale: Float, withScore: Bool) {
    let own = pass.ownExamples
    pass.d(posterior.mean).rows(own).fill(0)
    pass.d(posterior.s).rows(own).fill(withScore ? -0.5 * scale : 0)
    let (latent, s, noise) = (pass[posterior.latent], pass[posterior.s], pass[posterior.noise])
    let dLatent = pass.d(posterior.latent)
    pass.forEachGroup { group in
      VectorMath.active.addLogDensityGradient(
        latent: latent.rows(group.samples), logVariance: group.repeating(s), noise: noise.rows(group.samples),
        weights: weights.columns(group.samples), scale: scale, posterior: withScore ? 0 : 1,
        accumulatingInto: dLatent.rows(group.samples))
    }
  }
}
