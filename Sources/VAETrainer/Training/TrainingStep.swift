import VAEData
import VAEKernels

/// One Adam update, as the workers of a team make it together.
///
/// Every worker does its share of each layer's output, for all examples, and waits for the others before the next layer;
/// then its share of each weight matrix: the gradient of a few rows, and at once Adam on them, while they are still in
/// its cache.
///
///     own examples:        bytes → x,  ε
///     every layer's share: encoder → sample → decoder → loss → backward to every dA        a barrier after each
///                          stop here where a loss is not finite: the weights are still those that gave it
///     own parameters:      dW = Xᵀ·dA, db = Σ dA, Adam
///
/// Nothing is reduced between threads and nothing is allocated. With the products of `MatrixProduct.Engine.own` every
/// number is the same for any number of workers. Clipping needs the norm of the whole gradient before any of it is
/// applied, so then the gradient is kept whole.
final class TrainingStep: @unchecked Sendable {
  let model: VariationalAutoencoder
  let workspace: Workspace
  let adam: Adam
  /// What it spends its time on, when someone asks.
  var clock: StepClock?
  private let team: ThreadTeam
  private let dataset: Dataset
  private let options: TrainingOptions
  /// Room for the part of the gradient that each worker has in hand.
  private let gradientTiles: AlignedBuffer
  private let gradientTileCount: Int
  private let clipping: GradientClipping?
  /// Made once, so that a step does not allocate it.
  private var work: (@Sendable (Worker) -> Void)!

  // Of the step under way. Written before the workers start, read by all of them.
  private var examples = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
  private var epoch: UInt32 = 0
  private var klWeight: Float = 1
  private var constants = Adam.Step(learningRate: 0, firstMomentCorrection: 1, secondMomentCorrection: 1)

  init(
    _ model: VariationalAutoencoder, adam: Adam, dataset: Dataset, options: TrainingOptions, team: ThreadTeam
  ) {
    self.model = model
    self.adam = adam
    self.dataset = dataset
    self.options = options
    self.team = team
    workspace = Workspace(
      for: model, capacity: min(options.batchSize, dataset.count), samples: options.objective.samples)
    gradientTileCount = AlignedBuffer.roundedUp(model.gradientTileCount)
    gradientTiles = AlignedBuffer(count: gradientTileCount * team.count)
    clipping = options.gradientClipNorm.map { GradientClipping(model.layout, limit: $0) }
    work = { [unowned self] worker in self.perform(worker) }
  }

  /// The sums over the minibatch of both parts of the negative ELBO and of the objective, in nats, before the update.
  struct Sums {
    /// Averaged over the samples of each example.
    var reconstruction = 0.0
    var kl = 0.0
    var objective = 0.0
    var isFinite: Bool { reconstruction.isFinite && kl.isFinite && objective.isFinite }
  }

  /// Updates the weights by the gradient over `examples`. Where a loss is not finite it leaves them as they are.
  func run(_ examples: UnsafeBufferPointer<UInt32>, epoch: Int, klWeight: Float, _ constants: Adam.Step) -> Sums {
    precondition((1...workspace.capacity).contains(examples.count), "a minibatch of \(examples.count)")
    self.examples = examples
    self.epoch = UInt32(epoch)
    self.klWeight = klWeight
    self.constants = constants
    team.run(work)
    clock?.complete(.finish)
    var sums = Sums()
    for row in 0..<examples.count * workspace.samples {
      sums.reconstruction += Double(workspace.reconstructionLoss.base[row])
    }
    sums.reconstruction /= Double(workspace.samples)
    for row in 0..<examples.count {
      sums.kl += Double(workspace.klDivergence.base[row])
      sums.objective += Double(workspace.objective.base[row])
    }
    // With the closed form it is what the two sums make, without the rounding of each example's.
    if !options.objective.hasDensityRatio { sums.objective = sums.reconstruction + Double(klWeight) * sums.kl }
    return sums
  }

  private func perform(_ worker: Worker) {
    let clock = worker.index == 0 ? clock : nil
    clock?.begin()
    gather(worker)
    clock?.complete(.gather)
    model.forwardAndBackward(
      workspace, rows: 0..<examples.count, klWeight: klWeight, objective: options.objective, worker: worker,
      completed: { clock?.complete(StepPhase($0)) })
    guard lossIsFinite else { return }
    if let clipping {
      model.backwardParameters(workspace, batchSize: examples.count, worker: worker, into: clipping.gradients)
      worker.barrier()
      clock?.complete(.weightGradients)
      clipping.update(model.weights, adam, constants, worker)
      clock?.complete(.optimizer)
    } else {
      let tile = gradientTiles.base + worker.index * gradientTileCount
      model.forEachParameterGradient(workspace, batchSize: examples.count, worker: worker, tile: tile) {
        clock?.complete(.weightGradients)
        adam.update(model.weights, $0, gradient: $1, constants)
        clock?.complete(.optimizer)
      }
    }
  }

  /// This worker's examples and their noise.
  private func gather(_ worker: Worker) {
    let rows = worker.share(of: examples.count)
    let own = UnsafeBufferPointer(rebasing: examples[rows])
    let seed = options.seed
    dataset.gather(
      own, options.binarization,
      options.binarization.stream(seed: seed, purpose: .trainingBinarization, epoch: epoch),
      into: workspace.input.rows(rows))
    for sample in 0..<workspace.samples {
      VectorMath.active.fillNormal(
        workspace.noise(ofSample: sample).rows(rows),
        RandomStream(seed: seed, purpose: .trainingNoise, epoch: epoch, sample: UInt32(sample)), examples: own)
    }
    worker.barrier()
  }

  /// Every worker comes to the same answer, from the same numbers.
  private var lossIsFinite: Bool {
    let math = VectorMath.active
    return math.firstNonFinite(workspace.reconstructionLoss.base, count: examples.count * workspace.samples) == nil
      && math.firstNonFinite(workspace.klDivergence.base, count: examples.count) == nil
      && math.firstNonFinite(workspace.objective.base, count: examples.count) == nil
  }
}
