import Foundation

/// The standard normal distribution.
package enum NormalDistribution {
  /// Φ(x), the probability below x.
  package static func probability(below x: Double) -> Double {
    0.5 * erfc(-x / 2.0.squareRoot())
  }

  /// φ(x), the density.
  package static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

  /// Φ⁻¹(p): the x below which the probability is `p`, strictly between 0 and 1.
  ///
  /// Newton's method on Φ(x) = p. From 0 it converges for every p, since Φ is convex below 0 and concave above: each
  /// step stays on the near side of the solution.
  package static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile at \(p); 0 < p < 1 have one")
    var x = 0.0
    for _ in 0..<100 {
      let step = (p - probability(below: x)) / density(x)
      x += step
      if abs(step) < 1e-14 * max(abs(x), 1) { break }
    }
    return x
  }
}
