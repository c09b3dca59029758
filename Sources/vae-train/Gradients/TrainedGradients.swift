import VAEKernels

/// The gradients that a training step makes, at random weights, on random examples.
struct TrainedGradients {
  let model: VariationalAutoencoder
  /// What the encoder sees [batchSize][D], from 0 to 1.
  let inputs: [[Double]]
  /// What is to be reconstructed, the same or another.
  let targets: [[Double]]
  /// The class of each, for a conditional model.
  let labels: [Int]?
  /// ε [batchSize][K][L].
  let noise: [[[Double]]]
  /// By tensor name, weights as [out, in].
  let gradients: [String: [Float]]

  /// The workers share the step as they do in training. Where `isCorrupted` the encoder sees something else than what is
  /// to be reconstructed.
  init(
    _ architecture: Architecture, _ objective: Objective, batchSize: Int, klWeight: Float, isCorrupted: Bool,
    seed: UInt64, _ team: ThreadTeam
  ) throws {
    let model = try VariationalAutoencoder(architecture, seed: seed)
    let workspace = Workspace(for: model, capacity: batchSize, samples: objective.samples, target: isCorrupted)
    let arena = ParameterArena(model.layout)
    (0..<batchSize).map { UInt32($0) }.withUnsafeBufferPointer { indices in
      let math = VectorMath.active
      math.fillUniform(workspace.input, RandomStream(seed: seed, purpose: .user), examples: indices)
      if isCorrupted {
        math.fillUniform(workspace.target, RandomStream(seed: seed, purpose: .user, epoch: 1), examples: indices)
      }
      for sample in 0..<objective.samples {
        math.fillNormal(
          workspace.noise(ofSample: sample),
          RandomStream(seed: seed, purpose: .trainingNoise, sample: UInt32(sample)), examples: indices)
      }
    }
    let labels = architecture.labelCount > 0 ? (0..<batchSize).map { UInt8($0 % architecture.labelCount) } : nil
    labels?.withUnsafeBufferPointer { workspace.setLabels($0, rows: 0..<batchSize) }
    team.run { worker in
      model.forwardAndBackward(
        workspace, rows: 0..<batchSize, klWeight: klWeight, objective: objective, worker: worker)
      model.backwardParameters(workspace, batchSize: batchSize, worker: worker, into: arena)
    }
    self.model = model
    self.labels = labels?.map { Int($0) }
    inputs = Self.rows(of: workspace.input)
    targets = Self.rows(of: workspace.target)
    noise = (0..<batchSize).map { Self.rows(of: workspace.noise.rows(workspace.latents(of: $0..<$0 + 1))) }
    gradients = model.layout.tensors.reduce(into: [:]) { $0[$1.name] = arena.elements(of: $1) }
  }

  private static func rows(of matrix: Matrix) -> [[Double]] {
    (0..<matrix.rows).map { matrix.rows($0..<$0 + 1).copyElements().map(Double.init) }
  }
}
