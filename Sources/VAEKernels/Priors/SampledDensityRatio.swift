/// The ratio of any prior to any posterior at the samples, from both densities.
///
///     ratio_k = log p(z_k) − log q(z_k|x)          nats a sample
///
/// The general way, for pairs that have no loop of their own. The gradient of −w ratio is w times that of log q less that
/// of log p; with the score, that of log q has a part at fixed z, for d(head).
struct SampledDensityRatio: DensityRatio {
  private let posterior: any PosteriorStage
  private let prior: any PriorStage
  /// log q, and the weights in their scale.
  private let scratch: RowSlot

  init(_ blueprint: inout Blueprint, _ posterior: any PosteriorStage, _ prior: any PriorStage) {
    self.posterior = posterior
    self.prior = prior
    scratch = blueprint.rowSlot(posterior.latent.rows)
  }

  func forward(_ pass: Pass, into ratios: Matrix) {
    let (latent, scratch) = (pass[posterior.latent], pass[scratch])
    pass.forEachGroup { group in
      let ratio = ratios.columns(group.samples)
      let posteriorDensity = scratch.columns(group.samples)
      prior.logDensity(of: latent.rows(group.samples), pass.weights, into: ratio)
      posterior.logDensity(pass, group, into: posteriorDensity)
      for k in 0..<ratio.columns { ratio.base[k] -= posteriorDensity.base[k] }
    }
  }

  func backward(_ pass: Pass, weights: Matrix, scale: Float, withScore: Bool) {
    pass.d(posterior.head).rows(pass.ownExamples).fill(0)
    let (latent, dLatent, scratch) = (pass[posterior.latent], pass.d(posterior.latent), pass[scratch])
    pass.forEachGroup { group in
      let scaled = scratch.columns(group.samples)
      for k in 0..<scaled.columns { scaled.base[k] = scale * weights.columns(group.samples).base[k] }
      posterior.logDensityGradient(pass, group, weights: scaled, onlyOfLatent: !withScore)
      for k in 0..<scaled.columns { scaled.base[k] = -scaled.base[k] }
      prior.logDensityGradient(
        of: latent.rows(group.samples), pass.weights, weights: scaled, accumulatingInto: dLatent.rows(group.samples))
    }
  }
}
