import VAEData
import VAEKernels

/// Figures of a model on a data set, in nats per example.
public struct Evaluation: Sendable, Hashable {
  /// −log p(x|z), one draw of z an example.
  public var reconstruction: Double
  /// KL(q(z|x) ‖ p(z)).
  public var kl: Double

  /// Their sum: an upper bound, in expectation, on −log p(x).
  public var negativeELBO: Double { reconstruction + kl }
}

/// Forward passes over whole data sets, some hundred examples at a time on every thread.
///
/// The figures do not depend on the number of threads, to the last bit: the noise of an example depends on the seed and
/// its place in the set alone, the losses are summed in order in double precision, and the set is cut into tiles of a
/// fixed size, since a product of another number of rows may round differently. Threads only choose who does which tile.
public final class Evaluator {
  /// The examples that one thread takes through the model at a time.
  private static let tileSize = 64
  /// The examples in one pass of up to eight threads; of more, a tile for each.
  public static let batchCapacity = 8 * tileSize

  private let model: VariationalAutoencoder
  private let workspace: Workspace
  private let team: ThreadTeam
  private let binarization: Binarization
  private let seed: UInt64
  private var indices: [UInt32] = []

  /// An evaluator of `model` as it is at the time of each call. The options' seed, number of draws and binarisation
  /// decide what the model is shown.
  public init(
    _ model: VariationalAutoencoder, binarization: Binarization = .none, seed: UInt64 = 0, team: ThreadTeam
  ) {
    self.model = model
    self.binarization = binarization
    self.seed = seed
    self.team = team
    workspace = Workspace(for: model, capacity: max(Self.batchCapacity, Self.tileSize * team.count), gradients: false)
    indices.reserveCapacity(workspace.capacity)
  }

  /// Both parts of the negative ELBO, averaged over `dataset`, with one draw of ε an example.
  ///
  /// Throws `NonFiniteError` where a value stops being finite.
  public func evaluate(_ dataset: Dataset, named name: String) throws -> Evaluation {
    var sums = (reconstruction: 0.0, kl: 0.0)
    try forEachBatch(of: dataset) { [model] workspace, rows in
      model.forward(workspace, rows: rows)
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
    forEachBatch(of: dataset) { [model] workspace, rows in
      model.encode(workspace, rows: rows)
    } then: { examples in
      mean += workspace.posteriorMean.rows(0..<examples.count).copyElements()
      logVariance += workspace.posteriorLogVariance.rows(0..<examples.count).copyElements()
    }
    return (mean, logVariance)
  }

  /// Fills the workspace with one batch after another, has every worker pass its own rows, and then calls `then`.
  private func forEachBatch(
    of dataset: Dataset, pass: @escaping @Sendable (Workspace, Range<Int>) -> Void,
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
        let distance = worker.count * Self.tileSize
        for start in stride(from: worker.index * Self.tileSize, to: indices.count, by: distance) {
          let rows = start..<min(start + Self.tileSize, indices.count)
          indices.withUnsafeBufferPointer { indices in
            let own = UnsafeBufferPointer(rebasing: indices[rows])
            dataset.gather(own, binarization, pixels, into: workspace.input.rows(rows))
            VectorMath.active.fillNormal(workspace.noise.rows(rows), noise, examples: own)
          }
          pass(workspace, rows)
        }
      }
      try then(batch)
    }
  }
}
