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

  // MARK: Forward

  /// x → μ, s.
  public func encode(_ workspace: Workspace, rows: Range<Int>) {
    encoder.forward(workspace.input, weights, into: workspace.encoder, rows: rows)
  }

  /// μ, s, ε → z.
  public func sample(_ workspace: Workspace, rows: Range<Int>) {
    Reparameterization.forward(
      mean: workspace.posteriorMean.rows(rows), logVariance: workspace.posteriorLogVariance.rows(rows),
      noise: workspace.noise.rows(rows), into: workspace.latent.rows(rows))
  }

  /// z → output.
  public func decode(_ workspace: Workspace, rows: Range<Int>) {
    decoder.forward(workspace.latent, weights, into: workspace.decoder, rows: rows)
  }

  /// output, x → −log p(x|z) of each example.
  public func reconstructionLoss(_ workspace: Workspace, rows: Range<Int>) {
    architecture.likelihood.forward(
      output: workspace.output.rows(rows), workspace.input.rows(rows),
      lossInto: workspace.reconstructionLoss.columns(rows))
  }

  /// μ, s → KL of each example.
  public func klDivergence(_ workspace: Workspace, rows: Range<Int>) {
    KLDivergence.forward(
      mean: workspace.posteriorMean.rows(rows), logVariance: workspace.posteriorLogVariance.rows(rows),
      into: workspace.klDivergence.columns(rows))
  }

  /// x, ε → both parts of the negative ELBO of each example.
  public func forward(_ workspace: Workspace, rows: Range<Int>) {
    encode(workspace, rows: rows)
    sample(workspace, rows: rows)
    decode(workspace, rows: rows)
    reconstructionLoss(workspace, rows: rows)
    klDivergence(workspace, rows: rows)
  }

  // MARK: Forward and backward

  /// x, ε → both parts of the negative ELBO of each example, and the gradient of
  ///
  ///     objective = 1/batchSize Σ over the minibatch of (reconstruction loss + klWeight · KL)
  ///
  /// with respect to every layer's pre-activation. `rows` is this caller's part of the minibatch and `batchSize` all
  /// of it. Then, when every row is done, `backwardParameters` makes the parameter gradients.
  public func forwardAndBackward(_ workspace: Workspace, rows: Range<Int>, batchSize: Int, klWeight: Float = 1) {
    precondition(workspace.hasGradients, "a backward pass needs a workspace with gradients")
    let scale = 1 / Float(batchSize)
    encode(workspace, rows: rows)
    sample(workspace, rows: rows)
    decode(workspace, rows: rows)
    architecture.likelihood.forwardAndBackward(
      output: workspace.output.rows(rows), workspace.input.rows(rows), scale: scale,
      lossInto: workspace.reconstructionLoss.columns(rows), gradientInto: workspace.dOutput.rows(rows))
    klDivergence(workspace, rows: rows)
    backwardDecoder(workspace, rows: rows)
    KLDivergence.backward(
      mean: workspace.posteriorMean.rows(rows), logVariance: workspace.posteriorLogVariance.rows(rows),
      scale: klWeight * scale, into: workspace.dPosteriorMean.rows(rows),
      workspace.dPosteriorLogVariance.rows(rows))
    backwardSample(workspace, rows: rows)
    backwardEncoder(workspace, rows: rows)
  }

  /// dOutput → dz, and dA of the decoder's layers.
  public func backwardDecoder(_ workspace: Workspace, rows: Range<Int>) {
    decoder.backward(weights, workspace.decoder, rows: rows, into: workspace.dLatent)
  }

  /// dz → dμ and ds, added to what is there: write the gradient of the KL term, or zero, first.
  public func backwardSample(_ workspace: Workspace, rows: Range<Int>) {
    Reparameterization.backward(
      dLatent: workspace.dLatent.rows(rows), logVariance: workspace.posteriorLogVariance.rows(rows),
      noise: workspace.noise.rows(rows), accumulatingInto: workspace.dPosteriorMean.rows(rows),
      workspace.dPosteriorLogVariance.rows(rows))
  }

  /// dμ, ds → dA of the encoder's layers.
  public func backwardEncoder(_ workspace: Workspace, rows: Range<Int>) {
    encoder.backward(weights, workspace.encoder, rows: rows)
  }

  /// The gradient of every parameter, from X and dA of every layer: dW = Xᵀ·dA, db = Σ dA, over the whole minibatch.
  ///
  /// Each worker makes its own part of every layer's gradient, so nothing is reduced between threads. `use` is called
  /// with the place of each part, offsets in floats from the start of an arena, as soon as it is made: an optimiser
  /// that works there and then finds it in the cache.
  public func backwardParameters(
    _ workspace: Workspace, batchSize: Int, worker: Worker, into gradients: ParameterArena,
    use: (Range<Int>) -> Void = { _ in }
  ) {
    for index in 0..<workspace.gradientTerms.count {
      let term = workspace.gradientTerms[index]
      let layer = term.layer
      let x = term.x.rows(0..<batchSize)
      let dA = term.dA.rows(0..<batchSize)
      let inputs = worker.share(of: layer.inputCount, grain: 8)
      layer.backwardWeight(x, dA, inputs: inputs, into: gradients)
      use(layer.weight.range(rows: inputs))
      let outputs = worker.share(of: layer.outputCount, grain: 16)
      layer.backwardBias(dA, outputs: outputs, into: gradients)
      use(layer.bias.range(columns: outputs))
    }
  }
}
