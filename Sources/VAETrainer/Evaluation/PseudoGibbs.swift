import CStandardLibrary
import VAEData
import VAEKernels

/// Puts draws where a row is without a column that no training row was without, before the encoder is shown it.
///
///     z ~ q(z|x),   x_missing ~ p(x|z),   in rounds
///
/// Such an encoder has never seen a gap, and would take the 0 that stands there for a value. In a chain of draws it sees the
/// row as it might be: the pseudo-Gibbs sampler of Rezende, Mohamed and Wierstra 2014 ("Stochastic backpropagation and
/// approximate inference in deep generative models"). What is drawn is shown to the encoder alone. The mask is as it was, so
/// that the loss is still one of what is known, and so is a likelihood by importance sampling, which takes any q.
///
/// A chain depends on the seed, the example and its own number alone. One chain is one way that a row might be; several
/// together, as `RowSampler` has them, are how sure the model is of it.
final class PseudoGibbs: @unchecked Sendable {
  private let model: VariationalAutoencoder
  private let likelihood: ByColumn
  private let dataset: Dataset
  private let workspace: Workspace
  private let rounds: Int
  private let seed: UInt64
  /// The columns that no training row was without, with their features.
  private let columns: [(coded: CodedColumn, features: Range<Int>)]
  /// Rows of the minibatch at hand that are without one.
  private var rows: [Int] = []
  private var examples: [UInt32] = []

  /// Nil where nothing is to be drawn: `dataset` has no gaps, or `model` knows of gaps in all columns.
  init?(_ model: VariationalAutoencoder, _ dataset: Dataset, rounds: Int = 10, seed: UInt64) {
    guard dataset.hasMissing, rounds > 0, let coding = dataset.coding,
      let likelihood = model.architecture.likelihood as? ByColumn
    else { return nil }
    columns = coding.columns.indices.compactMap { index in
      guard !coding.columns[index].mayBeMissing, let features = coding.features(ofColumn: index) else { return nil }
      return (coding.columns[index], features)
    }
    guard !columns.isEmpty else { return nil }
    (self.model, self.likelihood, self.dataset) = (model, likelihood, dataset)
    (self.rounds, self.seed) = (rounds, seed)
    workspace = Workspace(
      for: model, capacity: min(64, Evaluator.capacity(for: model)), gradients: false, form: dataset.form(for: model))
  }

  /// Fills the gaps in the input of `minibatch`, whose rows are `examples` as the data set has them; row i by the chain of
  /// the number `chain(i)`. False where there are none.
  @discardableResult
  func fill(_ examples: UnsafeBufferPointer<UInt32>, into minibatch: Minibatch, chain: (Int) -> Int) -> Bool {
    guard let mask = minibatch.mask else { return false }
    rows.removeAll(keepingCapacity: true)
    for row in 0..<examples.count where columns.contains(where: { mask[row, $0.features.lowerBound] == 0 }) {
      rows.append(row)
    }
    for start in stride(from: 0, to: rows.count, by: workspace.capacity) {
      let block = rows[start..<min(start + workspace.capacity, rows.count)]
      let own = workspace.minibatch(0..<block.count)
      self.examples.removeAll(keepingCapacity: true)
      for row in block { self.examples.append(examples[row]) }
      self.examples.withUnsafeBufferPointer { drawn in
        dataset.gather(drawn, .none, RandomStream(seed: seed, purpose: .user), into: own)
        // Epoch 0 is that of those who draw latents for the filled rows.
        for round in 1...rounds { draw(drawn, into: own, round: round) { chain(block[block.startIndex + $0]) } }
      }
      for (index, row) in block.enumerated() {
        for column in columns where mask[row, column.features.lowerBound] == 0 {
          for feature in column.features { minibatch.input[row, feature] = own.input[index, feature] }
        }
      }
    }
    return !rows.isEmpty
  }

  /// One round: from the rows as they are, latents; of these, what is missing.
  private func draw(
    _ examples: UnsafeBufferPointer<UInt32>, into minibatch: Minibatch, round: Int, chain: (Int) -> Int
  ) {
    let pass = Pass(workspace, model.weights, examples: 0..<examples.count)
    func stream(_ purpose: RandomStream.Purpose, _ row: Int) -> RandomStream {
      RandomStream(seed: seed, purpose: purpose, epoch: UInt32(round), sample: UInt32(chain(row)))
    }
    model.encode(pass)
    for row in 0..<examples.count {
      VectorMath.active.fillNormal(
        workspace.noise.rows(row..<row + 1), stream(.evaluationNoise, row),
        examples: UnsafeBufferPointer(rebasing: examples[row..<row + 1]))
    }
    model.sample(pass)
    model.decode(pass)
    for row in 0..<examples.count {
      let draws = workspace.output.rows(row..<row + 1)
      likelihood.draw(
        inPlace: draws, parameters: model.likelihoodParameterValues, stream(.pixels, row),
        examples: UnsafeBufferPointer(rebasing: examples[row..<row + 1]))
      for column in columns where minibatch.mask![row, column.features.lowerBound] == 0 {
        show(draws, of: column, in: minibatch.input.rows(row..<row + 1))
      }
    }
  }

  /// Writes a draw as the encoder sees a value.
  private func show(_ draws: Matrix, of column: (coded: CodedColumn, features: Range<Int>), in input: Matrix) {
    let first = column.features.lowerBound
    for feature in column.features { input[0, feature] = draws[0, feature] }
    let coded = column.coded
    switch coded.kind {
    case .number: input[0, first] = coded.shown(draws[0, first])
    case .inflated: input[0, first + 1] = draws[0, first] == 1 ? 0 : coded.shown(draws[0, first + 1])
    case .count: input[0, first] = coded.shown(coded.transform.forward(log1p(draws[0, first])).value)
    case .yesNo, .category, .constant: break
    }
  }
}
