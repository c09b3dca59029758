import CStandardLibrary

/// The gamma function's logarithm, its derivative, and the losses of counts that are made of them, in `Double`.
///
/// One method throughout: arguments below 20 move up by the recurrence Γ(a + 1) = a Γ(a), one after the other, and there
/// Stirling's series holds (Abramowitz and Stegun 1964, 6.1.41 and 6.3.18). Differences are written as differences, so that
/// they are right where they are small.
public enum ReferenceGamma {
  /// From here on the series, of four terms, is right to 2e-15.
  private static let large = 20.0

  /// log Γ(a + x) − log Γ(a), for a > 0 and x > −a.
  public static func logRising(_ a: Double, _ x: Double) -> Double {
    var a = a
    var moved = 0.0
    while a < large || a + x < large {
      moved -= log1p(x / a)
      a += 1
    }
    let b = a + x
    let (s, t) = (1 / a, 1 / b)
    let (p, q, r) = (s * s, s * t, t * t)
    // (t^k − s^k) / (t − s) for k = 3, 5 and 7.
    let third = p + q + r
    let fifth = p * p + p * q + p * r + q * r + r * r
    let seventh = p * p * p + p * p * q + p * q * q + q * q * q + q * q * r + q * r * r + r * r * r
    let rest = 1.0 / 12 - third / 360 + fifth / 1260 - seventh / 1680
    return moved + ((a - 0.5) * log1p(x / a) + x * (log(b) - 1) - x * q * rest)
  }

  /// ψ(a + x) − ψ(a), for a > 0 and x > −a.
  public static func digammaDifference(_ a: Double, _ x: Double) -> Double {
    var a = a
    var moved = 0.0
    while a < large || a + x < large {
      moved += x / (a * (a + x))
      a += 1
    }
    let (s, t) = (1 / a, 1 / (a + x))
    return moved + log1p(x / a) + restDifference(s, t) * x * s * t
  }

  /// log Γ(x) for x > 0, near its zeros too: 0 at 1 and 2.
  public static func logGamma(_ x: Double) -> Double {
    if x.isNaN || x == .infinity { return x }
    if x < 0.5 { return logRising(1, x) - log(x) }
    return x < 1.5 ? logRising(1, x - 1) : logRising(2, x - 2)
  }

  /// ψ(x), the derivative of log Γ, for x > 0.
  public static func digamma(_ x: Double) -> Double {
    if x.isNaN || x == .infinity { return x }
    var x = x
    var moved = 0.0
    while x < large {
      moved -= 1 / x
      x += 1
    }
    return moved + log(x) - restDifference(1 / x, 0) / x
  }

  /// A loss in nats and its slopes by the logarithms of what it is a function of.
  public struct NegativeBinomialTerm: Sendable {
    /// In nats.
    public var loss: Double
    /// The derivative by log m.
    public var slopeByLogMean: Double
    /// The derivative by log θ.
    public var slopeByLogTheta: Double
    /// The larger of the two terms whose difference the slope by log θ is.
    public var largerOfLogTheta: Double
  }

  /// A negative binomial count x ≥ 0 of mean m and variance m + m² / θ:
  ///   L = −log Γ(x + θ) + log Γ(θ) + log Γ(x + 1) − θ log(θ / (θ + m)) − x log(m / (θ + m))
  ///   dL / d log m = θ (m − x) / (θ + m)
  ///   dL / d log θ = −θ (log(θ / (θ + m)) + 1 − (x + θ) / (θ + m) + ψ(x + θ) − ψ(θ))
  ///
  /// As a sum of deviances, after Loader (2000), "Fast and accurate computation of binomial probabilities".
  public static func negativeBinomial(_ x: Double, logMean: Double, logTheta: Double) -> NegativeBinomialTerm {
    let (m, theta) = (exp(logMean), exp(logTheta))
    let (n, total) = (x + theta, theta + m)
    let ratio = (m - x) / total
    let slope = theta * ratio
    let failures = theta * excessOfLog1p(-ratio, n / total)
    let zero = theta * log1p(m / theta)
    // ψ(n) − ψ(θ) − log(n / θ), with nothing but what Stirling's series leaves where θ is large.
    let difference =
      theta < 1000
      ? digammaDifference(theta, x) - log1p(x / theta) : restDifference(1 / theta, 1 / n) * x / (theta * n)
    let loss: Double
    if x < 1 {
      loss = zero + x * log1p(theta / m) - logRising(theta, x) + logRising(1, x)
    } else {
      let counts = x * excessOfLog1p(slope / x, m / total * (n / x))
      loss =
        counts + failures + 0.5 * log(2 * .pi * x * (n / theta)) + stirlingRest(x) + stirlingRest(theta)
        - stirlingRest(n)
    }
    return NegativeBinomialTerm(
      loss: loss, slopeByLogMean: slope, slopeByLogTheta: failures - theta * difference,
      largerOfLogTheta: max(failures, theta * difference))
  }

  /// A Poisson count x ≥ 0 of rate m: m − x log m + log Γ(x + 1).
  public static func poisson(_ x: Double, logMean: Double) -> Double {
    let m = exp(logMean)
    if x < 1 { return m - x * logMean + logRising(1, x) }
    return x * excessOfLog1p((m - x) / x, m / x) + 0.5 * log(2 * .pi * x) + stirlingRest(x)
  }

  /// v − log(1 + v), given 1 + v too, which is more accurate where v is near −1.
  private static func excessOfLog1p(_ v: Double, _ y: Double) -> Double {
    if abs(v) < 1e-3 {
      return v * v * (0.5 - v * (1.0 / 3 - v * (1.0 / 4 - v * (1.0 / 5 - v / 6))))
    }
    return v < -0.5 ? v - log(y) : v - log1p(v)
  }

  /// log Γ(x) − ((x − ½) log x − x + ½ log 2π).
  private static func stirlingRest(_ x: Double) -> Double {
    if x < large { return logGamma(x) - ((x - 0.5) * log(x) - x + 0.5 * log(2 * .pi)) }
    let t = 1 / x
    let square = t * t
    return t * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)))
  }

  /// With r(t) = log x − ψ(x) of x = 1 / t, at least `large`: (r(s) − r(t)) / (s − t).
  private static func restDifference(_ s: Double, _ t: Double) -> Double {
    let (p, r) = (s * s, t * t)
    let fourth = p + r
    let sixth = p * p + p * r + r * r
    let eighth = (p * p + r * r) * (p + r)
    return 0.5 + (s + t) * (1.0 / 12 - fourth / 120 + sixth / 252 - eighth / 240)
  }
}
