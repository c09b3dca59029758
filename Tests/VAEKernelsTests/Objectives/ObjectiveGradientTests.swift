import Foundation
import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Objectives of several samples, and the estimators of their gradients, against the reference.
@Suite struct ObjectiveGradientTests {
  static let objectives: [any Objective] =
    [1, 2, 5].flatMap { samples -> [any Objective] in
      let sampled: [ELBO] = [.monteCarlo(samples: samples), .monteCarlo(samples: samples, .stickingTheLanding)]
      let weighted = GradientEstimator.allCases.map { IWAE(samples: samples, $0) }
      return [ELBO(samples: samples)] + sampled + weighted
    }

  /// Two estimators each of the same gradient.
  static let pairs: [(any Objective, any Objective)] = [
    (.monteCarlo() as ELBO, .monteCarlo(samples: 1, .stickingTheLanding) as ELBO),
    (IWAE(samples: 3), IWAE(samples: 3, .doublyReparameterized)),
  ]

  static let architectures = [
    Architecture(inputCount: 7, encoderHidden: [6], latentCount: 3, activation: .tanh),
    Architecture(
      inputCount: 5, encoderHidden: [4, 5], latentCount: 17, decoderHidden: [], activation: .softplus,
      likelihood: .gaussian(variance: 0.5)),
  ]

  /// A minibatch with several samples of each example, passed forward and back.
  private struct Pass {
    let architecture: Architecture
    let objective: any Objective
    let klWeight: Float
    let batchSize = 3
    let model: VariationalAutoencoder
    let workspace: Workspace
    let gradients: ParameterArena

    init(_ architecture: Architecture, _ objective: any Objective, klWeight: Float = 1, threads: Int = 1) throws {
      self.architecture = architecture
      self.objective = objective
      self.klWeight = klWeight
      let model = try VariationalAutoencoder(architecture, seed: 4)
      // Room for one example more, so that the rows of a short minibatch are in the right place.
      let workspace = Workspace(for: model, capacity: batchSize + 1, samples: objective.samples)
      let gradients = ParameterArena(model.layout)
      let (batchSize, samples) = (batchSize, objective.samples)
      workspace.input.rows(0..<batchSize).setElements(uniformNumbers(batchSize * architecture.inputCount, seed: 5))
      workspace.noise.rows(0..<batchSize * samples)
        .setElements(normalNumbers(batchSize * samples * architecture.latentCount, seed: 6))
      try ThreadTeam(count: threads).run { worker in
        model.forwardAndBackward(
          workspace, rows: 0..<batchSize, klWeight: klWeight, objective: objective, worker: worker)
        model.backwardParameters(workspace, batchSize: batchSize, worker: worker, into: gradients)
      }
      self.model = model
      self.workspace = workspace
      self.gradients = gradients
    }

    var examples: [[Double]] { rows(workspace.input.rows(0..<batchSize)) }
    var noise: [[[Double]]] {
      (0..<batchSize).map { rows(workspace.noise.rows(workspace.latents(of: $0..<$0 + 1))) }
    }
    var reference: ReferenceModel { ReferenceModel(architecture, model.weights) }

    private func rows(_ matrix: Matrix) -> [[Double]] {
      (0..<matrix.rows).map { matrix.rows($0..<$0 + 1).copyElements().map(Double.init) }
    }

    /// One report for each tensor.
    func reports(_ loss: @escaping (ReferenceModel, _ part: String) -> Double) -> [GradientReport] {
      let point = reference
      return model.layout.tensors.map { tensor in
        let part = tensor.name.hasPrefix("encoder") ? "encoder" : "decoder"
        return GradientCheck.compare(
          name: "\(tensor.name), \(objective), β \(klWeight)", analytic: gradients.elements(of: tensor),
          point: point.parameters[tensor.name]!, tolerance: GradientTolerance.through(layers: 8)
        ) { loss(point.replacing(tensor.name, with: $0), part) }
      }
    }
  }

  @Test(arguments: architectures, objectives)
  func theValueIsThatOfTheReference(architecture: Architecture, objective: any Objective) throws {
    for klWeight in [1, 0.25] as [Float] {
      let pass = try Pass(architecture, objective, klWeight: klWeight)
      let found = pass.workspace.objective.columns(0..<3).copyElements().reduce(0) { $0 + Double($1) } / 3
      let expected = pass.reference.objective(
        objective, pass.examples, noise: pass.noise, klWeight: Double(klWeight))
      #expect(abs(found - expected) < 1e-5 * max(1, abs(expected)))
    }
  }

  /// The standard estimator is the gradient of the sampled objective.
  @Test(arguments: architectures, objectives.filter { $0.estimator == .standard })
  func standardEstimators(architecture: Architecture, objective: any Objective) throws {
    for klWeight in [1, 0.25] as [Float] {
      let pass = try Pass(architecture, objective, klWeight: klWeight)
      let (examples, noise) = (pass.examples, pass.noise)
      for report in pass.reports({ model, _ in
        model.objective(objective, examples, noise: noise, klWeight: Double(klWeight))
      }) {
        #expect(report.passed, "\(report)")
      }
    }
  }

  /// The others are gradients of functions in which a density and the weights are held fixed.
  @Test(arguments: architectures, objectives.filter { $0.estimator != .standard })
  func estimatorsWithoutTheScore(architecture: Architecture, objective: any Objective) throws {
    for klWeight in [1, 0.25] as [Float] {
      let pass = try Pass(architecture, objective, klWeight: klWeight)
      let (point, examples, noise) = (pass.reference, pass.examples, pass.noise)
      for report in pass.reports({ model, part in
        model.surrogate(
          of: objective, part: part, at: point, examples, noise: noise, klWeight: Double(klWeight))
      }) {
        #expect(report.passed, "\(report)")
      }
    }
  }

  @Test(arguments: objectives, [2, 3]) func threadsChangeNothing(objective: any Objective, threads: Int) throws {
    let alone = try Pass(Self.architectures[0], objective)
    let together = try Pass(Self.architectures[0], objective, threads: threads)
    for tensor in alone.model.layout.tensors {
      #expect(together.gradients.elements(of: tensor) == alone.gradients.elements(of: tensor))
    }
  }

  /// The weights of an example add up to 1, and one sample has all of it: then both bounds are the same.
  @Test func importanceWeights() throws {
    let pass = try Pass(Self.architectures[0], IWAE(samples: 5))
    for example in 0..<3 {
      let weights = pass.workspace.sampleWeights.columns(pass.workspace.latents(of: example..<example + 1))
      #expect(abs(weights.copyElements().reduce(0, +) - 1) < 1e-6)
    }
    let iwae = try Pass(Self.architectures[0], IWAE(samples: 1))
    let vae = try Pass(Self.architectures[0], .monteCarlo())
    for tensor in iwae.model.layout.tensors {
      let expected = vae.gradients.elements(of: tensor).map(Double.init)
      #expect(relativeError(of: iwae.gradients.elements(of: tensor), from: expected) < 1e-6)
    }
  }

  /// Log-weights thousands apart neither overflow nor lose the bound.
  @Test func extremeLogWeights() {
    // Minus the losses 5000, 4000 and 4000.5, and ratios of 0, 0 and 0.5.
    let logWeights = [-5000.0, -4000, -4000]
    var slopes = [0.0, 0, 0]
    let bound = logWeights.withUnsafeBufferPointer { logWeights in
      slopes.withUnsafeMutableBufferPointer { IWAE(samples: 3).bound(logWeights, slopes: $0) }
    }
    #expect(abs(bound - (-4000 + log(2.0 / 3))) < 1e-9)
    #expect(slopes == [0, 0.5, 0.5])
  }

  @Test func combinationsThatMakeNoSense() {
    let architecture = Self.architectures[0]
    #expect(throws: ObjectiveError.samples(0)) { try ELBO(samples: 0).validate(for: architecture) }
    #expect(throws: ObjectiveError.doublyReparameterizedELBO) {
      try (.monteCarlo(samples: 1, .doublyReparameterized) as ELBO).validate(for: architecture)
    }
    for objective in Self.objectives {
      #expect(throws: Never.self) { try objective.validate(for: architecture) }
    }
  }

  /// Over many draws of noise the estimators agree where theory says so: on the gradient with respect to the encoder's
  /// head, all three for the Monte Carlo KL, standard and doubly reparameterised for the importance-weighted bound.
  @Test(arguments: pairs)
  func estimatorsAgreeOnAverage(objective: any Objective, second: any Objective) throws {
    let architecture = Architecture(inputCount: 4, encoderHidden: [], latentCount: 2, activation: .tanh)
    let model = try VariationalAutoencoder(architecture, seed: 4)
    // One example many times over, each with noise of its own: one pass is that many draws.
    let draws = 20_000
    let example = uniformNumbers(4, seed: 5)
    let noise = normalNumbers(draws * objective.samples * 2, seed: 6)
    let head = try [objective, second].map { objective in
      let workspace = Workspace(for: model, capacity: draws, samples: objective.samples)
      workspace.input.setElements((0..<draws).flatMap { _ in example })
      workspace.noise.setElements(noise)
      try objective.validate(for: architecture)
      model.forwardAndBackward(workspace, rows: 0..<draws, batchSize: 1, objective: objective)
      return workspace.gradient(model.plan.posterior.head).copyElements()
    }
    for column in 0..<4 {
      // Of the differences draw by draw, whose expectation is zero.
      let differences = (0..<draws).map { Double(head[0][$0 * 4 + column] - head[1][$0 * 4 + column]) }
      let mean = differences.reduce(0, +) / Double(draws)
      let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
      #expect(abs(mean) < 4 * (variance / Double(draws)).squareRoot(), "column \(column)")
      // They do differ.
      #expect(variance > 1e-6)
    }
  }
}
