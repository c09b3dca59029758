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
///                          stop here where a loss is not finite, or an example could not be read: the
///                          weights are still those that gave it
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
  private let clipping: GradientClipping?
  /// What becomes of each worker's tiles of the gradient.
  private let sinks: [any UpdatingSink]
  /// The parts that are trained.
  private let parts: ModelParts
  /// Made once, so that a step does not allocate it.
  private var work: (@Sendable (Worker) -> Void)!

  // Of the step under way. Written before the workers start, read by all of them.
  private var examples = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
  private var epoch: UInt32 = 0
  private var loss: Loss
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
    loss = Loss(options.objective, batchSize: 1)
    parts = ModelParts.all.subtracting(options.frozen)
    workspace = Workspace(
      for: model, capacity: min(options.batchSize, dataset.count), samples: options.objective.samples,
      form: dataset.form(for: model, corrupting: options.corruption.kind != .none))
    let clipping = options.gradientClipNorm.map { GradientClipping(model.layout, limit: $0) }
    self.clipping = clipping
    sinks = (0..<team.count).map { _ in
      if let clipping { return KeepingSink(clipping.gradients) }
      return TileSink(model.weights, optimizer)
    }
    work = { [unowned self] worker in self.perform(worker) }
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

  /// Updates the weights by the gradient of `loss` over `examples`. Where a loss is not finite, or an example could not be read,
  /// it leaves them as they are.
  func run(
    _ examples: UnsafeBufferPointer<UInt32>, epoch: Int, _ loss: Loss, measuringGradient: Bool,
    _ constants: UpdateStep
  ) -> Sums {
    precondition((1...workspace.capacity).contains(examples.count), "a minibatch of \(examples.count)")
    self.examples = examples
    self.epoch = UInt32(epoch)
    self.loss = loss
    measuresGradient = measuringGradient
    self.constants = constants
    team.run(work)
    clock?.complete(.finish)
    return sums()
  }

  /// One worker's way through the step.
  private func perform(_ worker: Worker) {
    let clock = worker.index == 0 ? clock : nil
    let pass = Pass(
      workspace, model.weights, examples: 0..<examples.count, worker: worker, isTraining: true,
      randomness: .init(seed: options.seed, epoch: epoch, examples: examples))
    clock?.begin()
    gather(pass, clock)
    forward(pass, clock)
    objective(pass, clock)
    guard lossIsFinite, dataset.failure == nil else { return }
    backward(pass, clock)
    update(pass, clock)
  }

  /// This worker's examples and their noise.
  private func gather(_ pass: Pass, _ clock: StepClock?) {
    let rows = pass.ownExamples
    let own = UnsafeBufferPointer(rebasing: examples[rows])
    let minibatch = workspace.minibatch(rows)
    let seed = options.seed
    dataset.gather(
      own, options.binarization,
      options.binarization.stream(seed: seed, purpose: .trainingBinarization, epoch: epoch), into: minibatch)
    if options.corruption.kind != .none {
      options.corruption.apply(
        to: minibatch.target, RandomStream(seed: seed, purpose: .corruption, epoch: epoch), examples: own,
        into: minibatch.input)
    }
    for sample in 0..<workspace.samples {
      VectorMath.active.fillNormal(
        workspace.noise(ofSample: sample).rows(rows),
        RandomStream(seed: seed, purpose: .trainingNoise, epoch: epoch, sample: UInt32(sample)), examples: own)
    }
    pass.barrier()
    clock?.complete(.gather)
  }

  private func forward(_ pass: Pass, _ clock: StepClock?) {
    model.encode(pass.training(parts.contains(.encoder)))
    clock?.complete(.encode)
    model.sample(pass)
    clock?.complete(.sample)
    model.decode(pass.training(parts.contains(.decoder)))
    clock?.complete(.decode)
  }

  private func objective(_ pass: Pass, _ clock: StepClock?) {
    model.loss(pass, loss)
    clock?.complete(.loss)
  }

  private func backward(_ pass: Pass, _ clock: StepClock?) {
    model.backward(pass, loss, parts: parts, completed: { clock?.complete($0) })
  }

  /// The gradient of this worker's own parameters, and at once the step.
  private func update(_ pass: Pass, _ clock: StepClock?) {
    let sink = sinks[pass.worker.index]
    sink.begin(constants, measuring: measuresGradient, clock)
    model.backwardParameters(pass, parts: parts, into: sink)
    guard let clipping else { return }
    pass.barrier()
    clock?.complete(.weightGradients)
    let squaredNorm = clipping.update(model.weights, optimizer, constants, pass.worker)
    sink.squares = pass.worker.index == 0 ? squaredNorm : 0
    clock?.complete(.optimizer)
  }

  /// Every worker comes to the same answer, from the same numbers.
  private var lossIsFinite: Bool {
    let math = VectorMath.active
    return math.firstNonFinite(workspace.reconstructionLoss.base, count: examples.count * workspace.samples) == nil
      && math.firstNonFinite(workspace.klDivergence.base, count: examples.count) == nil
      && math.firstNonFinite(workspace.objective.base, count: examples.count) == nil
  }

  private func sums() -> Sums {
    var sums = Sums()
    let (losses, divergences) = (workspace.reconstructionLoss.base, workspace.klDivergence.base)
    let objectives = workspace.objective.base
    for row in 0..<examples.count * workspace.samples { sums.reconstruction += Double(losses[row]) }
    sums.reconstruction /= Double(workspace.samples)
    for row in 0..<examples.count {
      sums.kl += Double(divergences[row])
      sums.objective += Double(objectives[row])
    }
    // With the closed form it is what the two sums make, without the rounding of each example's.
    if loss.isPlain(with: model.plan) { sums.objective = sums.reconstruction + Double(loss.klWeight) * sums.kl }
    if measuresGradient {
      var squares = 0.0
      for index in 0..<sinks.count { squares += sinks[index].squares }
      sums.gradientNorm = squares.squareRoot()
    }
    return sums
  }
}

/// What a step does with a tile of the gradient.
protocol UpdatingSink: GradientSink {
  /// Σ g² of this worker's tiles, where it was asked for.
  var squares: Double { get set }
  func begin(_ constants: UpdateStep, measuring: Bool, _ clock: StepClock?)
}

/// Lets an optimiser use each tile at once.
private final class TileSink: UpdatingSink {
  var squares = 0.0
  private let weights: ParameterArena
  private let optimizer: UpdateChain
  /// Room for the tile in hand.
  private let tile: AlignedBuffer
  private var constants = UpdateStep(1, learningRate: 0)
  private var isMeasuring = false
  private var clock: StepClock?

  init(_ weights: ParameterArena, _ optimizer: UpdateChain) {
    self.weights = weights
    self.optimizer = optimizer
    tile = AlignedBuffer(count: weights.layout.gradientTileCount)
  }

  func begin(_ constants: UpdateStep, measuring: Bool, _ clock: StepClock?) {
    self.constants = constants
    self.clock = clock
    isMeasuring = measuring
    squares = 0
  }

  func place(for tile: ParameterLayout.Tile) -> Matrix {
    Matrix(self.tile.base, rows: tile.rows, columns: tile.columns)
  }

  func use(_ tile: ParameterLayout.Tile, _ gradient: Matrix) {
    clock?.complete(.weightGradients)
    if isMeasuring {
      for row in 0..<gradient.rows {
        squares += VectorMath.active.sumOfSquares(gradient.base + row * gradient.stride, count: gradient.columns)
      }
    }
    optimizer.update(weights, tile, gradient: gradient, constants)
    clock?.complete(.optimizer)
  }
}

/// Keeps each tile until all of them are there.
private final class KeepingSink: UpdatingSink {
  var squares = 0.0
  private let gradients: ParameterArena

  init(_ gradients: ParameterArena) {
    self.gradients = gradients
  }

  func begin(_ constants: UpdateStep, measuring: Bool, _ clock: StepClock?) {}
  func place(for tile: ParameterLayout.Tile) -> Matrix { gradients[tile] }
  func use(_ tile: ParameterLayout.Tile, _ gradient: Matrix) {}
}
