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
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}

extension Evaluator {
  /// The scores of `dataset` from `samples` latents an example. Throws `NonFiniteError` where one is not finite.
  public func scores(of dataset: Dataset, by measure: RowScores.Measure, samples: Int) throws -> RowScores {
    let scores: [Double] =
      switch measure {
      case .likelihood: try logLikelihoods(of: dataset, samples: samples).map { -$0 }
      case .elbo: try negativeELBOs(of: dataset, samples: samples)
      }
    guard scores.allSatisfy(\.isFinite) else {
      throw NonFiniteError(place: nil, during: .evaluation(set: dataset.name))
    }
    return RowScores(scores: scores)
  }

  /// For each example and modelled column of a table, in the order of `TableCoding.modelled`, −log p of the column at the
  /// posterior mean, [examples, columns]; under a likelihood that is by column. What is missing has 0.
  public func columnLosses(of dataset: Dataset) throws -> [Float] {
    guard let likelihood = model.architecture.likelihood as? ByColumn else {
      throw DataError(
        path: dataset.name, expected: "a model whose likelihood is by column, for what each contributes",
        found: model.architecture.likelihood.description)
    }
    let families = likelihood.columnCount
    // An inflated column has two.
    let widths = dataset.coding?.modelled.map { $0.kind == .inflated ? 2 : 1 } ?? Array(repeating: 1, count: families)
    var losses: [Float] = []
    losses.reserveCapacity(dataset.count * widths.count)
    let buffer = AlignedBuffer(count: Evaluator.batchCapacity * families)
    try forEachReconstruction(of: dataset) { workspace, rows in
      let minibatch = workspace.minibatch(rows)
      let output = Matrix(buffer.base, rows: rows.count, columns: families)
      likelihood.columnLosses(
        output: workspace.output.rows(rows), parameters: model.likelihoodParameterValues,
        Observation(minibatch.target, mask: minibatch.mask), into: output)
      for row in 0..<output.rows {
        var family = 0
        for width in widths {
          losses.append((family..<family + width).reduce(0) { $0 + output[row, $1] })
          family += width
        }
      }
    }
    return losses
  }
}
