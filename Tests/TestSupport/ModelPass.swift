import VAEKernels

/// One forward and backward pass of a minibatch, by as many threads as asked for, as a training step makes it.
///
/// Whatever the pass must not read is NaN, and so is every gradient that it must overwrite.
public struct ModelPass: Sendable {
  /// What it passed through.
  public let model: VariationalAutoencoder
  /// Losses and the gradients of activations.
  public let workspace: Workspace
  /// The gradient of the objective with respect to every parameter.
  public let gradients: ParameterArena
  /// The number of examples.
  public let batchSize: Int

  /// Passes `examples` [B, D], with noise [B, L], through a workspace for up to `capacity` of them.
  public init(
    _ model: VariationalAutoencoder, examples: [Float], noise: [Float], klWeight: Float = 1, capacity: Int? = nil,
    threads: Int = 1
  ) throws {
    let batchSize = examples.count / model.architecture.inputCount
    let workspace = Workspace(for: model, capacity: capacity ?? batchSize)
    let gradients = ParameterArena(model.layout)
    let outputs = (model.plan.decoder + model.plan.encoder).map { workspace[$0.output] }
    for matrix in [workspace.input, workspace.noise] + outputs {
      matrix.setElements(Array(repeating: .nan, count: matrix.rows * matrix.columns))
    }
    for block in model.layout.blocks { gradients[block].setElements(Array(repeating: .nan, count: block.count)) }
    workspace.input.rows(0..<batchSize).setElements(examples)
    workspace.noise.rows(0..<batchSize).setElements(noise)
    try ThreadTeam(count: threads).run { worker in
      model.forwardAndBackward(workspace, rows: 0..<batchSize, klWeight: klWeight, worker: worker)
      model.backwardParameters(workspace, batchSize: batchSize, worker: worker, into: gradients)
    }
    self.model = model
    self.workspace = workspace
    self.gradients = gradients
    self.batchSize = batchSize
  }

  /// The gradients by tensor name, weights as [out, in].
  public var gradientsByName: [String: [Float]] {
    gradients.layout.tensors.reduce(into: [:]) { $0[$1.name] = gradients.elements(of: $1) }
  }

  /// The average reconstruction loss in nats per example.
  public var reconstructionLoss: Double { average(workspace.reconstructionLoss) }
  /// The average KL divergence in nats per example.
  public var klDivergence: Double { average(workspace.klDivergence) }

  private func average(_ losses: Matrix) -> Double {
    losses.columns(0..<batchSize).copyElements().reduce(0) { $0 + Double($1) } / Double(batchSize)
  }
}

extension Fixture {
  /// A model with the fixture's parameters.
  public func model() throws -> VariationalAutoencoder {
    let model = try VariationalAutoencoder(architecture)
    for tensor in model.layout.tensors {
      model.weights.setElements(parameters[tensor.name]!.map(Float.init), of: tensor)
    }
    return model
  }

  /// The pass of the fixture's examples and noise.
  public func pass(_ model: VariationalAutoencoder, noise: [[Double]]? = nil) throws -> ModelPass {
    try ModelPass(
      model, examples: examples.flatMap { $0.map(Float.init) },
      noise: (noise ?? self.noise).flatMap { $0.map(Float.init) }, klWeight: Float(klWeight))
  }
}
