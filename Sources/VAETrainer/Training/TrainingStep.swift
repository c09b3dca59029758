import VAEData
import VAEKernels

/// One update, as the workers of a team make it together.
///
/// Every worker does its share of each layer's output, for all examples, and waits for the others before the next layer;
/// then its share of each weight matrix: the gradient of a few rows, and at once the optimiser on them, while they are still in
/// its cache.
///
///     own examples:        bytes → x,  class,  ε
///     every layer's share: encoder → sample → decoder → loss → backward to every dA        a barrier after each
///                          stop here where a loss is not finite: the weights are still those that gave it
///     own parameters:      dW = Xᵀ·dA, db = Σ dA, optimiser
///
/// Nothing is reduced between threads and nothing is allocated. With the products of `MatrixProduct.Engine.own` every
/// number is the same for any number of workers. Clipping needs the norm of the whole gradient before any of it is
/// applied, so then the gradient is kept whole.
final class TrainingStep: @unchecked Sendable {
  let model: VariationalAutoencoder
  let workspace: Workspace
  let optimizer: UpdateChain
  /// What it spends its time on, when someone asks.
  var clock: StepClock?
  private let team: ThreadTeam
  private let dataset: Dataset
  private let options: TrainingOptions
  /// Room for the part of the gradient that each worker has in hand.
  private let gradientTiles: AlignedBuffer
  private let gradientTileCount: Int
  private let clipping: GradientClipping?
  /// Σ g² of each worker's parts, when it is asked for.
  private let gradientSquares: UnsafeMutableBufferPointer<Double>
  /// The parts that are trained.
  private let parts: ModelParts
  /// Made once, so that a step does not allocate it.
  private var work: (@Sendable (Worker) -> Void)!

  // Of the step under way. Written before the workers start, read by all of them.
  private var examples = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
  private var epoch: UInt32 = 0
  private var klWeight: Float = 1
  private var objective: Objective
  private var measuresGradient = false
  private var constants = UpdateStep(1, learningRate: 0)

  init(
    _ model: VariationalAutoencoder, optimizer: UpdateChain, dataset: Dataset, options: TrainingOptions,
    team: ThreadTeam
  ) {
    self.model = model
    self.optimizer = optimizer
    self.dataset = dataset
    self.options = options
    self.team = team
    objective = options.objective
    parts = ModelParts.all.subtracting(options.frozen)
    workspace = Workspace(
      for: model, capacity: min(options.batchSize, dataset.count), samples: options.objective.samples,
      target: options.corruption.kind != .none)
    gradientSquares = .allocate(capacity: team.count)
    gradientSquares.initialize(repeating: 0)
    gradientTileCount = AlignedBuffer.roundedUp(model.gradientTileCount)
    gradientTiles = AlignedBuffer(count: gradientTileCount * team.count)
    let parts = parts
    clipping = options.gradientClipNorm.map { GradientClipping(model.layout, parts, limit: $0) }
    work = { [unowned self] worker in self.perform(worker) }
  }

  deinit {
    gradientSquares.deallocate()
  }

  /// The sums over the minibatch of both parts of the negative ELBO and of the objective, in nats, before the update.
  struct Sums {
    /// Averaged over the samples of each example.
    var reconstruction = 0.0
    var kl = 0.0
    var objective = 0.0
    /// The norm of the gradient over all parameters that are trained, where it was asked for.
    var gradientNorm: Double?
    var isFinite: Bool { reconstruction.isFinite && kl.isFinite && objective.isFinite }
  }

  /// Updates the weights by the gradient over `examples`. Where a loss is not finite it leaves them as they are.
  /// `capacity` is that of the objective's KL term at this step, where it has one.
  func run(
    _ examples: UnsafeBufferPointer<UInt32>, epoch: Int, klWeight: Float, capacity: Float, measuringGradient: Bool,
    _ constants: UpdateStep
  ) -> Sums {
    precondition((1...workspace.capacity).contains(examples.count), "a minibatch of \(examples.count)")
    self.examples = examples
    self.epoch = UInt32(epoch)
    self.klWeight = klWeight
    if objective.klConstraint.kind == .capacity { objective.klConstraint.nats = capacity }
    measuresGradient = measuringGradient
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
    if objective.isPlain { sums.objective = sums.reconstruction + Double(klWeight) * sums.kl }
    if measuringGradient { sums.gradientNorm = gradientSquares.reduce(0, +).squareRoot() }
    return sums
  }

  private func perform(_ worker: Worker) {
    let clock = worker.index == 0 ? clock : nil
    clock?.begin()
    gather(worker)
    clock?.complete(.gather)
    model.forwardAndBackward(
      workspace, rows: 0..<examples.count, klWeight: klWeight, objective: objective, parts: parts, worker: worker,
      completed: { clock?.complete(StepPhase($0)) })
    guard lossIsFinite else { return }
    var squares = 0.0
    if let clipping {
      model.backwardParameters(
        workspace, batchSize: examples.count, parts: parts, worker: worker, into: clipping.gradients)
      worker.barrier()
      clock?.complete(.weightGradients)
      let squaredNorm = clipping.update(model.weights, optimizer, constants, worker)
      squares = worker.index == 0 ? squaredNorm : 0
      clock?.complete(.optimizer)
    } else {
      let tile = gradientTiles.base + worker.index * gradientTileCount
      model.forEachParameterGradient(
        workspace, batchSize: examples.count, parts: parts, worker: worker, tile: tile
      ) { part, gradient in
        clock?.complete(.weightGradients)
        if measuresGradient { squares += Self.sumOfSquares(gradient) }
        optimizer.update(model.weights, part, gradient: gradient, constants)
        clock?.complete(.optimizer)
      }
    }
    gradientSquares[worker.index] = squares
  }

  private static func sumOfSquares(_ matrix: Matrix) -> Double {
    var sum = 0.0
    for row in 0..<matrix.rows {
      sum += VectorMath.active.sumOfSquares(matrix.base + row * matrix.stride, count: matrix.columns)
    }
    return sum
  }

  /// This worker's examples and their noise.
  private func gather(_ worker: Worker) {
    let rows = worker.share(of: examples.count)
    let own = UnsafeBufferPointer(rebasing: examples[rows])
    let seed = options.seed
    dataset.gather(
      own, options.binarization,
      options.binarization.stream(seed: seed, purpose: .trainingBinarization, epoch: epoch),
      into: workspace.target.rows(rows))
    if options.corruption.kind != .none {
      options.corruption.apply(
        to: workspace.target.rows(rows), RandomStream(seed: seed, purpose: .corruption, epoch: epoch), examples: own,
        into: workspace.input.rows(rows))
    }
    if model.architecture.labelCount > 0 { dataset.gatherLabels(own, into: workspace, rows: rows) }
    for sample in 0..<(model.architecture.model == .vae ? workspace.samples : 0) {
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
