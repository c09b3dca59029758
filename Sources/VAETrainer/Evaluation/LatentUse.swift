import Foundation
import VAEData
import VAEKernels

/// What each latent dimension is used for.
///
/// Of a single example no variance is known, and so not what varies: `activeUnits` is nil then.
public struct LatentUse: Sendable, Hashable {
  /// KL(q(z|x) ‖ p(z)) of each dimension, averaged over the examples, in nats; empty for an autoencoder.
  public var klPerDimension: [Double]
  /// The variance over the examples of each dimension's posterior mean; of a single example 0.
  public var variancePerDimension: [Double]

  /// The number of examples that this was found on.
  public let exampleCount: Int

  /// A dimension is active where its posterior mean varies by more than this (Burda, Grosse and Salakhutdinov 2015).
  public static let activityThreshold = 0.01

  /// The number of active dimensions; nil where a single example cannot tell.
  public var activeUnits: Int? {
    exampleCount > 1 ? variancePerDimension.count { $0 > Self.activityThreshold } : nil
  }

  /// "3 of 20 dimensions active".
  public var activity: String {
    let all = variancePerDimension.count
    return activeUnits.map { "\($0) of \(all.counted("dimension")) active" }
      ?? "how many of \(all.counted("dimension")) are active cannot be told from one example"
  }

  /// Whether the decoder is told nothing, as no dimension is active; nil where there are fewer than ten examples, which may
  /// be alike.
  public var hasCollapsed: Bool? { exampleCount < 10 ? nil : activeUnits == 0 }

  /// Of posteriors, row after row [count, L] each, or of codes, which have no log-variances.
  public init(mean: [Float], logVariance: [Float], latentCount: Int) {
    precondition(
      (mean.count == logVariance.count || logVariance.isEmpty) && latentCount > 0 && mean.count % latentCount == 0
        && !mean.isEmpty,
      "\(mean.count) means and \(logVariance.count) log-variances of \(latentCount) dimensions")
    exampleCount = mean.count / latentCount
    let count = Double(exampleCount)
    klPerDimension = (0..<(logVariance.isEmpty ? 0 : latentCount)).map { dimension in
      var sum = 0.0
      for index in stride(from: dimension, to: mean.count, by: latentCount) {
        let (mean, s) = (Double(mean[index]), Double(logVariance[index]))
        sum += 0.5 * (expm1(s) - s + mean * mean)
      }
      return sum / count
    }
    variancePerDimension = (0..<latentCount).map { dimension in
      let values = stride(from: dimension, to: mean.count, by: latentCount).map { Double(mean[$0]) }
      let average = values.reduce(0, +) / count
      return values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / count
    }
  }
}

extension Evaluator {
  /// What each latent dimension is used for on `dataset`.
  public func latentUse(of dataset: Dataset) -> LatentUse {
    let posterior = encode(dataset)
    return LatentUse(
      mean: posterior.mean, logVariance: posterior.logVariance, latentCount: model.architecture.latentCount)
  }
}
