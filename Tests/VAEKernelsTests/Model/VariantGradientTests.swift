import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Autoencoders, conditional models, constrained and penalised objectives, corrupted inputs and likelihoods that learn
/// beside the decoder: whole models against finite differences of the reference.
@Suite struct VariantGradientTests {
  struct Variant: Sendable, CustomStringConvertible {
    var architecture: Architecture
    var objective: any Objective = .elbo
    var klWeight: Float = 1
    var isCorrupted = false

    var constraint: KLConstraint {
      if case .closedForm(let constraint) = objective.latentTerm { constraint } else { .none }
    }

    var description: String {
      "\(architecture), \(architecture.posterior), \(objective), β \(klWeight)\(isCorrupted ? ", corrupted" : "")"
    }
  }

  private static func vae(
    _ likelihood: any Likelihood = .bernoulli, latent: Int = 3, labels: Int = 0
  ) -> Architecture {
    Architecture(
      inputCount: 7, encoderHidden: [6], latentCount: latent, activation: .tanh, likelihood: likelihood,
      labelCount: labels)
  }

  private static func autoencoder(
    _ code: Activation = .identity, likelihood: any Likelihood = .bernoulli, latent: Int = 3, labels: Int = 0
  ) -> Architecture {
    Architecture(
      inputCount: 7, encoderHidden: [6], latentCount: latent, activation: .tanh, likelihood: likelihood,
      posterior: .point(code), labelCount: labels)
  }

  /// With free bits of 0.15 nats some dimensions of these models are below, some above; their KL is between the two
  /// capacities.
  static let variants: [Variant] =
    [.learnedGaussian, .pixelwiseGaussian, .categorical(levels: 3), .categorical(levels: 20)].flatMap { likelihood in
      [
        Variant(architecture: vae(likelihood)),
        Variant(architecture: vae(likelihood), objective: IWAE(samples: 3)),
      ]
    } + [
      Variant(architecture: autoencoder(), objective: .reconstruction),
      Variant(
        architecture: autoencoder(.tanh, likelihood: .gaussian(variance: 0.5), latent: 17), objective: .reconstruction),
      Variant(
        architecture: autoencoder(likelihood: .learnedGaussian), objective: .reconstruction, isCorrupted: true),
      Variant(architecture: autoencoder(), objective: Reconstruction(Sparsity(.l1, weight: 0.5))),
      Variant(
        architecture: autoencoder(.sigmoid, latent: 17),
        objective: Reconstruction(Sparsity(.kl, weight: 2, target: 0.1))),
      Variant(architecture: autoencoder(.softplus, labels: 3), objective: .reconstruction),
      Variant(architecture: vae(), isCorrupted: true),
      Variant(architecture: vae(labels: 4)),
      Variant(architecture: vae(.categorical(levels: 4), labels: 2), objective: ELBO(samples: 2)),
      Variant(
        architecture: vae(labels: 4), objective: IWAE(samples: 3), klWeight: 0.5, isCorrupted: true),
      Variant(architecture: vae(latent: 18), objective: ELBO(constraint: .freeBits(0.15))),
      Variant(
        architecture: vae(latent: 18), objective: ELBO(samples: 2, constraint: .freeBits(0.15)), klWeight: 2),
      Variant(architecture: vae(), objective: ELBO(constraint: .capacity(0.1)), klWeight: 3),
      Variant(architecture: vae(latent: 18), objective: ELBO(constraint: .capacity(50)), klWeight: 3),
    ]

  private struct Pass {
    let variant: Variant
    let batchSize = 4
    let model: VariationalAutoencoder
    let workspace: Workspace
    let gradients: ParameterArena

    init(_ variant: Variant, threads: Int = 1, parts: ModelParts = .all) throws {
      self.variant = variant
      let architecture = variant.architecture
      let model = try VariationalAutoencoder(architecture, seed: 4)
      for (index, tensor) in model.layout.tensors.enumerated() where !tensor.isWeight {
        model.weights.setElements(normalNumbers(tensor.count, seed: UInt64(50 + index)).map { 0.2 * $0 }, of: tensor)
      }
      let samples = variant.objective.samples
      // Room for one example more, so that the rows of a short minibatch are in the right place.
      let workspace = Workspace(
        for: model, capacity: batchSize + 1, samples: samples, side: variant.isCorrupted ? .target : [])
      let gradients = ParameterArena(model.layout)
      let batchSize = batchSize
      workspace.input.rows(0..<batchSize).setElements(uniformNumbers(batchSize * architecture.inputCount, seed: 5))
      if variant.isCorrupted {
        workspace.target.rows(0..<batchSize).setElements(uniformNumbers(batchSize * architecture.inputCount, seed: 7))
      }
      workspace.noise.rows(0..<batchSize * samples)
        .setElements(normalNumbers(batchSize * samples * architecture.latentCount, seed: 6))
      if architecture.labelCount > 0 {
        Self.labels(architecture.labelCount, batchSize)
          .withUnsafeBufferPointer { workspace.setLabels($0, rows: 0..<batchSize) }
      }
      try ThreadTeam(count: threads).run { worker in
        model.forwardAndBackward(
          workspace, rows: 0..<batchSize, klWeight: variant.klWeight, objective: variant.objective, parts: parts,
          worker: worker)
        model.backwardParameters(workspace, batchSize: batchSize, parts: parts, worker: worker, into: gradients)
      }
      self.model = model
      self.workspace = workspace
      self.gradients = gradients
    }

    private static func labels(_ count: Int, _ batchSize: Int) -> [UInt8] {
      (0..<batchSize).map { UInt8(($0 * 3 + 1) % count) }
    }

    private func rows(_ matrix: Matrix) -> [[Double]] {
      (0..<matrix.rows).map { matrix.rows($0..<$0 + 1).copyElements().map(Double.init) }
    }

    var objective: Double {
      workspace.objective.columns(0..<batchSize).copyElements().reduce(0) { $0 + Double($1) } / Double(batchSize)
    }

    var reference: ReferenceModel { ReferenceModel(variant.architecture, model.weights) }

    func expected() -> (ReferenceModel) -> Double {
      let labelCount = variant.architecture.labelCount
      let labels = labelCount > 0 ? Self.labels(labelCount, batchSize).map { Int($0) } : nil
      let (examples, targets) = (rows(workspace.input.rows(0..<batchSize)), rows(workspace.target.rows(0..<batchSize)))
      let noise = (0..<batchSize).map { rows(workspace.noise.rows(workspace.latents(of: $0..<$0 + 1))) }
      return { [variant] model in
        model.objective(
          variant.objective, examples, labels: labels, targets: targets, noise: noise,
          klWeight: Double(variant.klWeight))
      }
    }
  }

  @Test(arguments: variants) func valueAndGradient(variant: Variant) throws {
    try variant.objective.validate(for: variant.architecture)
    let pass = try Pass(variant)
    let (point, loss) = (pass.reference, pass.expected())
    #expect(abs(pass.objective - loss(point)) < 1e-5 * max(1, abs(loss(point))))
    for tensor in pass.model.layout.tensors {
      let report = GradientCheck.compare(
        name: "\(tensor.name), \(variant)", analytic: pass.gradients.elements(of: tensor),
        point: point.parameters[tensor.name]!, tolerance: GradientTolerance.through(layers: 8)
      ) { loss(point.replacing(tensor.name, with: $0)) }
      #expect(report.passed, "\(report)")
    }
  }

  @Test(arguments: variants, [2, 3]) func threadsChangeNothing(variant: Variant, threads: Int) throws {
    let (alone, together) = (try Pass(variant), try Pass(variant, threads: threads))
    for tensor in alone.model.layout.tensors {
      let expected = alone.gradients.elements(of: tensor)
      if MatrixProduct.engine == .own {
        #expect(together.gradients.elements(of: tensor) == expected)
      } else {
        let error = relativeError(of: together.gradients.elements(of: tensor), from: expected.map(Double.init))
        #expect(error <= GradientTolerance.perLayer)
      }
    }
  }

  /// Free bits and capacity do something at these models: with neither, the gradient is another.
  @Test(arguments: variants.filter { $0.constraint.kind != .none })
  func constraintsBind(variant: Variant) throws {
    var free = variant
    free.objective = ELBO(samples: variant.objective.samples)
    let (with, without) = (try Pass(variant), try Pass(free))
    let tensor = with.model.layout.tensors.first { $0.name == "encoder.log_variance.bias" }!
    // A capacity below the KL divergence leaves its gradient as it is.
    let isSame = with.gradients.elements(of: tensor) == without.gradients.elements(of: tensor)
    #expect(isSame == (variant.constraint == .capacity(0.1)))
    if variant.constraint.kind == .freeBits {
      let means = with.workspace.dimensionMeans.copyElements()
      #expect(means.contains { $0 < 0.15 } && means.contains { $0 > 0.15 })
    }
  }

  /// A part that is not asked for has no gradient, and the other the same as ever.
  @Test(arguments: [ModelParts.encoder, .decoder]) func oneGradientAlone(parts: ModelParts) throws {
    let variant = Self.variants[0]
    let (whole, part) = (try Pass(variant), try Pass(variant, parts: parts))
    for tensor in whole.model.layout.tensors {
      let expected =
        parts.contains(tensor.block.part)
        ? whole.gradients.elements(of: tensor) : Array(repeating: 0, count: tensor.count)
      #expect(part.gradients.elements(of: tensor) == expected, "\(tensor.name)")
    }
  }

  @Test func combinationsThatMakeNoSense() {
    func expectRefusal(_ objective: any Objective, _ architecture: Architecture, _ error: ObjectiveError) {
      #expect(throws: error) { try objective.validate(for: architecture) }
    }
    expectRefusal(ELBO(constraint: .freeBits(-1)), Self.vae(), .nats(.freeBits, -1))
    expectRefusal(Reconstruction(Sparsity(.l1)), Self.vae(), .needsPoint)
    expectRefusal(IWAE(samples: 1), Self.autoencoder(), .needsPosterior)
    expectRefusal(ELBO(samples: 2), Self.autoencoder(), .needsPosterior)
    expectRefusal(ELBO(constraint: .freeBits(1)), Self.autoencoder(), .needsPosterior)
    expectRefusal(Reconstruction(Sparsity(.kl)), Self.autoencoder(), .sparsityOfUnboundedCode(.identity))
    expectRefusal(
      Reconstruction(Sparsity(.kl, weight: -1)), Self.autoencoder(.sigmoid), .sparsityWeight(-1))
    expectRefusal(
      Reconstruction(Sparsity(.kl, target: 1)), Self.autoencoder(.sigmoid), .sparsityTarget(1))
    // What is no combination at all cannot be written down.
    for words in ["iwae 5 free-bits 1", "elbo monte-carlo capacity 1", "elbo sticking-the-landing", "point gelu"] {
      #expect(throws: DescriptionError.self) { try Vocabulary.standard.objective(words) }
    }
    #expect(throws: ArchitectureError.activation(.gelu, of: "a code")) { try Self.autoencoder(.gelu).validate() }
    #expect(throws: ArchitectureError.labelCount(257)) { try Self.vae(labels: 257).validate() }
  }
}
