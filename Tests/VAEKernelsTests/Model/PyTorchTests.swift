import TestSupport
import Testing
import VAEKernels
import VAEReference

/// The second witness: PyTorch's autograd in float64, by the files of `Scripts/make-fixtures.py`.
@Suite struct PyTorchTests {
  private func tolerance(_ fixture: Fixture) -> Double {
    GradientTolerance.through(
      layers: fixture.architecture.hiddenLayerCount + 4)
  }

  private func expect(
    _ found: Matrix, _ expected: [[Double]], _ name: String, _ fixture: Fixture,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = relativeError(of: found.copyElements(), from: expected.flatMap { $0 })
    #expect(error <= tolerance(fixture), "\(name)", sourceLocation: sourceLocation)
  }

  /// A training pass overwrites nothing of the forward pass but may write the gradient over the outputs; so the forward
  /// results come from a pass of their own.
  @Test(arguments: Fixture.all) func forward(fixture: Fixture) throws {
    let model = try fixture.model()
    let count = fixture.examples.count
    let workspace = Workspace(for: model, capacity: count, gradients: false)
    workspace.input.setElements(fixture.examples.flatMap { $0.map(Float.init) })
    workspace.noise.setElements(fixture.noise.flatMap { $0.map(Float.init) })
    model.forward(workspace, rows: 0..<count)
    expect(workspace.posteriorMean, fixture.expected.posteriorMean, "posterior mean", fixture)
    expect(workspace.posteriorLogVariance, fixture.expected.posteriorLogVariance, "posterior log-variance", fixture)
    expect(workspace.latent, fixture.expected.latent, "latent", fixture)
    expect(workspace.output, fixture.expected.outputs, "outputs", fixture)
  }

  @Test(arguments: Fixture.all) func losses(fixture: Fixture) throws {
    let pass = try fixture.pass(fixture.model())
    let found = [
      pass.reconstructionLoss, pass.klDivergence, pass.reconstructionLoss + fixture.klWeight * pass.klDivergence,
    ]
    let expected = [fixture.expected.reconstructionLoss, fixture.expected.klDivergence, fixture.expected.objective]
    for (found, expected) in zip(found, expected) {
      #expect(relativeError(of: [Float(found)], from: [expected]) <= tolerance(fixture))
    }
  }

  @Test(arguments: Fixture.all) func parameterGradients(fixture: Fixture) throws {
    let gradients = try fixture.pass(fixture.model()).gradientsByName
    #expect(Set(gradients.keys) == Set(fixture.parameterGradients.keys))
    for (name, expected) in fixture.parameterGradients {
      #expect(relativeError(of: gradients[name] ?? [], from: expected) <= tolerance(fixture), "\(name)")
    }
  }

  @Test(arguments: Fixture.all) func activationGradients(fixture: Fixture) throws {
    let workspace = try fixture.pass(fixture.model()).workspace
    expect(workspace.dOutput, fixture.activationGradients.outputs, "d outputs", fixture)
    expect(workspace.dLatent, fixture.activationGradients.latent, "d latent", fixture)
    expect(workspace.dPosteriorMean, fixture.activationGradients.posteriorMean, "d posterior mean", fixture)
    expect(
      workspace.dPosteriorLogVariance, fixture.activationGradients.posteriorLogVariance, "d posterior log-variance",
      fixture)
  }

  /// Autoencoders, conditional models, other likelihoods, constraints and penalties.
  @Test(arguments: VariantFixture.all) func variants(fixture: VariantFixture) throws {
    let model = try VariationalAutoencoder(fixture.architecture)
    #expect(Set(model.layout.tensors.map(\.name)) == Set(fixture.parameters.keys))
    for tensor in model.layout.tensors {
      model.weights.setElements(fixture.parameters[tensor.name]!.map(Float.init), of: tensor)
    }
    let count = fixture.inputs.count
    let workspace = Workspace(for: model, capacity: count, samples: fixture.objective.samples, side: .target)
    workspace.input.setElements(fixture.inputs.flatMap { $0.map(Float.init) })
    workspace.target.setElements(fixture.targets.flatMap { $0.map(Float.init) })
    workspace.noise.setElements(fixture.noise.flatMap { $0.map(Float.init) })
    if fixture.architecture.labelCount > 0 {
      fixture.labels.withUnsafeBufferPointer { workspace.setLabels($0, rows: 0..<count) }
    }
    let gradients = ParameterArena(model.layout)
    model.forwardAndBackward(
      workspace, rows: 0..<count, klWeight: Float(fixture.klWeight), objective: fixture.objective)
    model.backwardParameters(workspace, batchSize: count, into: gradients)
    let value = workspace.objective.copyElements().reduce(0) { $0 + Double($1) } / Double(count)
    #expect(abs(value - fixture.value) < 1e-5 * abs(fixture.value))
    for tensor in model.layout.tensors {
      let error = relativeError(of: gradients.elements(of: tensor), from: fixture.gradients[tensor.name]!)
      #expect(error <= GradientTolerance.through(layers: 8), "\(tensor.name)")
    }
  }

  /// Objectives of three samples and every estimator of their gradients.
  @Test(arguments: ObjectiveFixture.all) func objectivesOfSeveralSamples(fixture: ObjectiveFixture) throws {
    let model = try VariationalAutoencoder(fixture.architecture)
    for tensor in model.layout.tensors {
      model.weights.setElements(fixture.parameters[tensor.name]!.map(Float.init), of: tensor)
    }
    let count = fixture.examples.count
    let workspace = Workspace(for: model, capacity: count, samples: fixture.samples)
    #expect(fixture.results.count == 6)
    for result in fixture.results {
      workspace.input.setElements(fixture.examples.flatMap { $0.map(Float.init) })
      workspace.noise.setElements(fixture.noise.flatMap { $0.map(Float.init) })
      let gradients = ParameterArena(model.layout)
      model.forwardAndBackward(
        workspace, rows: 0..<count, klWeight: Float(result.klWeight), objective: result.objective)
      model.backwardParameters(workspace, batchSize: count, into: gradients)
      let value = workspace.objective.copyElements().reduce(0) { $0 + Double($1) } / Double(count)
      #expect(abs(value - result.value) < 1e-5 * abs(result.value))
      for tensor in model.layout.tensors {
        let error = relativeError(of: gradients.elements(of: tensor), from: result.gradients[tensor.name]!)
        #expect(error <= GradientTolerance.through(layers: 8), "\(result.objective) \(tensor.name)")
      }
    }
  }
}

extension Architecture {
  /// The dense layers between input and output, the posterior's own and the likelihood's own not counted.
  fileprivate var hiddenLayerCount: Int {
    [encoder, decoder].reduce(0) { $0 + $1.layers.count { $0 is Dense } }
  }
}
