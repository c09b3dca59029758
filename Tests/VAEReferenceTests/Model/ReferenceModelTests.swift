import Foundation
import TestSupport
import Testing
import VAEKernels
import VAEReference

/// The reference model against a model done by hand, and against PyTorch in float64.
struct ReferenceModelTests {
  /// Both sides are doubles and differ in the order of at most some hundred additions.
  static let tolerance = 1e-12

  private func isClose(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= Self.tolerance * max(1, abs(b))
  }

  private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isClose($0, $1) }
  }

  @Test func linearModelByHand() {
    let model = ReferenceModel(
      Architecture(
        inputCount: 1, encoderHidden: [], latentCount: 1, activation: .identity, likelihood: .gaussian(variance: 1)),
      parameters: [
        "encoder.mean.weight": [0.5], "encoder.mean.bias": [0.25],
        "encoder.log_variance.weight": [0], "encoder.log_variance.bias": [0],
        "decoder.output.weight": [2], "decoder.output.bias": [-0.5],
      ])
    // x = 2: μ = 1.25, s = 0, z = 1.25 + 0.5 = 1.75, m = 3; and x = 0: μ = 0.25, z = −0.75, m = −2.
    let loss = model.loss([[2], [0]], noise: [[0.5], [-1]], klWeight: 3)
    let reconstructionLoss: Double = (0.5 + 2) / 2 + log(2 * Double.pi) / 2
    let klDivergence: Double = (0.78125 + 0.03125) / 2
    #expect(isClose(loss.reconstructionLoss, reconstructionLoss))
    #expect(isClose(loss.klDivergence, klDivergence))
    #expect(isClose(loss.negativeELBO, reconstructionLoss + klDivergence))
    #expect(isClose(loss.objective, reconstructionLoss + 3 * klDivergence))
  }

  @Test(arguments: Fixture.all)
  func agreesWithPyTorch(fixture: Fixture) {
    let model = ReferenceModel(fixture.architecture, parameters: fixture.parameters)
    for (i, example) in fixture.examples.enumerated() {
      let (mean, logVariance) = model.encode(example)
      #expect(isClose(mean, fixture.expected.posteriorMean[i]))
      #expect(isClose(logVariance, fixture.expected.posteriorLogVariance[i]))
      let latent = Reference.sample(mean: mean, logVariance: logVariance, noise: fixture.noise[i])
      #expect(isClose(latent, fixture.expected.latent[i]))
      #expect(isClose(model.decode(latent), fixture.expected.outputs[i]))
    }
    let loss = model.loss(fixture.examples, noise: fixture.noise, klWeight: fixture.klWeight)
    #expect(isClose(loss.reconstructionLoss, fixture.expected.reconstructionLoss))
    #expect(isClose(loss.klDivergence, fixture.expected.klDivergence))
    #expect(isClose(loss.objective, fixture.expected.objective))
  }

  @Test(arguments: Fixture.all)
  func agreesWithPyTorchAfterTraining(fixture: Fixture) {
    let model = ReferenceModel(fixture.architecture, parameters: fixture.adam.finalParameters)
    let loss = model.loss(fixture.examples, noise: fixture.noise, klWeight: fixture.klWeight)
    #expect(isClose(loss.objective, fixture.adam.finalObjective))
    #expect(fixture.adam.finalObjective < fixture.expected.objective)
  }

  @Test(arguments: Fixture.all)
  func readsTheParametersOfAFastModel(fixture: Fixture) throws {
    let weights = try VariationalAutoencoder(fixture.architecture).weights
    for tensor in weights.layout.tensors {
      let values = try #require(fixture.parameters[tensor.name])
      weights.setElements(values.map(Float.init), of: tensor)
    }
    #expect(ReferenceModel(fixture.architecture, weights).parameters == fixture.parameters)
    let shapes = Dictionary(uniqueKeysWithValues: weights.layout.tensors.map { ($0.name, $0.shape) })
    for tensor in ReferenceModel.tensors(of: fixture.architecture) {
      #expect(shapes[tensor.name] == tensor.shape, "\(tensor.name)")
    }
  }
}
