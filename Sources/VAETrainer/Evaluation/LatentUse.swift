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
    var sums = LatentSums(latentCount: latentCount)
    mean.withUnsafeBufferPointer { mean in
      logVariance.withUnsafeBufferPointer { logVariance in
        for start in stride(from: 0, to: mean.count, by: latentCount) {
          sums.add(
            mean: mean.baseAddress! + start, logVariance: logVariance.isEmpty ? nil : logVariance.baseAddress! + start)
        }
      }
    }
    self.init(sums)
  }

  /// Of at least one example.
  init(_ sums: LatentSums) {
    exampleCount = sums.exampleCount
    let count = Double(exampleCount)
    klPerDimension = sums.divergence.map { $0 / count }
    variancePerDimension = sums.first.indices.map { dimension in
      let difference = sums.first[dimension] / count
      return max(sums.second[dimension] / count - difference * difference, 0)
    }
  }
}

/// What `LatentUse` is made of, an example at a time: a test set may have millions.
struct LatentSums {
  private(set) var exampleCount = 0
  /// Σ KL(q(z|x) ‖ p(z)) of each dimension; empty without log-variances.
  private(set) var divergence: [Double] = []
  /// Σ (μ − μ₁) of each dimension, where μ₁ is the first example's mean, and Σ (μ − μ₁)².
  private(set) var first: [Double]
  private(set) var second: [Double]
  /// The largest |s| of any example and dimension.
  private(set) var largestLogVariance: Float = 0
  private var shift: [Double]

  init(latentCount: Int) {
    (first, second, shift) = (
      Array(repeating: 0, count: latentCount), Array(repeating: 0, count: latentCount),
      Array(repeating: 0, count: latentCount)
    )
  }

  /// Counts an example's posterior mean and log-variances [L] each.
  mutating func add(mean: UnsafePointer<Float>, logVariance: UnsafePointer<Float>?) {
    if exampleCount == 0 {
      for dimension in shift.indices { shift[dimension] = Double(mean[dimension]) }
      if logVariance != nil { divergence = Array(repeating: 0, count: shift.count) }
    }
    exampleCount += 1
    for dimension in shift.indices {
      let mean = Double(mean[dimension])
      let difference = mean - shift[dimension]
      first[dimension] += difference
      second[dimension] += difference * difference
      guard let logVariance else { continue }
      let s = Double(logVariance[dimension])
      divergence[dimension] += 0.5 * (expm1(s) - s + mean * mean)
      largestLogVariance = max(largestLogVariance, abs(logVariance[dimension]))
    }
  }
}

extension Evaluator {
  /// What each latent dimension is used for on `dataset`.
  public func latentUse(of dataset: Dataset) -> LatentUse {
    LatentUse(latentSums(of: dataset))
  }
}
