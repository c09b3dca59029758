import CStandardLibrary

/// Numbers of several distributions, one after another, in double precision.
extension RandomSequence {
  /// The next number in [0, 1), a multiple of 2⁻⁵³: two of `next()`.
  package mutating func fineUniform() -> Double {
    let high = UInt64(next())
    return Double((high << 32 | UInt64(next())) >> 11) * 0x1p-53
  }

  /// The next normal number, by Box and Muller (1958).
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - fineUniform())).squareRoot()
    return radius * cos(2 * .pi * fineUniform())
  }

  /// The next Poisson number: a whole one, exactly of the distribution as far as double precision goes, which is well
  /// beyond a rate of 1e6. A rate that is not finite is returned as it is.
  ///
  /// Below 10 by inversion, and from there by PTRS, "transformed rejection with squeeze" (Hörmann 1993, "The transformed
  /// rejection method for generating Poisson random variables"), whose constants these are: the uniform number u goes
  /// through a function near to the inverse of the distribution, and v decides whether the result is taken.
  mutating func poisson(rate: Double) -> Double {
    guard rate.isFinite else { return rate }
    if rate < 10 { return invertedPoisson(rate: rate) }
    let b = 0.931 + 2.53 * rate.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let squeeze = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = fineUniform() - 0.5
      let v = fineUniform()
      let room = 0.5 - abs(u)
      let count = ((2 * a / room + b) * u + rate + 0.43).rounded(.down)
      if room >= 0.07, v <= squeeze { return count }
      if count < 0 || (room < 0.013 && v > room) { continue }
      if log(v * inverseAlpha / (a / (room * room) + b)) <= count * log(rate) - rate - lgamma(count + 1).0 {
        return count
      }
    }
  }

  /// The next number of a gamma distribution of this shape and scale 1, whose mean is the shape: a normal number cubed, taken
  /// or not (Marsaglia and Tsang 2000, "A simple method for generating gamma variables"). Below 1 it is that of a shape one
  /// larger, times a power of a uniform number. Of a shape that is not finite, or 0, it is the shape.
  mutating func gamma(shape: Double) -> Double {
    guard shape.isFinite, shape > 0 else { return shape }
    if shape < 1 { return gamma(shape: shape + 1) * exp(log(1 - fineUniform()) / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(1 - fineUniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  /// The count at which the running sum of the probabilities passes a uniform number.
  private mutating func invertedPoisson(rate: Double) -> Double {
    var left = fineUniform()
    var count = 0.0
    var probability = exp(-rate)
    // Where rounding leaves something of the uniform number, the probabilities come to 0, far out.
    while left >= probability, probability > 0 {
      left -= probability
      count += 1
      probability *= rate / count
    }
    return count
  }
}
