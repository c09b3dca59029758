import VAEData
import VAEKernels

/// Fills in what is missing of a table's rows, given what is known of each.
///
///     z_k ~ q(z|x_known),   w_k ∝ p(x_known|z_k) p(z_k) / q(z_k|x_known),   k = 1 … K
///     E[x_missing|x_known] ≈ Σ w_k E[x_missing|z_k]
///
/// and a draw of x_missing is one from p(x|z_k) with k drawn by the weights (Mattei and Frellsen 2019, "MIWAE", section 4).
/// Where the encoder was trained without a column ever missing, it is first shown draws in its place, by `PseudoGibbs`; the
/// z_k are then from several such chains.
public struct Imputer: Sendable {
  /// K.
  public var samples = 1000
  /// The rounds of pseudo-Gibbs sampling for columns that were never missing in training; 0 for none.
  public var rounds = 10
  /// The draws of each cell, beside its mean.
  public var drawCount = 0
  /// The key of the noise.
  public var seed: UInt64

  /// An imputer.
  public init(seed: UInt64) {
    self.seed = seed
  }

  /// The missing cells of the modelled columns of `dataset`, row after row, filled in by `model`, whose likelihood must be
  /// by column.
  public func fill(_ dataset: Dataset, _ model: VariationalAutoencoder, _ team: ThreadTeam) throws -> Imputation {
    guard let coding = dataset.coding, let likelihood = model.architecture.likelihood as? ByColumn else {
      throw DataError(
        path: dataset.name, expected: "a model of a table whose likelihood is by column, to fill in what is missing",
        found: model.architecture.description)
    }
    let rows = dataset.rowsWithMissing(coding)
    let parts = (0..<team.count).map { _ in Part(drawCount) }
    team.run { worker in
      let own = worker.share(of: rows.count)
      guard !own.isEmpty else { return }
      let filler = RowFiller(self, model, likelihood, coding, dataset)
      for index in own { filler.fill(rows[index], into: &parts[worker.index].filled) }
    }
    if let failure = dataset.failure { throw failure }
    var filled = Imputation(drawCount: drawCount)
    for part in parts { filled.append(part.take()) }
    return filled
  }

  /// What one worker has filled in.
  private final class Part: @unchecked Sendable {
    var filled: Imputation

    init(_ drawCount: Int) { filled = Imputation(drawCount: drawCount) }

    /// What there is, which is no longer here.
    func take() -> Imputation {
      defer { filled = Imputation(drawCount: filled.drawCount) }
      return filled
    }
  }
}
