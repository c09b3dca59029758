/// p(z) = N(0, I).
///
///     log p(z) = −½ Σ over l of (z² + log 2π)          nats;  z [rows, L]
///     dz = −z
public struct StandardNormal: Prior, PriorStage {
  /// "standard-normal".
  public static let name = "standard-normal"

  /// The one member.
  public init() {}
  /// No words.
  public init(_ settings: inout Settings) {}

  /// It learns nothing.
  public func lay(_ blueprint: inout Blueprint, latentCount: Int) -> any PriorStage { self }

  /// They are draws from it.
  public func draw(inPlace noise: Matrix, _ weights: ParameterArena) {}

  /// −½ Σ (z² + log 2π).
  public func logDensity(of latents: Matrix, _ weights: ParameterArena, into density: Matrix) {
    for row in 0..<latents.rows {
      var sum: Float = 0
      for l in 0..<latents.columns {
        let z = latents.base[row * latents.stride + l]
        sum += z * z + logTwoPi
      }
      density.base[row] = -0.5 * sum
    }
  }

  /// dz −= w z.
  public func logDensityGradient(
    of latents: Matrix, _ parameters: ParameterArena, weights: Matrix, accumulatingInto dLatents: Matrix
  ) {
    for row in 0..<latents.rows {
      for l in 0..<latents.columns {
        dLatents.base[row * dLatents.stride + l] -= weights.base[row] * latents.base[row * latents.stride + l]
      }
    }
  }

  /// From a Gaussian without correlations.
  public func closedForm(from posterior: any PosteriorStage) -> (any Divergence)? {
    (posterior as? DiagonalGaussianStage).map(KLDivergence.init)
  }

  /// From a Gaussian without correlations.
  public func densityRatio(from posterior: any PosteriorStage) -> (any DensityRatio)? {
    (posterior as? DiagonalGaussianStage).map(LogDensityRatio.init)
  }
}

extension Prior where Self == StandardNormal {
  /// N(0, I).
  public static var standardNormal: StandardNormal { StandardNormal() }
}
