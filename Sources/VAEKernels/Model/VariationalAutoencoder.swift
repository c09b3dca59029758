/// A variational autoencoder: an encoder, a Gaussian latent, a decoder, a likelihood; and its weights.
///
///     (μ, s) = encoder(x),   z = μ + exp(s/2) ⊙ ε,   output = decoder(z)
///     negative ELBO = −log p(x|z) + KL(N(μ, diag exp s) ‖ N(0, I))               nats an example
///
/// Source: Kingma and Welling 2014. The passes below work on some rows of a `Workspace`, allocate nothing, and may be
/// entered anywhere: fill `workspace.input` and begin with `encode`, or write a mean and log-variance of your own
/// into `posteriorMean` and `posteriorLogVariance` and begin with `sample`, or write a `latent` and begin with
/// `decode`. `Inference` has the same for plain arrays.
public final class VariationalAutoencoder: Sendable {
  /// The model's shape.
  public let architecture: Architecture
  /// Where each parameter lies in `weights`, and in buffers like it.
  public let layout: ParameterLayout
  /// The weights and biases.
  public let weights: ParameterArena
  /// x → μ and s, side by side.
  public let encoder: DenseNetwork
  /// z → logits or means.
  public let decoder: DenseNetwork

  /// A model with all its weights zero, to be filled from a file. Throws `ArchitectureError` for a shape that no
  /// model can have.
  public init(_ architecture: Architecture) throws {
    try architecture.validate()
    self.architecture = architecture
    var layout = ParameterLayout()
    encoder = DenseNetwork(
      &layout, prefix: "encoder", inputs: architecture.inputCount, hidden: architecture.encoderHidden,
      activation: architecture.activation,
      outputs: [("mean", architecture.latentCount), ("log_variance", architecture.latentCount)])
    decoder = DenseNetwork(
      &layout, prefix: "decoder", inputs: architecture.latentCount, hidden: architecture.decoderHidden,
      activation: architecture.activation, outputs: [("output", architecture.inputCount)])
    self.layout = layout
    weights = ParameterArena(layout)
  }

  /// A model with random initial weights.
  public convenience init(
    _ architecture: Architecture, initialization: Initialization = .glorotUniform, seed: UInt64
  ) throws {
    try self.init(architecture)
    initialization.fill(weights, seed: seed)
  }

  // The passes work on some examples of a workspace, and on all K samples of each. All workers of a team enter a pass
  // together, with the same rows; each does its share, and all rows are done when it returns. `Worker.alone` does
  // everything.

  // MARK: Forward

  /// x → μ, s.
  public func encode(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    encoder.forward(workspace.input, weights, into: workspace.encoder, rows: rows, worker: worker)
  }

  /// μ, s, ε → z.
  public func sample(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      Reparameterization.forward(
        mean: group.repeating(workspace.posteriorMean), logVariance: group.repeating(workspace.posteriorLogVariance),
        noise: workspace.noise.rows(group.latents), into: workspace.latent.rows(group.latents))
    }
    worker.barrier()
  }

  /// z → output.
  public func decode(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    decoder.forward(
      workspace.latent, weights, into: workspace.decoder, rows: workspace.latents(of: rows), worker: worker)
  }

  /// output, x → −log p(x|z) of each sample.
  public func reconstructionLoss(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      architecture.likelihood.forward(
        output: workspace.output.rows(group.latents), group.repeating(workspace.input),
        lossInto: workspace.reconstructionLoss.columns(group.latents))
    }
    worker.barrier()
  }

  /// μ, s → KL of each example.
  public func klDivergence(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    let own = worker.share(of: rows)
    KLDivergence.forward(
      mean: workspace.posteriorMean.rows(own), logVariance: workspace.posteriorLogVariance.rows(own),
      into: workspace.klDivergence.columns(own))
    worker.barrier()
  }

  /// z, s, ε → log p(z) − log q(z|x) of each sample.
  public func logDensityRatio(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      LogDensityRatio.forward(
        latent: workspace.latent.rows(group.latents), logVariance: group.repeating(workspace.posteriorLogVariance),
        noise: workspace.noise.rows(group.latents), into: workspace.logDensityRatio.columns(group.latents))
    }
    worker.barrier()
  }

  /// x, ε → both parts of the negative ELBO of each example.
  public func forward(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    encode(workspace, rows: rows, worker: worker)
    sample(workspace, rows: rows, worker: worker)
    decode(workspace, rows: rows, worker: worker)
    reconstructionLoss(workspace, rows: rows, worker: worker)
    klDivergence(workspace, rows: rows, worker: worker)
  }

  /// Examples that one call of an elementwise function takes: all of them where each has one sample, else one example,
  /// whose row stands for each of its samples.
  private struct Group {
    let examples: Range<Int>
    let latents: Range<Int>

    func repeating(_ matrix: Matrix) -> Matrix {
      examples.count == latents.count
        ? matrix.rows(examples) : matrix.repeating(row: examples.lowerBound, count: latents.count)
    }
  }

  private func forEachGroup(of examples: Range<Int>, _ workspace: Workspace, _ body: (Group) -> Void) {
    if workspace.samples == 1 { return body(Group(examples: examples, latents: examples)) }
    for example in examples {
      body(Group(examples: example..<example + 1, latents: workspace.latents(of: example..<example + 1)))
    }
  }

  // MARK: Forward and backward

  /// The parts of a forward and backward pass, in order.
  public enum Pass: Sendable {
    case encode, sample, decode, loss, backwardDecoder, backwardSample, backwardEncoder
  }

  /// x, ε → the losses of each example, and the gradient of
  ///
  ///     1/batchSize Σ over the minibatch of `objective`, with weight `klWeight` of the KL term or density ratio
  ///
  /// with respect to every layer's pre-activation; `batchSize` is the number of rows unless it is given. The number of
  /// samples is the workspace's. Then `backwardParameters` makes the parameter gradients. `completed` is called after
  /// each part, to time it.
  public func forwardAndBackward(
    _ workspace: Workspace, rows: Range<Int>, batchSize: Int? = nil, klWeight: Float = 1,
    objective: Objective? = nil, worker: Worker = .alone, completed: (Pass) -> Void = { _ in }
  ) {
    let objective = objective ?? Objective(samples: workspace.samples)
    precondition(workspace.hasGradients, "a backward pass needs a workspace with gradients")
    precondition(
      objective.samples == workspace.samples,
      "an objective of \(objective.samples) samples in a workspace for \(workspace.samples)")
    let scale = 1 / Float(batchSize ?? rows.count)
    encode(workspace, rows: rows, worker: worker)
    completed(.encode)
    sample(workspace, rows: rows, worker: worker)
    completed(.sample)
    decode(workspace, rows: rows, worker: worker)
    completed(.decode)
    lossAndGradient(workspace, rows: rows, objective, scale: scale, klWeight: klWeight, worker: worker)
    completed(.loss)
    backwardDecoder(workspace, rows: rows, worker: worker)
    completed(.backwardDecoder)
    if objective.hasDensityRatio {
      backwardDensityRatio(workspace, rows: rows, objective, scale: scale, klWeight: klWeight, worker: worker)
    }
    backwardSample(workspace, rows: rows, worker: worker)
    completed(.backwardSample)
    backwardEncoder(workspace, rows: rows, worker: worker)
    completed(.backwardEncoder)
  }

  /// The losses, objective and sample weights of each example; dOutput, and what of dμ and ds does not come from z.
  private func lossAndGradient(
    _ workspace: Workspace, rows: Range<Int>, _ objective: Objective, scale: Float, klWeight: Float, worker: Worker
  ) {
    let own = worker.share(of: rows)
    let perSample = objective.bound == .vae ? scale / Float(objective.samples) : scale
    forEachGroup(of: own, workspace) { group in
      architecture.likelihood.forwardAndBackward(
        output: workspace.output.rows(group.latents), group.repeating(workspace.input), scale: perSample,
        lossInto: workspace.reconstructionLoss.columns(group.latents),
        gradientInto: workspace.dOutput.rows(group.latents))
    }
    let (mean, logVariance) = (workspace.posteriorMean.rows(own), workspace.posteriorLogVariance.rows(own))
    let (dMean, dLogVariance) = (workspace.dPosteriorMean.rows(own), workspace.dPosteriorLogVariance.rows(own))
    KLDivergence.forward(mean: mean, logVariance: logVariance, into: workspace.klDivergence.columns(own))
    if objective.hasDensityRatio {
      dMean.fill(0)
      // Of the standard estimator: −½ w, and the weights of an example add up to 1.
      dLogVariance.fill(objective.estimator == .standard ? -0.5 * klWeight * scale : 0)
      forEachGroup(of: own, workspace) { group in
        LogDensityRatio.forward(
          latent: workspace.latent.rows(group.latents), logVariance: group.repeating(workspace.posteriorLogVariance),
          noise: workspace.noise.rows(group.latents), into: workspace.logDensityRatio.columns(group.latents))
      }
    } else {
      KLDivergence.backward(
        mean: mean, logVariance: logVariance, scale: klWeight * scale, into: dMean, dLogVariance)
    }
    for example in own { weighSamples(of: example, workspace, objective, klWeight: klWeight) }
    worker.barrier()
  }

  /// The objective of one example and the weights of its samples, which dOutput is multiplied by.
  private func weighSamples(of example: Int, _ workspace: Workspace, _ objective: Objective, klWeight: Float) {
    let samples = workspace.latents(of: example..<example + 1)
    let losses = workspace.reconstructionLoss.columns(samples)
    let ratios = workspace.logDensityRatio.columns(samples)
    let weights = workspace.sampleWeights.columns(samples)
    switch objective.bound {
    case .iwae:
      let bound = ImportanceWeights.forward(
        reconstructionLoss: losses, logDensityRatio: ratios, klWeight: klWeight, into: weights)
      VectorMath.active.scaleRows(workspace.dOutput.rows(samples), by: weights)
      workspace.objective.base[example] = Float(-bound)
    case .vae:
      weights.fill(1 / Float(samples.count))
      var sum = 0.0
      for k in 0..<samples.count {
        sum += Double(losses.base[k])
        if objective.klEstimate == .monteCarlo { sum -= Double(klWeight) * Double(ratios.base[k]) }
      }
      sum /= Double(samples.count)
      if objective.klEstimate == .closedForm { sum += Double(klWeight) * Double(workspace.klDivergence.base[example]) }
      workspace.objective.base[example] = Float(sum)
    }
  }

  /// dOutput → dz, and dA of the decoder's layers.
  public func backwardDecoder(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    decoder.backward(
      weights, workspace.decoder, rows: workspace.latents(of: rows), into: workspace.dLatent, worker: worker)
  }

  /// Adds to dz, and weighs it as the estimator wants. Leaves without a barrier: `backwardSample` has the same rows.
  private func backwardDensityRatio(
    _ workspace: Workspace, rows: Range<Int>, _ objective: Objective, scale: Float, klWeight: Float,
    worker: Worker
  ) {
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      let dLatent = workspace.dLatent.rows(group.latents)
      let weights = workspace.sampleWeights.columns(group.latents)
      LogDensityRatio.backward(
        latent: workspace.latent.rows(group.latents), logVariance: group.repeating(workspace.posteriorLogVariance),
        noise: workspace.noise.rows(group.latents), weights: weights, scale: klWeight * scale,
        hasPosterior: objective.estimator != .standard, accumulatingInto: dLatent)
      if objective.estimator == .doublyReparameterized {
        VectorMath.active.scaleRows(dLatent, by: weights, slope: klWeight, offset: 1 - klWeight)
      }
    }
  }

  /// dz → dμ and ds, added to what is there: write the gradient of the KL term, or zero, first.
  public func backwardSample(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      Reparameterization.backward(
        dLatent: workspace.dLatent.rows(group.latents), logVariance: group.repeating(workspace.posteriorLogVariance),
        noise: workspace.noise.rows(group.latents), accumulatingInto: group.repeating(workspace.dPosteriorMean),
        group.repeating(workspace.dPosteriorLogVariance))
    }
    worker.barrier()
  }

  /// dμ, ds → dA of the encoder's layers.
  public func backwardEncoder(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    encoder.backward(weights, workspace.encoder, rows: rows, worker: worker)
  }

  // MARK: Parameter gradients

  /// The gradient of every parameter, from X and dA of every layer over the whole minibatch.
  public func backwardParameters(
    _ workspace: Workspace, batchSize: Int, worker: Worker = .alone, into gradients: ParameterArena
  ) {
    forEachParameterGradient(workspace, batchSize: batchSize, worker: worker, at: { gradients[$0] }, use: { _, _ in })
  }

  /// The gradient of every parameter, dW = Xᵀ·dA and db = Σ dA over the whole minibatch, a part at a time.
  ///
  /// Each worker makes its own part of every layer's gradient, so nothing is reduced between threads, and hands it on
  /// to `use` a few rows at a time. An optimiser that works there finds the gradient in the core's own cache, where it
  /// was made and will be overwritten by the next: it never goes to memory. `tile` is room for it, `gradientTileCount`
  /// floats for each worker.
  public func forEachParameterGradient(
    _ workspace: Workspace, batchSize: Int, worker: Worker, tile: UnsafeMutablePointer<Float>,
    use: (ParameterLayout.Part, Matrix) -> Void
  ) {
    forEachParameterGradient(
      workspace, batchSize: batchSize, worker: worker,
      at: { Matrix(tile, rows: $0.rows, columns: $0.columns) }, use: use)
  }

  /// The room that `forEachParameterGradient` needs for each worker, in floats.
  public var gradientTileCount: Int {
    layout.blocks.reduce(0) { max($0, min($1.rows, Self.gradientTileRows(columns: $1.columns)) * $1.columns) }
  }

  /// As many rows as make up 192 KB, which leaves most of a second-level cache to X and dA, but no fewer than a product
  /// does at a time.
  private static func gradientTileRows(columns: Int) -> Int {
    max(8, 49_152 / columns / 8 * 8)
  }

  private func forEachParameterGradient(
    _ workspace: Workspace, batchSize: Int, worker: Worker, at place: (ParameterLayout.Part) -> Matrix,
    use: (ParameterLayout.Part, Matrix) -> Void
  ) {
    for index in 0..<workspace.gradientTerms.count {
      let term = workspace.gradientTerms[index]
      let layer = term.layer
      let x = term.x.rows(0..<batchSize * term.rowsPerExample)
      let dA = term.dA.rows(0..<batchSize * term.rowsPerExample)
      let own = worker.share(of: layer.inputCount, grain: 8)
      let height = Self.gradientTileRows(columns: layer.outputCount)
      for start in stride(from: own.lowerBound, to: own.upperBound, by: height) {
        let inputs = start..<min(start + height, own.upperBound)
        let part = layer.weight.part(rows: inputs)
        let dW = place(part)
        layer.backwardWeight(x, dA, inputs: inputs, outputs: 0..<layer.outputCount, into: dW)
        use(part, dW)
      }
      let outputs = worker.share(of: layer.outputCount, grain: AlignedBuffer.alignedCount)
      let part = layer.bias.part(columns: outputs)
      let db = place(part)
      layer.backwardBias(dA, outputs: outputs, into: db)
      use(part, db)
    }
  }
}
