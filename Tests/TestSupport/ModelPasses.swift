import VAEKernels

/// The passes of a model over some rows of a workspace, without a `Pass` to make each time.
extension VariationalAutoencoder {
  private func pass(_ workspace: Workspace, _ rows: Range<Int>, _ worker: Worker) -> Pass {
    Pass(workspace, weights, examples: rows, worker: worker)
  }

  /// x → μ and s.
  public func encode(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    encode(pass(workspace, rows, worker))
  }

  /// μ, s, ε → z.
  public func sample(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    sample(pass(workspace, rows, worker))
  }

  /// z → output.
  public func decode(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    decode(pass(workspace, rows, worker))
  }

  /// output, x → −log p(x|z) of each sample.
  public func reconstructionLoss(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    reconstructionLoss(pass(workspace, rows, worker))
  }

  /// μ, s → KL of each example.
  public func klDivergence(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    klDivergence(pass(workspace, rows, worker))
  }

  /// x, ε → both parts of the negative ELBO of each example.
  public func forward(_ workspace: Workspace, rows: Range<Int>, worker: Worker = .alone) {
    forward(pass(workspace, rows, worker))
  }

  /// x, ε → the losses of each example and the gradient at every stage, as a training step makes them.
  public func forwardAndBackward(
    _ workspace: Workspace, rows: Range<Int>, batchSize: Int? = nil, klWeight: Float = 1, capacity: Float = 1,
    objective: (any Objective)? = nil, parts: ModelParts = .all, worker: Worker = .alone
  ) {
    let pass = Pass(workspace, weights, examples: rows, worker: worker, isTraining: true)
    let loss = Loss(
      objective ?? ELBO(samples: workspace.samples), batchSize: batchSize ?? rows.count, klWeight: klWeight,
      capacity: capacity)
    encode(pass)
    sample(pass)
    decode(pass)
    self.loss(pass, loss)
    backward(pass, loss, parts: parts)
  }

  /// The gradient of every parameter of `parts`, over the first `batchSize` examples.
  public func backwardParameters(
    _ workspace: Workspace, batchSize: Int, parts: ModelParts = .all, worker: Worker = .alone,
    into gradients: ParameterArena
  ) {
    backwardParameters(
      Pass(workspace, weights, examples: 0..<batchSize, worker: worker, isTraining: true), parts: parts,
      into: GradientArena(gradients))
  }
}

extension Objective {
  /// How the encoder's gradient is estimated, where it is.
  public var estimator: GradientEstimator {
    if case .sampled(let estimator) = latentTerm { estimator } else { .standard }
  }
}
