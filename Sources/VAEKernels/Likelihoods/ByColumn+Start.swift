import CStandardLibrary

/// Where it starts.
extension ByColumn {
  /// Where there are Gaussian columns.
  public var startsFromVariance: Bool { gaussianCount > 0 }

  /// What makes each column's mean that of the data: the mean itself, its logit, the logarithms of the levels' shares, the
  /// logarithm of the mean count. Probabilities and counts are kept at 0.001 at least, and probabilities at 0.999 at most,
  /// first: what never happens has no finite logarithm.
  public func initialOutput(mean: [Float], variance: [Float]) -> [Float] {
    var output = mean
    for run in runs {
      for feature in run.features {
        let probability = min(max(mean[feature], 0.001), 0.999)
        switch run.family {
        case .gaussian: break
        case .bernoulli: output[feature] = log(probability / (1 - probability))
        case .categorical: output[feature] = log(probability)
        case .poisson: output[feature] = log(max(mean[feature], 0.001))
        }
      }
    }
    return output
  }

  /// b of each Gaussian column, such that v is the logarithm of its variance, at least 1e-3: a column that never changes
  /// should not start sure of it.
  ///
  /// b = v₀ + log(exp(v − v₀) − 1) = v + log(1 − exp(v₀ − v)); v is above v₀, as 1e-3 is above 1e-4.
  public func initialParameters(mean: [Float], variance: [Float]) -> [Float] {
    runs.filter { $0.family == .gaussian }.flatMap(\.features).map { feature in
      let logVariance = log(max(variance[feature], 1e-3))
      return logVariance + log1p(-exp(Self.logVarianceFloor - logVariance))
    }
  }
}
