import CStandardLibrary
import VAEKernels

/// −Σ log p_c(x_c|z) over the columns that are known, each as a textbook has it.
extension ByColumn: ReferenceLikelihood {
  /// As it is written, of an example without gaps.
  public func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double {
    referenceLoss(outputs: outputs, example: example, mask: nil, parameters: parameters)
  }

  /// As it is written.
  public func referenceLoss(
    outputs: [Double], example: [Double], mask: [Double]?, parameters: [Double]
  ) -> Double {
    var sum = 0.0
    var feature = 0
    var logVariances = parameters.makeIterator()
    for family in families {
      let columns = feature..<feature + family.width
      feature = columns.upperBound
      let b = family == .gaussian ? logVariances.next()! : 0
      if let mask, mask[columns.lowerBound] == 0 { continue }
      sum += Self.referenceLoss(family, outputs: Array(outputs[columns]), example: Array(example[columns]), b)
    }
    return sum
  }

  private static func referenceLoss(
    _ family: ColumnFamily, outputs: [Double], example: [Double], _ b: Double
  ) -> Double {
    let (a, x) = (outputs[0], example[0])
    switch family {
    case .gaussian:
      let floor = Double(logVarianceFloor)
      return -Reference.logNormal([x], mean: [a], logVariance: [floor + Reference.softplus(b - floor)])
    case .bernoulli: return x * Reference.softplus(-a) + (1 - x) * Reference.softplus(a)
    case .categorical:
      let total = outputs.reduce(0) { $0 + exp($1) }
      return zip(outputs, example).reduce(0) { $0 - $1.1 * log(exp($1.0) / total) }
    case .poisson: return exp(a) - x * a + lgamma(x + 1).0
    }
  }
}
