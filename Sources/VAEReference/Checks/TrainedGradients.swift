import CStandardLibrary
import VAEKernels

/// The gradients that a training step makes, at random weights, on random examples.
public struct TrainedGradients {
  /// The model, which may be any.
  public let model: VariationalAutoencoder
  /// What the encoder sees [batchSize][D], from 0 to 1 unless it is given.
  public let inputs: [[Double]]
  /// What is to be reconstructed, the same or another.
  public let targets: [[Double]]
  /// 1 where that is known, else 0 [batchSize][D]; nil where all of it is.
  public let masks: [[Double]]?
  /// The class of each, for a conditional model.
  public let labels: [Int]?
  /// The numbers that the model is told of each, where it is.
  public let numbers: [[Double]]?
  /// The exposure of each, for counts whose exposure is not learned.
  public let exposures: [Double]?
  /// ε [batchSize][K][L], or [batchSize][K][L + 1] where the exposure is learned.
  public let noise: [[[Double]]]
  /// What the batch is to layers that draw.
  public let training: ReferenceTraining
  /// By tensor name, weights as [out, in].
  public let gradients: [String: [Float]]

  /// The workers share the step as they do in training. Where `isCorrupted` the encoder sees something else than what is
  /// to be reconstructed. `examples` [batchSize][D] take the place of random ones, and `masks` say what of them is known;
  /// `features` how the model is shown them. The exposure of a row is its sum, or one of `exposures`. The first examples are of
  /// one batch after the other, where the model is told batches, and the next of none; the prior of a learned exposure is
  /// near the logarithm of what there is.
  public init(
    _ architecture: Architecture, _ objective: any Objective, batchSize: Int, klWeight: Float = 1,
    isCorrupted: Bool = false, examples: [[Float]]? = nil, masks: [[Float]]? = nil, exposures: [Float]? = nil,
    features: MinibatchForm.Features = .dense, seed: UInt64 = 0, _ team: ThreadTeam
  ) throws {
    try objective.validate(for: architecture)
    let model = try VariationalAutoencoder(architecture, seed: seed)
    let workspace = Workspace(
      for: model, capacity: batchSize, samples: objective.samples,
      form: MinibatchForm(
        side: [isCorrupted ? .target : [], masks == nil ? [] : .mask, architecture.sideInputs],
        features: features))
    let rows = AlignedBuffer(count: batchSize * architecture.inputCount)
    let x = Matrix(rows.base, rows: batchSize, columns: architecture.inputCount)
    let arena = ParameterArena(model.layout)
    let indices = (0..<batchSize).map { UInt32($0) }
    let labels = architecture.labelCount > 0 ? (0..<batchSize).map { UInt8($0 % architecture.labelCount) } : nil
    labels?.withUnsafeBufferPointer { workspace.setLabels($0, rows: 0..<batchSize) }
    let loss = Loss(objective, batchSize: batchSize, klWeight: klWeight)
    indices.withUnsafeBufferPointer { indices in
      let math = VectorMath.active
      let stream = RandomStream(seed: seed, purpose: .user)
      let minibatch = workspace.minibatch(0..<batchSize)
      math.fillUniform(workspace.input, stream, examples: indices)
      if isCorrupted {
        math.fillUniform(workspace.target, RandomStream(seed: seed, purpose: .user, epoch: 1), examples: indices)
      }
      if let examples {
        minibatch.target.setElements(examples.flatMap { $0 })
      } else if let likelihood = architecture.likelihood as? ByColumn {
        likelihood.drawExamples(into: minibatch.target, stream, examples: indices)
      } else if architecture.likelihood.sideInputs.contains(.exposure) {
        minibatch.target.drawCounts()
      }
      x.copy(minibatch.target)
      if let exposure = minibatch.exposure {
        for row in 0..<batchSize {
          exposure[row, 0] = exposures?[row] ?? x.rows(row..<row + 1).copyElements().reduce(0, +)
        }
      }
      if architecture.exposureEncoder != nil {
        let batches = Float(architecture.batchCovariates?.count ?? 1)
        model.setExposurePrior(
          means: stride(from: 0, to: batches, by: 1).map { log(Float(architecture.inputCount)) + 0.5 * $0 },
          variances: stride(from: 0, to: batches, by: 1).map { 0.3 + 0.2 * $0 }, starts: true)
      }
      if let entries = minibatch.entries {
        math.collect(x, into: entries)
        if !minibatch.hasZeros { minibatch.target.fill(.nan) }
      }
      if let masks { minibatch.mask?.setElements(masks.flatMap { $0 }) }
      if architecture.numericCovariateCount > 0, let numbers = workspace.minibatch(0..<batchSize).numericCovariates {
        math.fillNormal(numbers, RandomStream(seed: seed, purpose: .user, epoch: 2), examples: indices)
        if let batches = architecture.batchCovariates {
          for row in 0..<batchSize {
            for (batch, column) in batches.enumerated() {
              numbers[row, column] = row % (batches.count + 1) == batch ? 1 : 0
            }
          }
        }
      }
      for sample in 0..<objective.samples {
        math.fillNormal(
          workspace.noise(ofSample: sample),
          RandomStream(seed: seed, purpose: .trainingNoise, sample: UInt32(sample)), examples: indices)
      }
      let randomness = Pass.Randomness(seed: seed, epoch: 1, examples: indices)
      team.run { worker in
        let pass = Pass(
          workspace, model.weights, examples: 0..<batchSize, worker: worker, isTraining: true, randomness: randomness)
        model.encode(pass)
        model.sample(pass)
        model.decode(pass)
        model.loss(pass, loss)
        model.backward(pass, loss)
        model.backwardParameters(pass, into: GradientArena(arena))
      }
    }
    self.model = model
    self.labels = labels?.map { Int($0) }
    numbers =
      architecture.numericCovariateCount > 0
      ? workspace.minibatch(0..<batchSize).numericCovariates.map(Self.rows) : nil
    inputs = isCorrupted ? Self.rows(of: workspace.input) : Self.rows(of: x)
    targets = Self.rows(of: x)
    self.masks = masks.map { $0.map { $0.map(Double.init) } }
    self.exposures = workspace.minibatch(0..<batchSize).exposure.map { $0.copyElements().map(Double.init) }
    noise = (0..<batchSize).map { Self.rows(of: workspace.noise.rows(workspace.latents(of: $0..<$0 + 1))) }
    training = ReferenceTraining(seed: seed, examples: indices)
    gradients = model.layout.tensors.reduce(into: [:]) { $0[$1.name] = arena.elements(of: $1) }
  }

  private static func rows(of matrix: Matrix) -> [[Double]] {
    (0..<matrix.rows).map { matrix.rows($0..<$0 + 1).copyElements().map(Double.init) }
  }
}

extension GradientCheck {
  /// Checks the gradient of every parameter of a model, with an objective, on random examples: the one call for whoever
  /// has written a layer, a likelihood or an objective. One report for each tensor. `examples` [B][D] take the place of
  /// random ones, and of `batchSize`; `masks` say with a 0 what of them is not known, `exposures` what the exposures of counts
  /// are where these are not their sums.
  ///
  ///     let reports = try GradientCheck.check(architecture, .elbo)
  ///     precondition(reports.allSatisfy(\.passed), "\(reports)")
  ///
  /// Throws `ArchitectureError` or `ObjectiveError` for a model or an objective that cannot be.
  public static func check(
    _ architecture: Architecture, _ objective: any Objective, batchSize: Int = 5, klWeight: Float = 1,
    isCorrupted: Bool = false, examples: [[Float]]? = nil, masks: [[Float]]? = nil, exposures: [Float]? = nil,
    features: MinibatchForm.Features = .dense, seed: UInt64 = 0, threads: Int = 1,
    thoroughness: Thoroughness = .everyCoordinate
  ) throws -> [GradientReport] {
    let trained = try TrainedGradients(
      architecture, objective, batchSize: examples?.count ?? batchSize, klWeight: klWeight, isCorrupted: isCorrupted,
      examples: examples, masks: masks, exposures: exposures, features: features, seed: seed,
      ThreadTeam(count: threads))
    return compare(
      analytic: trained.gradients, model: ReferenceModel(architecture, trained.model.weights), objective: objective,
      examples: trained.inputs, labels: trained.labels, numbers: trained.numbers, targets: trained.targets,
      masks: trained.masks, exposures: trained.exposures, noise: trained.noise, klWeight: Double(klWeight),
      training: trained.training,
      thoroughness: thoroughness)
  }
}

extension Matrix {
  /// Sets rows to what numbers from 0 to 1 make of counts, two in three of them 0.
  fileprivate func drawCounts() {
    for row in 0..<rows {
      for column in 0..<columns {
        let share = self[row, column]
        self[row, column] = share < 2 / 3 ? 0 : (1 / (1.05 - share)).rounded(.down)
      }
    }
  }
}

extension ByColumn {
  /// Sets rows to what each column can have, where numbers from 0 to 1 would not do: those that it draws itself of outputs
  /// of 0.
  fileprivate func drawExamples(into rows: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>) {
    let zeros = [Float](repeating: 0, count: featureCount)
    var start = initialParameters(mean: zeros, variance: zeros.map { _ in 1 })
    start.withUnsafeMutableBufferPointer { start in
      rows.fill(0)
      let parameters = Matrix(start.baseAddress ?? rows.base, rows: 1, columns: start.count)
      draw(inPlace: rows, parameters: parameters, stream, examples: examples)
    }
  }
}
