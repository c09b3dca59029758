import CStandardLibrary
import VAEKernels

/// Distributions of counts, as they are written.
extension Reference {
  /// log m of a row: log E + a, or log E + log softmax(a).
  static func logCountMeans(_ a: [Double], _ link: CountForm.Link, exposure: Double) -> [Double] {
    let exposure = max(exposure, 1e-30)
    guard link == .softmax else { return a.map { log(exposure) + $0 } }
    let largest = a.max() ?? 0
    let total = a.reduce(0) { $0 + exp($1 - largest) }
    return a.map { log(exposure) + $0 - largest - log(total) }
  }

  /// −log p of a count of which some are lost, b the logit of that.
  static func zeroInflated(_ x: Double, logMean: Double, logTheta: Double, b: Double) -> Double {
    let counted = ReferenceGamma.negativeBinomial(x, logMean: logMean, logTheta: logTheta).loss
    guard x == 0 else { return softplus(b) + counted }
    let (lost, kept) = (-softplus(-b), -softplus(b) - counted)
    let larger = max(lost, kept)
    return -(larger + log(exp(lost - larger) + exp(kept - larger)))
  }
}

/// A distribution of counts of so much exposure.
public protocol ReferenceCountLikelihood: ReferenceLikelihood {
  /// −log p(x|z) in nats, given the decoder's outputs for z, the exposure, and what the likelihood has learned.
  func referenceLoss(outputs: [Double], example: [Double], exposure: Double, parameters: [Double]) -> Double
}

extension ReferenceCountLikelihood {
  /// Of the exposure that is the row's sum.
  public func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double {
    referenceLoss(outputs: outputs, example: example, exposure: example.reduce(0, +), parameters: parameters)
  }
}

extension Poisson: ReferenceCountLikelihood {
  /// As it is written.
  public func referenceLoss(
    outputs: [Double], example: [Double], exposure: Double, parameters: [Double]
  ) -> Double {
    let means = Reference.logCountMeans(outputs, form.link, exposure: exposure)
    return zip(example, means).reduce(0) { $0 + ReferenceGamma.poisson($1.0, logMean: $1.1) }
  }
}

extension NegativeBinomial: ReferenceCountLikelihood {
  /// As it is written.
  public func referenceLoss(
    outputs: [Double], example: [Double], exposure: Double, parameters: [Double]
  ) -> Double {
    let count = example.count
    let means = Reference.logCountMeans(Array(outputs[..<count]), form.link, exposure: exposure)
    let logTheta = form.dispersion == .decoder ? Array(outputs[count..<2 * count]) : parameters
    return example.indices.reduce(0) {
      $0 + ReferenceGamma.negativeBinomial(example[$1], logMean: means[$1], logTheta: logTheta[$1]).loss
    }
  }
}

extension ZeroInflatedNegativeBinomial: ReferenceCountLikelihood {
  /// As it is written.
  public func referenceLoss(
    outputs: [Double], example: [Double], exposure: Double, parameters: [Double]
  ) -> Double {
    let count = example.count
    let means = Reference.logCountMeans(Array(outputs[..<count]), form.link, exposure: exposure)
    let logTheta = form.dispersion == .decoder ? Array(outputs[count..<2 * count]) : parameters
    return example.indices.reduce(0) {
      $0
        + Reference.zeroInflated(
          example[$1], logMean: means[$1], logTheta: logTheta[$1], b: outputs[outputs.count - count + $1])
    }
  }
}
