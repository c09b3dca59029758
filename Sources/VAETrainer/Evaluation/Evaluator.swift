import VAEData
import VAEKernels

/// Forward passes over whole data sets, some hundred examples at a time by all threads together.
///
/// The noise of an example depends on the seed and its place in the set alone, and the losses are summed in order in double
/// precision. So the figures do not depend on the number of threads, except for the last digits where OpenBLAS multiplies,
/// whose products round differently when they are divided differently (see `MatrixProduct`).
public final class Evaluator {
  /// The most examples in one pass.
  public static let batchCapacity = 512

  let model: VariationalAutoencoder
  private let workspace: Workspace
  let team: ThreadTeam
  let binarization: Binarization
  let seed: UInt64
  private var indices: [UInt32] = []

  /// An evaluator of `model` as it is at the time of each call. The binarisation and the seed decide what the model is
  /// shown.
  public init(
    _ model: VariationalAutoencoder, binarization: Binarization = .none, seed: UInt64 = 0, team: ThreadTeam
  ) {
    self.model = model
    self.binarization = binarization
    self.seed = seed
    self.team = team
    workspace = Workspace(for: model, capacity: Self.capacity(for: model), gradients: false)
    indices.reserveCapacity(workspace.capacity)
  }

  /// The examples in a pass whose inputs and outputs of layers take 256 MB at most: those of millions of features go
  /// through a few at a time.
  static func capacity(for model: VariationalAutoencoder) -> Int {
    let layers = model.encoder.layers + model.decoder.layers
    return capacity(floatsAnExample: layers.reduce(model.architecture.inputCount) { $0 + $1.outputCount })
  }

  static func capacity(floatsAnExample: Int) -> Int {
    min(batchCapacity, max(1, (1 << 26) / floatsAnExample))
  }

  /// Both parts of the negative ELBO, averaged over `dataset`, with one draw of ε an example.
  ///
  /// Throws `NonFiniteError` where a value stops being finite.
  public func evaluate(_ dataset: Dataset, named name: String) throws -> Evaluation {
    var sums = (reconstruction: 0.0, kl: 0.0)
    try forEachBatch(of: dataset) { [model] workspace, rows, worker in
      model.forward(workspace, rows: rows, worker: worker)
    } then: { examples in
      for row in 0..<examples.count {
        sums.reconstruction += Double(workspace.reconstructionLoss.base[row])
        sums.kl += Double(workspace.klDivergence.base[row])
      }
      if !(sums.reconstruction.isFinite && sums.kl.isFinite) {
        throw NonFiniteError(
          place: NonFinitePlace.first(in: model, workspace, batchSize: examples.count), during: .evaluation(set: name))
      }
    }
    let count = Double(dataset.count)
    return Evaluation(reconstruction: sums.reconstruction / count, kl: sums.kl / count)
  }

  /// The posterior mean and log-variance of every example, row after row, [count, L] each.
  public func encode(_ dataset: Dataset) -> (mean: [Float], logVariance: [Float]) {
    var mean: [Float] = []
    var logVariance: [Float] = []
    mean.reserveCapacity(dataset.count * model.architecture.latentCount)
    logVariance.reserveCapacity(dataset.count * model.architecture.latentCount)
    forEachBatch(of: dataset) { [model] workspace, rows, worker in
      model.encode(workspace, rows: rows, worker: worker)
    } then: { examples in
      mean += workspace.posteriorMean.rows(0..<examples.count).copyElements()
      logVariance += workspace.posteriorLogVariance.rows(0..<examples.count).copyElements()
    }
    return (mean, logVariance)
  }

  /// Fills the workspace with one batch after another, has all workers pass it, and then calls `then`.
  private func forEachBatch(
    of dataset: Dataset, pass: @escaping @Sendable (Workspace, Range<Int>, Worker) -> Void,
    then: (Range<Int>) throws -> Void
  ) rethrows {
    precondition(
      dataset.featureCount == model.architecture.inputCount,
      "examples of \(dataset.featureCount) features for a model of \(model.architecture.inputCount) inputs")
    let noise = RandomStream(seed: seed, purpose: .evaluationNoise)
    let pixels = RandomStream(seed: seed, purpose: .evaluationBinarization)
    for start in stride(from: 0, to: dataset.count, by: workspace.capacity) {
      let batch = start..<min(start + workspace.capacity, dataset.count)
      indices.removeAll(keepingCapacity: true)
      for index in batch { indices.append(UInt32(index)) }
      team.run { [workspace, indices, binarization] worker in
        let own = worker.share(of: indices.count)
        indices.withUnsafeBufferPointer { indices in
          let examples = UnsafeBufferPointer(rebasing: indices[own])
          dataset.gather(examples, binarization, pixels, into: workspace.input.rows(own))
          VectorMath.active.fillNormal(workspace.noise.rows(own), noise, examples: examples)
        }
        worker.barrier()
        pass(workspace, 0..<indices.count, worker)
      }
      try then(batch)
    }
  }
}
