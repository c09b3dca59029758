import VAETrainer

extension LatentUse {
  /// The dimensions from the most to the least used: by KL, or for an autoencoder by the variance of its codes. Those that
  /// have no such figure come last; equals keep their order.
  public var dimensionsByUse: [Int] {
    let use = klPerDimension.isEmpty ? variancePerDimension : klPerDimension
    return use.indices.sorted {
      let (a, b) = (use[$0].isNaN ? -.infinity : use[$0], use[$1].isNaN ? -.infinity : use[$1])
      return a == b ? $0 < $1 : a > b
    }
  }

  /// Whether the posterior mean of a dimension varies over the examples.
  public func isActive(_ dimension: Int) -> Bool { variancePerDimension[dimension] > Self.activityThreshold }

  /// The active dimensions, the most used first.
  public var activeDimensions: [Int] { dimensionsByUse.filter(isActive) }
}
