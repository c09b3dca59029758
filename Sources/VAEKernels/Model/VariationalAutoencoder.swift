/// A variational autoencoder: an encoder, a Gaussian latent, a decoder, a likelihood; and its weights.
///
///     (μ, s) = encoder(x),   z = μ + exp(s/2) ⊙ ε,   output = decoder(z)
///     negative ELBO = −log p(x|z) + KL(N(μ, diag exp s) ‖ N(0, I))               nats an example
///
/// Source: Kingma and Welling 2014. Or, where the architecture says so, an autoencoder: no s, z = μ is the code, and
/// there is no KL divergence. The passes below work on some rows of a `Workspace`, allocate nothing, and may be
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
  /// What the likelihood learns beside the decoder, where it does.
  public let likelihoodParameters: ParameterLayout.Block?

  /// A model with all its weights zero, to be filled from a file. Throws `ArchitectureError` for a shape that no
  /// model can have.
  public init(_ architecture: Architecture) throws {
    try architecture.validate()
    self.architecture = architecture
    var layout = ParameterLayout()
    let latentCount = architecture.latentCount
    encoder = DenseNetwork(
      &layout, prefix: "encoder", inputs: architecture.inputCount + architecture.labelCount,
      hidden: architecture.encoderHidden, activation: architecture.activation,
      outputs: [("mean", latentCount)] + (architecture.model == .vae ? [("log_variance", latentCount)] : []),
      outputActivation: architecture.codeActivation)
    let family = architecture.likelihood.family
    decoder = DenseNetwork(
      &layout, prefix: "decoder", inputs: latentCount + architecture.labelCount, hidden: architecture.decoderHidden,
      activation: architecture.activation,
      outputs: family.outputs.map { ($0.name, $0.perFeature * architecture.inputCount) })
    likelihoodParameters =
      family.parameterNames.isEmpty
      ? nil : layout.appendParameters(family.parameterNames.map { "decoder.\($0)" })
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
    encoder.forward(workspace.encoderInput, weights, into: workspace.encoder, rows: rows, worker: worker)
  }

  /// μ, s, ε → z; or the code, as it is.
  public func sample(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      guard isVariational else {
        return workspace.latent.rows(group.latents).copy(group.repeating(workspace.posteriorMean))
      }
      Reparameterization.forward(
        mean: group.repeating(workspace.posteriorMean), logVariance: group.repeating(workspace.posteriorLogVariance),
        noise: workspace.noise.rows(group.latents), into: workspace.latent.rows(group.latents))
    }
    worker.barrier()
  }

  /// z → output.
  public func decode(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    decoder.forward(
      workspace.decoderInput, weights, into: workspace.decoder, rows: workspace.latents(of: rows), worker: worker)
  }

  /// output, x → −log p(x|z) of each sample.
  public func reconstructionLoss(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    forEachGroup(of: worker.share(of: rows), workspace) { group in
      architecture.likelihood.family.forward(
        output: workspace.output.rows(group.latents), parameters: likelihoodParameterValues,
        group.repeating(workspace.target),
        lossInto: workspace.reconstructionLoss.columns(group.latents))
    }
    worker.barrier()
  }

  /// μ, s → KL of each example; 0 for an autoencoder, which has none.
  public func klDivergence(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    klDivergence(workspace, of: worker.share(of: rows))
    worker.barrier()
  }

  /// The same for this worker's examples.
  func klDivergence(_ workspace: Workspace, of own: Range<Int>) {
    guard isVariational else { return workspace.klDivergence.columns(own).fill(0) }
    KLDivergence.forward(
      mean: workspace.posteriorMean.rows(own), logVariance: workspace.posteriorLogVariance.rows(own),
      into: workspace.klDivergence.columns(own))
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

  /// Whether the latent is drawn, and not an autoencoder's code.
  var isVariational: Bool { architecture.model == .vae }

  /// The values of `likelihoodParameters` [1, P].
  public var likelihoodParameterValues: Matrix {
    likelihoodParameters.map { weights[$0] } ?? Matrix(weights.buffer.base, rows: 1, columns: 0)
  }

  /// Examples that one call of an elementwise function takes: all of them where each has one sample, else one example,
  /// whose row stands for each of its samples.
  struct Group {
    let examples: Range<Int>
    let latents: Range<Int>

    func repeating(_ matrix: Matrix) -> Matrix {
      examples.count == latents.count
        ? matrix.rows(examples) : matrix.repeating(row: examples.lowerBound, count: latents.count)
    }
  }

  func forEachGroup(of examples: Range<Int>, _ workspace: Workspace, _ body: (Group) -> Void) {
    if workspace.samples == 1 { return body(Group(examples: examples, latents: examples)) }
    for example in examples {
      body(Group(examples: example..<example + 1, latents: workspace.latents(of: example..<example + 1)))
    }
  }
}
