#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The importance-weighted bound of one example and its weights.
///
///     ℓ_k = −rec_k + β ratio_k
///     bound = log 1/K Σ exp ℓ_k,   w_k = exp ℓ_k / Σ exp ℓ_j = ∂bound/∂ℓ_k
///
/// computed with the largest ℓ taken out of the exponentials. Source: Burda, Grosse and Salakhutdinov 2015, equations 8
/// and 14.
public enum ImportanceWeights {
  /// The bound in nats; w into `weights`. All three are [1, K].
  public static func forward(
    reconstructionLoss: Matrix, logDensityRatio: Matrix, klWeight: Float, into weights: Matrix
  ) -> Double {
    let count = weights.columns
    precondition(
      count > 0 && reconstructionLoss.columns == count && logDensityRatio.columns == count,
      "\(reconstructionLoss.columns) losses and \(logDensityRatio.columns) ratios for \(count) weights")
    let logWeight = { (k: Int) in
      Double(klWeight) * Double(logDensityRatio.base[k]) - Double(reconstructionLoss.base[k])
    }
    var largest = -Double.infinity
    var isNaN = false
    for k in 0..<count {
      largest = max(largest, logWeight(k))
      isNaN = isNaN || logWeight(k).isNaN
    }
    // Without a finite maximum there is nothing to take out, and the bound is what it is.
    guard largest.isFinite && !isNaN else {
      for k in 0..<count { weights.base[k] = .nan }
      return isNaN ? .nan : largest
    }
    var sum = 0.0
    for k in 0..<count { sum += exp(logWeight(k) - largest) }
    for k in 0..<count { weights.base[k] = Float(exp(logWeight(k) - largest) / sum) }
    return largest + log(sum / Double(count))
  }
}
