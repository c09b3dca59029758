import CVectorMath

/// The gamma function's logarithm in differences, and what the losses of counts are made of, a number at a time: for
/// tests of their error, and benchmarks.
extension VectorMath {
  /// log Γ(θ + x) − log Γ(θ) and ψ(θ + x) − ψ(θ), for θ > 0 and x ≥ 0.
  public func logRising(_ theta: [Float], _ x: [Float]) -> (values: [Float], slopes: [Float]) {
    precondition(theta.count == x.count, "\(theta.count) θ for \(x.count) counts")
    var values = [Float](repeating: 0, count: x.count)
    var slopes = values
    table.pointee.map_rising(theta, x, &values, &slopes, x.count)
    return (values, slopes)
  }

  /// Poisson losses of counts x ≥ 0 in nats, m − x log m + log Γ(x + 1), and their slopes by log m.
  public func poisson(_ x: [Float], logMean: [Float]) -> (losses: [Float], slopes: [Float]) {
    precondition(logMean.count == x.count, "\(logMean.count) means for \(x.count) counts")
    var losses = [Float](repeating: 0, count: x.count)
    var slopes = losses
    table.pointee.map_poisson(x, logMean, &losses, &slopes, x.count)
    return (losses, slopes)
  }

  /// Negative binomial losses in nats, of mean m and variance m + m² / θ, and their slopes by log m and log θ.
  public struct NegativeBinomialTerms {
    /// In nats.
    public var losses: [Float]
    /// θ (m − x) / (θ + m).
    public var slopesByLogMean: [Float]
    /// The derivative by log θ.
    public var slopesByLogTheta: [Float]
  }

  /// Those of counts x > 0, or of as many counts of 0 as there are means, where x is nil.
  public func negativeBinomial(_ x: [Float]?, logMean: [Float], logTheta: [Float]) -> NegativeBinomialTerms {
    let count = logMean.count
    precondition(
      logTheta.count == count && x?.count ?? count == count,
      "\(count) means and \(logTheta.count) θ for \(x?.count ?? count) counts")
    let zeros = [Float](repeating: 0, count: count)
    var terms = NegativeBinomialTerms(losses: zeros, slopesByLogMean: zeros, slopesByLogTheta: zeros)
    table.pointee.map_negative_binomial(
      x, logMean, logTheta, &terms.losses, &terms.slopesByLogMean, &terms.slopesByLogTheta, count)
    return terms
  }

  /// The same into memory that is there, for benchmarks.
  package func mapRising(
    _ theta: UnsafePointer<Float>, _ x: UnsafePointer<Float>, values: UnsafeMutablePointer<Float>?,
    slopes: UnsafeMutablePointer<Float>?, count: Int
  ) {
    table.pointee.map_rising(theta, x, values, slopes, count)
  }

  package func mapPoisson(
    _ x: UnsafePointer<Float>, logMean: UnsafePointer<Float>, losses: UnsafeMutablePointer<Float>,
    slopes: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.map_poisson(x, logMean, losses, slopes, count)
  }

  package func mapNegativeBinomial(
    _ x: UnsafePointer<Float>?, logMean: UnsafePointer<Float>, logTheta: UnsafePointer<Float>,
    losses: UnsafeMutablePointer<Float>, byLogMean: UnsafeMutablePointer<Float>,
    byLogTheta: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.map_negative_binomial(x, logMean, logTheta, losses, byLogMean, byLogTheta, count)
  }
}
