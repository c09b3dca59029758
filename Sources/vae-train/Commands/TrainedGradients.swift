import VAEKernels

/// The gradients that a training step makes, at random weights, on random examples.
struct TrainedGradients {
  let model: VariationalAutoencoder
  /// [batchSize][D], from 0 to 1.
  let examples: [[Double]]
  /// ε [batchSize][L].
  let noise: [[Double]]
  /// By tensor name, weights as [out, in].
  let gradients: [String: [Float]]

  /// The workers share the step as they do in training.
  init(_ architecture: Architecture, batchSize: Int, klWeight: Float, seed: UInt64, _ team: ThreadTeam) throws {
    let model = try VariationalAutoencoder(architecture, seed: seed)
    let workspace = Workspace(for: model, capacity: batchSize)
    let arena = ParameterArena(model.layout)
    (0..<batchSize).map { UInt32($0) }.withUnsafeBufferPointer { indices in
      let math = VectorMath.active
      math.fillUniform(workspace.input, RandomStream(seed: seed, purpose: .user), examples: indices)
      math.fillNormal(workspace.noise, RandomStream(seed: seed, purpose: .trainingNoise), examples: indices)
    }
    team.run { worker in
      model.forwardAndBackward(workspace, rows: 0..<batchSize, klWeight: klWeight, worker: worker)
      model.backwardParameters(workspace, batchSize: batchSize, worker: worker, into: arena)
    }
    self.model = model
    examples = Self.rows(of: workspace.input)
    noise = Self.rows(of: workspace.noise)
    gradients = model.layout.tensors.reduce(into: [:]) { $0[$1.name] = arena.elements(of: $1) }
  }

  private static func rows(of matrix: Matrix) -> [[Double]] {
    (0..<matrix.rows).map { matrix.rows($0..<$0 + 1).copyElements().map(Double.init) }
  }
}
