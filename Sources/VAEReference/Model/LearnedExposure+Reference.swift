import CStandardLibrary
import VAEKernels

/// What is known of the logarithm of an example's exposure where that is learned: q(l|x) = N(μ, exp s), p(l) = N(m, v).
struct ReferenceExposure {
  let mean: Double
  let logVariance: Double
  let priorMean: Double
  let priorVariance: Double

  /// l, as it is written.
  func sample(_ noise: Double) -> Double { mean + exp(logVariance / 2) * noise }

  /// KL of both normal distributions, as it is written.
  var divergence: Double {
    let distance = mean - priorMean
    return (log(priorVariance / exp(logVariance)) + (exp(logVariance) + distance * distance) / priorVariance - 1) / 2
  }

  /// log p(l) − log q(l|x).
  func ratio(_ l: Double) -> Double {
    Reference.logNormal([l], mean: [priorMean], logVariance: [log(priorVariance)])
      - Reference.logNormal([l], mean: [mean], logVariance: [logVariance])
  }
}

extension ReferenceModel {
  /// Of each example, where the exposure is learned.
  func learnedExposures(
    _ examples: [[Double]], labels: [Int]? = nil, numbers: [[Double]]? = nil, training: ReferenceTraining? = nil
  ) -> [ReferenceExposure]? {
    guard let layers = architecture.exposureEncoder else { return nil }
    let drawings = (architecture.encoder.layers + architecture.decoder.layers).count { $0 is any DrawsNoise }
    let hidden = encoded(layers, "exposure", examples, labels, numbers, training, drawings: drawings)
    return hidden.indices.map { example in
      let shares = batchShares(numbers?[example])
      func prior(_ name: String) -> Double {
        zip(shares, parameters["exposure.\(name)"]!).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return ReferenceExposure(
        mean: dense("exposure.mean", hidden[example])[0],
        logVariance: dense("exposure.log_variance", hidden[example])[0], priorMean: prior("prior_mean"),
        priorVariance: prior("prior_variance"))
    }
  }

  /// How much an example is of each batch, by the numbers that it is told: of one, or alike of all where of none.
  func batchShares(_ numbers: [Double]?) -> [Double] {
    guard let places = architecture.batchCovariates, let numbers else { return [1] }
    let told = Array(numbers[places])
    return told.contains { $0 != 0 } ? told : told.map { _ in 1 / Double(told.count) }
  }
}
