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
  /// Made for what the data at hand carry beside their features.
  private(set) var workspace: Workspace
  /// The threads that share the work.
  public let team: ThreadTeam
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

  /// The examples in a pass whose inputs and outputs of layers take 32 MB at most, which caches have still some of. A few
  /// dozen there are in any case, whose products are worth reading the weights for, but none beyond 256 MB: of millions of
  /// features examples go through a few at a time.
  static func capacity(for model: VariationalAutoencoder) -> Int {
    capacity(floatsAnExample: model.plan.workspaceCount(capacity: 1, gradients: false))
  }

  static func capacity(floatsAnExample: Int) -> Int {
    min(batchCapacity, max((1 << 23) / floatsAnExample, min(64, (1 << 26) / floatsAnExample), 1))
  }

  /// Both parts of the negative ELBO, averaged over `dataset`, with one draw of ε an example.
  ///
  /// Throws `NonFiniteError` where a value stops being finite.
  public func evaluate(_ dataset: Dataset, named name: String) throws -> Evaluation {
    try evaluate(dataset, named: name) { _ in }
  }

  /// The same, and what `dataset` shows of the model's health.
  public func examine(_ dataset: Dataset, named name: String) throws -> (evaluation: Evaluation, health: ModelHealth) {
    var sums = LatentSums(latentCount: model.architecture.latentCount)
    var certainAndWrong: Double?
    let evaluation = try evaluate(dataset, named: name) { [model] rows in
      add(rows, to: &sums)
      if certainAndWrong == nil { certainAndWrong = model.shareCertainAndWrong(workspace, rows: rows) }
    }
    return (
      evaluation,
      ModelHealth(
        latentUse: LatentUse(sums), largestLogVariance: sums.largestLogVariance,
        shareCertainAndWrong: certainAndWrong ?? 0)
    )
  }

  /// What each latent dimension is used for, summed over `dataset`.
  func latentSums(of dataset: Dataset) -> LatentSums {
    var sums = LatentSums(latentCount: model.architecture.latentCount)
    forEachBatch(of: dataset) { [model] in
      model.encode($0)
    } then: { examples in
      add(0..<examples.count, to: &sums)
    }
    return sums
  }

  private func add(_ rows: Range<Int>, to sums: inout LatentSums) {
    let hasLogVariance = model.plan.posterior.logVariance != nil
    for row in rows {
      sums.add(
        mean: workspace.posteriorMean.base + row * workspace.posteriorMean.stride,
        logVariance: hasLogVariance
          ? UnsafePointer(workspace.posteriorLogVariance.base + row * workspace.posteriorLogVariance.stride) : nil)
    }
  }

  /// Calls `look` after each batch, with its rows in the workspace.
  private func evaluate(_ dataset: Dataset, named name: String, look: (Range<Int>) -> Void) throws -> Evaluation {
    var sums = (reconstruction: 0.0, kl: 0.0)
    try forEachBatch(of: dataset) { [model] in
      model.forward($0)
    } then: { examples in
      for row in 0..<examples.count {
        sums.reconstruction += Double(workspace.reconstructionLoss.base[row])
        sums.kl += Double(workspace.klDivergence.base[row])
      }
      if !(sums.reconstruction.isFinite && sums.kl.isFinite) {
        let place = NonFinitePlace.first(in: model, workspace, batchSize: examples.count)
        let losses = (0..<examples.count).map {
          Double(workspace.reconstructionLoss.base[$0]) + Double(workspace.klDivergence.base[$0])
        }
        throw error(of: losses, from: examples.lowerBound, of: dataset, named: name, place)
      }
      look(0..<examples.count)
    }
    if let failure = dataset.failure { throw failure }
    let count = Double(dataset.count)
    return Evaluation(reconstruction: sums.reconstruction / count, kl: sums.kl / count)
  }

  /// That some of `losses`, those of the examples of `dataset` from `start` on, are not finite, `place` being the first value
  /// that is not. Where others are, the example is to blame.
  private func error(
    of losses: [Double], from start: Int, of dataset: Dataset, named name: String, _ place: NonFinitePlace?
  ) -> NonFiniteError {
    let odd = start > 0 || losses.contains(where: \.isFinite) ? losses.firstIndex { !$0.isFinite } : nil
    let example = odd.map { placeOfLargestLoss(start + $0, of: dataset) }
    return NonFiniteError(place: place, during: .evaluation(set: name, example: example))
  }

  /// The posterior mean and log-variance of every example, row after row, [count, L] each; of an autoencoder the code, and
  /// no log-variances.
  public func encode(_ dataset: Dataset) -> (mean: [Float], logVariance: [Float]) {
    var posterior = makePosterior(of: dataset)
    forEachBatch(of: dataset) { [model] in
      model.encode($0)
    } then: { examples in
      append(0..<examples.count, to: &posterior)
    }
    return posterior
  }

  /// The mean squared error of a feature, reconstructed from the posterior mean: (x − E[x|z = μ])², averaged over
  /// features and examples, as far as they are known; of a coded table in the units of its features.
  public func reconstructionError(of dataset: Dataset) -> Double {
    var sum = 0.0
    var known = 0
    forEachBatch(of: dataset, withZeros: true) { [model] pass in
      model.decodeMean(pass)
      model.reconstructionMean(pass)
      let (own, workspace) = (pass.ownExamples, pass.workspace)
      let output = workspace.output.rows(own)
      let minibatch = workspace.minibatch(own)
      if let mask = minibatch.mask {
        // What is not known is neither right nor wrong.
        for row in 0..<mask.rows {
          for feature in 0..<mask.columns where mask[row, feature] == 0 {
            output[row, feature] = minibatch.target[row, feature]
          }
        }
      }
      // Half the squared error of each example, with a weight of 2.
      VectorMath.active.squaredError(
        mean: output.columns(0..<model.architecture.inputCount), minibatch.target, weight: 2, scale: 0,
        lossInto: workspace.reconstructionLoss.columns(own), gradientInto: nil)
      pass.barrier()
    } then: { examples in
      for row in 0..<examples.count { sum += Double(workspace.reconstructionLoss.base[row]) }
      let mask = workspace.minibatch(0..<examples.count).mask
      known +=
        mask.map { $0.copyElements().count { $0 != 0 } } ?? examples.count * dataset.featureCount
    }
    return sum / Double(max(known, 1))
  }

  /// Reconstructs every example from the posterior mean, and calls `body` after each batch, whose rows the workspace has:
  /// the decoder's output in `output`.
  func forEachReconstruction(of dataset: Dataset, _ body: (Workspace, _ rows: Range<Int>) -> Void) throws {
    forEachBatch(of: dataset) { [model] pass in
      model.decodeMean(pass)
    } then: { examples in
      body(workspace, 0..<examples.count)
    }
    if let failure = dataset.failure { throw failure }
  }

  /// The negative ELBO of each example, averaged over `samples` draws of ε.
  func negativeELBOs(of dataset: Dataset, samples: Int) throws -> [Double] {
    var sums = [Double](repeating: 0, count: dataset.count)
    for sample in 0..<samples {
      forEachBatch(of: dataset, sample: UInt32(sample)) { [model] in
        model.forward($0)
      } then: { examples in
        for (row, example) in examples.enumerated() {
          let loss = Double(workspace.reconstructionLoss.base[row]) + Double(workspace.klDivergence.base[row])
          // Where one part has overflowed another may be no number.
          sums[example] += loss.isNaN ? .infinity : loss
        }
      }
    }
    if let failure = dataset.failure { throw failure }
    return sums.map { $0 / Double(samples) }
  }

  /// Both parts of the negative ELBO of each example in nats, with one draw of ε, as `evaluate` averages them.
  public func losses(of dataset: Dataset) throws -> (reconstruction: [Float], kl: [Float]) {
    var losses = (reconstruction: [Float](), kl: [Float]())
    forEachBatch(of: dataset) { [model] in
      model.forward($0)
    } then: { examples in
      losses.reconstruction += workspace.reconstructionLoss.columns(0..<examples.count).copyElements()
      losses.kl += workspace.klDivergence.columns(0..<examples.count).copyElements()
    }
    if let failure = dataset.failure { throw failure }
    return losses
  }

  private func makePosterior(of dataset: Dataset) -> (mean: [Float], logVariance: [Float]) {
    var posterior = (mean: [Float](), logVariance: [Float]())
    posterior.mean.reserveCapacity(dataset.count * model.architecture.latentCount)
    if model.plan.posterior.logVariance != nil {
      posterior.logVariance.reserveCapacity(dataset.count * model.architecture.latentCount)
    }
    return posterior
  }

  private func append(_ rows: Range<Int>, to posterior: inout (mean: [Float], logVariance: [Float])) {
    posterior.mean += workspace.posteriorMean.rows(rows).copyElements()
    guard model.plan.posterior.logVariance != nil else { return }
    posterior.logVariance += workspace.posteriorLogVariance.rows(rows).copyElements()
  }

  /// Makes room for what `dataset` carries, and for all its numbers where they are looked at.
  private func prepare(for dataset: Dataset, withZeros: Bool) {
    let form = withZeros ? dataset.form(for: model).withZeros : dataset.form(for: model)
    guard workspace.form != form else { return }
    workspace = Workspace(for: model, capacity: workspace.capacity, gradients: false, form: form)
  }

  /// Fills the workspace with one batch after another, has all workers pass it, and then calls `then`.
  func forEachBatch(
    of dataset: Dataset, sample: UInt32 = 0, withZeros: Bool = false, pass: @escaping @Sendable (Pass) -> Void,
    then: (Range<Int>) throws -> Void
  ) rethrows {
    precondition(
      dataset.featureCount == model.architecture.inputCount,
      "examples of \(dataset.featureCount) features for a model of \(model.architecture.inputCount) inputs")
    let noise = RandomStream(seed: seed, purpose: .evaluationNoise, sample: sample)
    let pixels = RandomStream(seed: seed, purpose: .evaluationBinarization)
    prepare(for: dataset, withZeros: withZeros)
    let gaps = (0..<team.count).map { _ in PseudoGibbs(model, dataset, seed: seed) }
    let readAhead = ReadAhead(dataset)
    for start in stride(from: 0, to: dataset.count, by: workspace.capacity) {
      let batch = start..<min(start + workspace.capacity, dataset.count)
      indices.removeAll(keepingCapacity: true)
      for index in batch { indices.append(UInt32(index)) }
      readAhead.advance(to: batch, of: dataset.count) { $0 }
      team.run { [workspace, indices, binarization, weights = model.weights] worker in
        let own = worker.share(of: indices.count)
        indices.withUnsafeBufferPointer { indices in
          let examples = UnsafeBufferPointer(rebasing: indices[own])
          dataset.gather(examples, binarization, pixels, into: workspace.minibatch(own))
          gaps[worker.index]?.fill(examples, into: workspace.minibatch(own)) { _ in Int(sample) }
          VectorMath.active.fillNormal(workspace.noise.rows(own), noise, examples: examples)
        }
        worker.barrier()
        pass(Pass(workspace, weights, examples: 0..<indices.count, worker: worker))
      }
      try then(batch)
    }
  }
}

extension VariationalAutoencoder {
  /// x → the decoder's output at the posterior mean.
  func decodeMean(_ pass: Pass) {
    encode(pass)
    takeMean(pass)
    decode(pass)
  }
}
