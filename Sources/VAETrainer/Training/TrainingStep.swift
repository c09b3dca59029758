import VAEData
import VAEKernels

/// One Adam update, as the workers of a team make it together.
///
/// Each worker takes some rows of the minibatch through the whole model and back, and, once all have, some rows of
/// every weight matrix: their gradient, and Adam on them while they are still in the cache.
///
///     own examples:    bytes → x,  ε → encoder → sample → decoder → loss → backward to every dA
///     ── barrier ──    stop here where a loss is not finite: the weights are still those that gave it
///     own parameters:  dW = Xᵀ·dA, db = Σ dA, Adam
///
/// Nothing is reduced between threads and nothing is allocated. Clipping needs the norm of the whole gradient before
/// any of it is applied, and costs a third stage and a barrier.
final class TrainingStep: @unchecked Sendable {
  let model: VariationalAutoencoder
  let workspace: Workspace
  let gradients: ParameterArena
  let adam: Adam
  private let team: ThreadTeam
  private let dataset: Dataset
  private let options: TrainingOptions
  /// Of each worker's part of the gradient, when clipping.
  private let squaredNorms: UnsafeMutablePointer<Double>
  /// Made once, so that a step does not allocate it.
  private var work: (@Sendable (Worker) -> Void)!

  // Of the step under way. Written before the workers start, read by all of them.
  private var examples = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
  private var epoch: UInt32 = 0
  private var constants = Adam.Step(learningRate: 0, firstMomentCorrection: 1, secondMomentCorrection: 1)

  init(
    _ model: VariationalAutoencoder, adam: Adam, dataset: Dataset, options: TrainingOptions, team: ThreadTeam
  ) {
    self.model = model
    self.adam = adam
    self.dataset = dataset
    self.options = options
    self.team = team
    workspace = Workspace(for: model, capacity: min(options.batchSize, dataset.count))
    gradients = ParameterArena(model.layout)
    squaredNorms = .allocate(capacity: team.count)
    work = { [unowned self] worker in self.perform(worker) }
  }

  deinit {
    squaredNorms.deallocate()
  }

  /// The sums over the minibatch of both parts of the negative ELBO, in nats, before the update.
  struct Sums {
    var reconstruction = 0.0
    var kl = 0.0
    var isFinite: Bool { reconstruction.isFinite && kl.isFinite }
  }

  /// Updates the weights by the gradient over `examples`. Where a loss is not finite it leaves them as they are.
  func run(_ examples: UnsafeBufferPointer<UInt32>, epoch: Int, _ constants: Adam.Step) -> Sums {
    precondition((1...workspace.capacity).contains(examples.count), "a minibatch of \(examples.count)")
    self.examples = examples
    self.epoch = UInt32(epoch)
    self.constants = constants
    team.run(work)
    var sums = Sums()
    for row in 0..<examples.count {
      sums.reconstruction += Double(workspace.reconstructionLoss.base[row])
      sums.kl += Double(workspace.klDivergence.base[row])
    }
    return sums
  }

  private func perform(_ worker: Worker) {
    passExamples(worker.share(of: examples.count))
    worker.barrier()
    guard lossIsFinite else { return }
    if let limit = options.gradientClipNorm {
      updateClipped(worker, limit: limit)
    } else {
      update(worker)
    }
  }

  /// The minibatch's `rows`: through the model and back.
  private func passExamples(_ rows: Range<Int>) {
    let own = UnsafeBufferPointer(rebasing: examples[rows])
    let seed = options.seed
    dataset.gather(
      own, options.binarization,
      options.binarization.stream(seed: seed, purpose: .trainingBinarization, epoch: epoch),
      into: workspace.input.rows(rows))
    VectorMath.active.fillNormal(
      workspace.noise.rows(rows), RandomStream(seed: seed, purpose: .trainingNoise, epoch: epoch), examples: own)
    model.forwardAndBackward(workspace, rows: rows, batchSize: examples.count, klWeight: options.klWeight)
  }

  /// Every worker comes to the same answer, from the same numbers.
  private var lossIsFinite: Bool {
    VectorMath.active.firstNonFinite(workspace.reconstructionLoss.base, count: examples.count) == nil
      && VectorMath.active.firstNonFinite(workspace.klDivergence.base, count: examples.count) == nil
  }

  private func update(_ worker: Worker) {
    model.backwardParameters(workspace, batchSize: examples.count, worker: worker, into: gradients) { range in
      adam.update(model.weights, gradients, range: range, constants)
    }
  }

  /// The same with the gradient scaled by limit / norm where its norm is above the limit (Pascanu, Mikolov and Bengio
  /// 2013, algorithm 1).
  private func updateClipped(_ worker: Worker, limit: Float) {
    var squaredNorm = 0.0
    model.backwardParameters(workspace, batchSize: examples.count, worker: worker, into: gradients) { range in
      squaredNorm += VectorMath.active.sumOfSquares(gradients.buffer.base + range.lowerBound, count: range.count)
    }
    squaredNorms[worker.index] = squaredNorm
    worker.barrier()
    var total = 0.0
    for index in 0..<worker.count { total += squaredNorms[index] }
    var constants = constants
    constants.gradientScale = total > Double(limit) * Double(limit) ? limit / Float(total.squareRoot()) : 1
    let range = worker.share(of: gradients.buffer.count, grain: AlignedBuffer.alignedCount)
    adam.update(model.weights, gradients, range: range, constants)
  }
}
