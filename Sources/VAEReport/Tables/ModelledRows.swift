import VAEData
import VAEKernels
import VAETrainer

/// Rows of a table in three versions, each in the columns and units of the data: as they are, as a model reconstructs them
/// from their posterior means, and as many that it draws.
struct ModelledRows {
  /// What the columns are.
  let coding: TableCoding
  /// The places of the modelled columns among all of the table's, in its order.
  let modelled: [Int]
  /// N.
  let count: Int
  /// Raw rows [N, columns], NaN for what is missing.
  let data: [Float]
  /// E[x|z] at z = μ, of a category the likeliest level; NaN in columns that are not modelled.
  let reconstructions: [Float]
  /// x ~ p(x|z) at z ~ p(z), a row for each of the data; where the model is told something, what it is told of that row.
  let draws: [Float]

  /// As many numbers as the rows of one version may have.
  private static let mostNumbers = 1 << 23

  /// Of rows of `dataset`, evenly spaced where they are too many; nil where it is no coded table or has no rows.
  init?(_ model: VariationalAutoencoder, _ dataset: Dataset, seed: UInt64) {
    guard let coding = dataset.coding, dataset.count > 0 else { return nil }
    let width = coding.columns.count
    let dataset = dataset.shown(atMost: min(Dataset.mostShown, max(1, Self.mostNumbers / width)))
    self.coding = coding
    modelled = coding.columns.indices.filter { coding.features(ofColumn: $0) != nil }
    count = dataset.count
    var (data, reconstructions, draws): ([Float], [Float], [Float]) = ([], [], [])
    for place in 0..<count { data += dataset.raw(place) }
    reconstructions.reserveCapacity(data.count)
    draws.reserveCapacity(data.count)
    let passes = RowPasses(model, dataset, seed: seed)
    passes.forEachBatch { output, isDraw in
      for row in 0..<output.rows {
        let raw = coding.raw(ofFeatures: output.base + row * output.stride, isDraw: isDraw)
        if isDraw { draws += raw } else { reconstructions += raw }
      }
    }
    (self.data, self.reconstructions, self.draws) = (data, reconstructions, draws)
  }

  /// A column of one version, from top to bottom.
  func column(_ index: Int, of rows: [Float]) -> [Float] {
    stride(from: index, to: rows.count, by: coding.columns.count).map { rows[$0] }
  }
}

/// Means and draws of a model, some rows at a time, told of each row what the data say of it.
private struct RowPasses {
  let model: VariationalAutoencoder
  let dataset: Dataset
  let seed: UInt64

  init(_ model: VariationalAutoencoder, _ dataset: Dataset, seed: UInt64) {
    (self.model, self.dataset, self.seed) = (model, dataset, seed)
  }

  /// Calls `body` with some rows' means, and then with as many draws, until there have been as many as rows of data.
  func forEachBatch(_ body: (_ features: Matrix, _ isDraw: Bool) -> Void) {
    let floats = model.plan.workspaceCount(capacity: 1, gradients: false)
    let capacity = min(dataset.count, 256, max(1, (1 << 24) / floats))
    let workspace = Workspace(for: model, capacity: capacity, gradients: false, form: dataset.form(for: model))
    let likelihood = model.architecture.likelihood
    let features = 0..<model.architecture.inputCount
    for start in stride(from: 0, to: dataset.count, by: capacity) {
      let examples = (start..<min(start + capacity, dataset.count)).map { UInt32($0) }
      let rows = 0..<examples.count
      let pass = Pass(workspace, model.weights, examples: rows)
      let (latent, output) = (workspace.latent.rows(rows), workspace.output.rows(rows))
      examples.withUnsafeBufferPointer { examples in
        dataset.gather(
          examples, .none, RandomStream(seed: seed, purpose: .evaluationBinarization), into: workspace.minibatch(rows))
        model.encode(pass)
        latent.copy(workspace.posteriorMean.rows(rows))
        model.decode(pass)
        likelihood.mean(inPlace: output, parameters: model.likelihoodParameterValues)
        body(output.columns(features), false)
        VectorMath.active.fillNormal(latent, RandomStream(seed: seed, purpose: .priorSample), examples: examples)
        model.plan.prior.draw(inPlace: latent, model.weights)
        model.decode(pass)
        likelihood.draw(
          inPlace: output, parameters: model.likelihoodParameterValues, RandomStream(seed: seed, purpose: .pixels),
          examples: examples)
        body(output.columns(features), true)
      }
    }
  }
}
