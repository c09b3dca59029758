import Foundation
import VAEKernels

/// Probabilistic principal component analysis: the best that a linear model with Gaussian noise can do.
///
///     z ~ N(0, I_L),   x = W z + b + noise of variance σ²,   so that   x ~ N(b, W Wᵀ + σ² I_D)
///
/// With λ₁ ≥ λ₂ ≥ … the eigenvalues of the data's covariance, the likelihood is greatest where b is the mean, W spans the
/// first L eigenvectors and
///
///     σ² = 1/(D − L) Σ over l > L of λ_l
///     log p(x), on average, = −½ (D log 2π + Σ over l ≤ L of log λ_l + (D − L) log σ² + D)
///
/// Source: Tipping and Bishop 1999, equations 3, 7 and 8. A variational autoencoder whose encoder and decoder are linear
/// and whose variance is learned has this optimum and no other maxima (Lucas, Tucker, Grosse and Norouzi 2019).
public struct ProbabilisticPCA: Sendable {
  /// L.
  public let latentCount: Int
  /// σ².
  public let noiseVariance: Double
  /// log p(x), nats per example, averaged over the examples that the covariance is of.
  public let logLikelihood: Double

  /// The optimum for data of this covariance. Throws `LAPACKError`; the data must have more dimensions than L, and vary
  /// beyond the first L directions.
  public init(_ data: SampleCovariance, latentCount: Int) throws {
    let dimension = data.dimension
    precondition((1..<dimension).contains(latentCount), "\(latentCount) latent dimensions of \(dimension)")
    let eigenvalues = try LAPACK.eigen(ofSymmetric: data.covariance, order: dimension).values
    let rest = Double(dimension - latentCount)
    self.latentCount = latentCount
    noiseVariance = eigenvalues[latentCount...].reduce(0, +) / rest
    guard noiseVariance > 0 else { throw LAPACKError.notPositiveDefinite(leadingMinor: latentCount + 1) }
    let logDeterminant = eigenvalues[..<latentCount].reduce(0) { $0 + log($1) } + rest * log(noiseVariance)
    logLikelihood = -0.5 * (Double(dimension) * (log(2 * .pi) + 1) + logDeterminant)
  }
}

extension VariationalAutoencoder {
  /// log p(x) of a model with a linear decoder and Gaussian pixels of one variance, exactly, in nats per example, averaged
  /// over the data that `data` is the covariance of; nil for other models.
  ///
  /// With M = Wᵀ W + σ² I_L, d the distance of the data's mean from b, and S' = S + d dᵀ,
  ///
  ///     log |W Wᵀ + σ² I| = (D − L) log σ² + log |M|
  ///     mean of (x − b)ᵀ (W Wᵀ + σ² I)⁻¹ (x − b) = (tr S' − tr M⁻¹ Wᵀ S' W) / σ²
  ///
  /// by the determinant lemma and Woodbury's identity, so that only matrices of L × L are decomposed. Throws `LAPACKError`.
  public func exactLogLikelihood(of data: SampleCovariance) throws -> Double? {
    guard architecture.posterior is DiagonalGaussian, architecture.decoder.layers.isEmpty,
      architecture.covariateCount == 0, let output = plan.decoder.first as? DenseStage
    else {
      return nil
    }
    let variance: Double
    switch architecture.likelihood {
    case let gaussian as Gaussian: variance = Double(gaussian.variance)
    case is LearnedGaussian: variance = exp(Double(likelihoodParameterValues[0, 0]))
    default: return nil
    }
    let (dimension, latentCount) = (data.dimension, architecture.latentCount)
    precondition(
      dimension == architecture.inputCount, "data of \(dimension) features for \(architecture.inputCount) inputs")
    // [L, D]: row l is the direction of latent l.
    let w = weights[output.weight].copyElements().map(Double.init)
    let bias = weights[output.bias].copyElements().map(Double.init)
    let offset = zip(data.mean, bias).map { $0 - $1 }
    var trace = 0.0
    for index in 0..<dimension { trace += data.covariance[index * dimension + index] + offset[index] * offset[index] }
    // S' W, one row for each latent.
    let moved = (0..<latentCount).map { latent -> [Double] in
      let direction = w[latent * dimension..<(latent + 1) * dimension]
      let along = zip(direction, offset).reduce(0) { $0 + $1.0 * $1.1 }
      return (0..<dimension).map { row in
        zip(direction, data.covariance[row * dimension..<(row + 1) * dimension]).reduce(along * offset[row]) {
          $0 + $1.0 * $1.1
        }
      }
    }
    var m = [Double](repeating: 0, count: latentCount * latentCount)
    for row in 0..<latentCount {
      for column in 0..<latentCount {
        var sum = row == column ? variance : 0
        for index in 0..<dimension { sum += w[row * dimension + index] * w[column * dimension + index] }
        m[row * latentCount + column] = sum
      }
    }
    let factor = try LAPACK.cholesky(m, order: latentCount)
    var explained = 0.0
    for column in 0..<latentCount {
      // Column `column` of Wᵀ S' W, and of M⁻¹ times it the diagonal element.
      let right = (0..<latentCount).map { row in
        (0..<dimension).reduce(0.0) { $0 + w[row * dimension + $1] * moved[column][$1] }
      }
      explained += LAPACK.solve(cholesky: factor, order: latentCount, right)[column]
    }
    let rootLogDeterminant = (0..<latentCount).reduce(0) { $0 + log(factor[$1 * latentCount + $1]) }
    let logDeterminant = Double(dimension - latentCount) * log(variance) + 2 * rootLogDeterminant
    return -0.5 * (Double(dimension) * log(2 * .pi) + logDeterminant + (trace - explained) / variance)
  }
}
