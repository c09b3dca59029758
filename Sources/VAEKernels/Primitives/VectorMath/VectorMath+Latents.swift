/// The sample, the KL divergence and the ratio of densities, each with its gradient.
extension VectorMath {
  /// z = μ + exp(s/2) ⊙ ε.
  package func reparameterize(mean: Matrix, logVariance: Matrix, noise: Matrix, into latent: Matrix) {
    checkHalves(mean, logVariance)
    checkSameShape(noise, mean)
    checkSameShape(latent, mean)
    table.pointee.reparameterize(
      mean.base, logVariance.base, mean.stride, noise.base, noise.stride, latent.base, latent.stride, mean.rows,
      mean.columns)
  }

  /// dμ += dz;  ds += ½ dz ⊙ ε ⊙ exp(s/2).
  package func reparameterizeGradient(
    dLatent: Matrix, logVariance: Matrix, noise: Matrix, accumulatingInto dMean: Matrix, _ dLogVariance: Matrix
  ) {
    checkHalves(dMean, dLogVariance)
    checkSameShape(dLatent, logVariance)
    checkSameShape(noise, logVariance)
    checkSameShape(dMean, logVariance)
    table.pointee.reparameterize_gradient(
      dLatent.base, dLatent.stride, logVariance.base, logVariance.stride, noise.base, noise.stride, dMean.base,
      dLogVariance.base, dMean.stride, dLatent.rows, dLatent.columns)
  }

  /// KL(N(μ, exp s) ‖ N(0, I)) of each row in nats.
  package func klDivergence(mean: Matrix, logVariance: Matrix, into kl: Matrix) {
    checkHalves(mean, logVariance)
    checkLosses(kl, rows: mean.rows)
    table.pointee.kl_divergence(mean.base, logVariance.base, mean.stride, mean.rows, mean.columns, kl.base)
  }

  /// The sum over the rows of each dimension's KL(N(μ, exp s) ‖ N(0, 1)), into `sums` [1, L].
  package func klColumns(mean: Matrix, logVariance: Matrix, into sums: Matrix) {
    checkHalves(mean, logVariance)
    precondition(sums.columns == mean.columns, "\(sums.columns) sums for \(mean.columns) dimensions")
    table.pointee.kl_columns(mean.base, logVariance.base, mean.stride, mean.rows, mean.columns, sums.base)
  }

  /// dμ ← scale μ;  ds ← scale ½ (exp s − 1).
  package func klDivergenceGradient(
    mean: Matrix, logVariance: Matrix, scale: Float, into dMean: Matrix, _ dLogVariance: Matrix
  ) {
    checkHalves(mean, logVariance)
    checkHalves(dMean, dLogVariance)
    checkSameShape(dMean, mean)
    table.pointee.kl_divergence_gradient(
      mean.base, logVariance.base, mean.stride, scale, dMean.base, dLogVariance.base, dMean.stride, mean.rows,
      mean.columns)
  }

  /// log N(z; 0, I) − log N(z; μ, exp s) of each row, where z = μ + exp(s/2) ⊙ ε.
  package func logDensityRatio(latent: Matrix, logVariance: Matrix, noise: Matrix, into ratio: Matrix) {
    checkSameShape(latent, logVariance)
    checkSameShape(noise, logVariance)
    checkLosses(ratio, rows: latent.rows)
    table.pointee.log_density_ratio(
      latent.base, latent.stride, logVariance.base, logVariance.stride, noise.base, noise.stride, latent.rows,
      latent.columns, ratio.base)
  }

  /// dz += scale weight (z − posterior ε exp(−s/2)), a weight [1, rows] for each row.
  package func addLogDensityGradient(
    latent: Matrix, logVariance: Matrix, noise: Matrix, weights: Matrix, scale: Float, posterior: Float,
    accumulatingInto dLatent: Matrix
  ) {
    checkSameShape(latent, logVariance)
    checkSameShape(noise, logVariance)
    checkSameShape(dLatent, logVariance)
    checkLosses(weights, rows: latent.rows)
    table.pointee.add_log_density_gradient(
      latent.base, latent.stride, logVariance.base, logVariance.stride, noise.base, noise.stride, weights.base,
      scale, posterior, dLatent.base, dLatent.stride, latent.rows, latent.columns)
  }
}
