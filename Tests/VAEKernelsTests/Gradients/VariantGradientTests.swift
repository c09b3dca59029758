import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Autoencoders, conditional models, constrained and penalised objectives, corrupted inputs and likelihoods that learn
/// beside the decoder: whole models against finite differences of the reference.
@Suite struct VariantGradientTests {
  struct Variant: Sendable, CustomStringConvertible {
    var architecture: Architecture
    var objective = Objective()
    var klWeight: Float = 1
    var isCorrupted = false

    var description: String {
      "\(architecture.model) \(architecture.summary), \(architecture.likelihood), code \(architecture.codeActivation), "
        + "\(architecture.labelCount) classes, \(objective), β \(klWeight)\(isCorrupted ? ", corrupted" : "")"
    }
  }

  private static func vae(
    _ likelihood: Likelihood = .bernoulli, latent: Int = 3, labels: Int = 0
  ) -> Architecture {
    Architecture(
      inputCount: 7, encoderHidden: [6], latentCount: latent, activation: .tanh, likelihood: likelihood,
      labelCount: labels)
  }

  private static func autoencoder(
    _ code: Activation = .identity, likelihood: Likelihood = .bernoulli, latent: Int = 3, labels: Int = 0
  ) -> Architecture {
    Architecture(
      inputCount: 7, encoderHidden: [6], latentCount: latent, activation: .tanh, likelihood: likelihood,
      model: .autoencoder, codeActivation: code, labelCount: labels)
  }

  /// With free bits of 0.15 nats some dimensions of these models are below, some above; their KL is between the two
  /// capacities.
  static let variants: [Variant] =
    [.learnedGaussian, .pixelwiseGaussian, .categorical(levels: 3), .categorical(levels: 20)].flatMap { likelihood in
      [
        Variant(architecture: vae(likelihood)),
        Variant(architecture: vae(likelihood), objective: Objective(.iwae, samples: 3)),
      ]
    } + [
      Variant(architecture: autoencoder()),
      Variant(architecture: autoencoder(.tanh, likelihood: .gaussian(variance: 0.5), latent: 17)),
      Variant(architecture: autoencoder(likelihood: .learnedGaussian), isCorrupted: true),
      Variant(architecture: autoencoder(), objective: Objective(sparsity: Sparsity(.l1, weight: 0.5))),
      Variant(
        architecture: autoencoder(.sigmoid, latent: 17),
        objective: Objective(sparsity: Sparsity(.kl, weight: 2, target: 0.1))),
      Variant(architecture: autoencoder(.softplus, labels: 3)),
      Variant(architecture: vae(), isCorrupted: true),
      Variant(architecture: vae(labels: 4)),
      Variant(architecture: vae(.categorical(levels: 4), labels: 2), objective: Objective(.vae, samples: 2)),
      Variant(
        architecture: vae(labels: 4), objective: Objective(.iwae, samples: 3), klWeight: 0.5, isCorrupted: true),
      Variant(architecture: vae(latent: 18), objective: Objective(klConstraint: .freeBits(0.15))),
      Variant(
        architecture: vae(latent: 18), objective: Objective(samples: 2, klConstraint: .freeBits(0.15)), klWeight: 2),
      Variant(architecture: vae(), objective: Objective(klConstraint: .capacity(0.1)), klWeight: 3),
      Variant(architecture: vae(latent: 18), objective: Objective(klConstraint: .capacity(50)), klWeight: 3),
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
        for: model, capacity: batchSize + 1, samples: samples, target: variant.isCorrupted)
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
  @Test(arguments: variants.filter { $0.objective.klConstraint.kind != .none })
  func constraintsBind(variant: Variant) throws {
    var free = variant
    free.objective.klConstraint = .none
    let (with, without) = (try Pass(variant), try Pass(free))
    let tensor = with.model.layout.tensors.first { $0.name == "encoder.log_variance.bias" }!
    // A capacity below the KL divergence leaves its gradient as it is.
    let isSame = with.gradients.elements(of: tensor) == without.gradients.elements(of: tensor)
    #expect(isSame == (variant.objective.klConstraint == .capacity(0.1)))
    if variant.objective.klConstraint.kind == .freeBits {
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
        parts.contains(tensor: tensor.name)
        ? whole.gradients.elements(of: tensor) : Array(repeating: 0, count: tensor.count)
      #expect(part.gradients.elements(of: tensor) == expected, "\(tensor.name)")
    }
  }

  @Test func combinationsThatMakeNoSense() {
    func expectRefusal(_ objective: Objective, _ architecture: Architecture, _ error: ObjectiveError) {
      #expect(throws: error) { try objective.validate(for: architecture) }
    }
    expectRefusal(
      Objective(.iwae, klConstraint: .freeBits(1)), Self.vae(), .constraintWithoutClosedForm(.freeBits))
    expectRefusal(
      Objective(klEstimate: .monteCarlo, klConstraint: .capacity(1)), Self.vae(),
      .constraintWithoutClosedForm(.capacity))
    expectRefusal(Objective(klConstraint: .freeBits(-1)), Self.vae(), .nats(.freeBits, -1))
    expectRefusal(Objective(sparsity: Sparsity(.l1)), Self.vae(), .sparsityOfVAE)
    expectRefusal(Objective(.iwae), Self.autoencoder(), .ofAutoencoder("--objective iwae"))
    expectRefusal(Objective(samples: 2), Self.autoencoder(), .ofAutoencoder("--importance-samples"))
    expectRefusal(Objective(klConstraint: .freeBits(1)), Self.autoencoder(), .ofAutoencoder("--free-bits"))
    expectRefusal(
      Objective(sparsity: Sparsity(.kl)), Self.autoencoder(), .sparsityOfUnboundedCode(.identity))
    expectRefusal(
      Objective(sparsity: Sparsity(.kl, weight: -1)), Self.autoencoder(.sigmoid), .sparsityWeight(-1))
    expectRefusal(
      Objective(sparsity: Sparsity(.kl, target: 1)), Self.autoencoder(.sigmoid), .sparsityTarget(1))
    var vae = Self.vae()
    vae.codeActivation = .relu
    #expect(throws: ArchitectureError.codeActivationOfVAE(.relu)) { try vae.validate() }
    #expect(throws: ArchitectureError.labelCount(257)) { try Self.vae(labels: 257).validate() }
  }
}
