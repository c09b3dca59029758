import VAEData
import VAEKernels

/// How strange each example of a set is to a model.
public struct RowScores: Sendable {
  /// What is counted.
  public enum Measure: String, Sendable, CaseIterable {
    /// −log p(x) by importance sampling.
    case likelihood
    /// The negative ELBO, averaged over samples.
    case elbo
  }

  /// For each example, in nats; the higher the stranger.
  public var scores: [Double]

  /// The least score that is above a share `quantile` of these.
  public func threshold(quantile: Double) -> Double {
    let sorted = scores.sorted()
    precondition(!sorted.isEmpty && (0...1).contains(quantile), "the \(quantile) quantile of \(sorted.count) scores")
    // Between two of them, as NumPy's quantile has it.
    let place = quantile * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    let share = place - Double(below)
    // Some may be infinite.
    if share == 0 || sorted[below] == sorted[above] { return sorted[below] }
    return sorted[below] + share * (sorted[above] - sorted[below])
  }
}

extension Evaluator {
  /// The scores of `dataset` from `samples` latents an example: infinite of one so far out that no latent explains it at all.
  /// Throws `NonFiniteError` where one is not a number.
  public func scores(of dataset: Dataset, by measure: RowScores.Measure, samples: Int) throws -> RowScores {
    let scores: [Double] =
      switch measure {
      case .likelihood: try logLikelihoods(of: dataset, samples: samples).map { -$0 }
      case .elbo: try negativeELBOs(of: dataset, samples: samples)
      }
    if let odd = scores.firstIndex(where: { $0.isNaN || $0 == -.infinity }) {
      let example = scores.contains(where: \.isFinite) ? dataset.place(of: odd) : nil
      throw NonFiniteError(place: nil, during: .evaluation(set: dataset.name, example: example))
    }
    return RowScores(scores: scores)
  }
}
