import TestSupport
import Testing
import VAEKernels
import VAEReference

/// The ways into a model: from examples, from a posterior of one's own, from a latent of one's own; on plain arrays and
/// in a workspace.
@Suite struct EntryPointTests {
  // More than the passes on arrays take at a time, so that batches must join.
  static let count = 300
  static let latentCount = 3
  static let inputCount = 5

  let model: VariationalAutoencoder
  let reference: ReferenceModel
  let examples = uniformNumbers(count * inputCount, seed: 1)
  let noise = normalNumbers(count * latentCount, seed: 2)
  let tolerance = GradientTolerance.through(layers: 5)

  init() throws {
    let architecture = Architecture(
      inputCount: Self.inputCount, encoderHidden: [7], latentCount: Self.latentCount, activation: .tanh)
    model = try VariationalAutoencoder(architecture, seed: 4)
    reference = ReferenceModel(architecture, model.weights)
  }

  private func losses(
    _ latents: [[Double]]
  ) -> [Double] {
    zip(examples.rows(of: Self.inputCount), latents).map {
      Reference.reconstructionLoss(outputs: reference.decode($1), example: $0, likelihood: .bernoulli)
    }
  }

  @Test func encodeAndSample() {
    let posterior = model.encode(examples)
    let expected = examples.rows(of: Self.inputCount).map { reference.encode($0) }
    #expect(relativeError(of: posterior.mean, from: expected.flatMap(\.mean)) <= tolerance)
    #expect(relativeError(of: posterior.logVariance, from: expected.flatMap(\.logVariance)) <= tolerance)
    let latents = zip(expected, noise.rows(of: Self.latentCount)).flatMap {
      Reference.sample(mean: $0.mean, logVariance: $0.logVariance, noise: $1)
    }
    #expect(relativeError(of: model.sample(posterior, noise: noise), from: latents) <= tolerance)

    let both = model.encode(examples, noise: noise)
    #expect(both.posterior == posterior)
    #expect(both.latents == model.sample(posterior, noise: noise))
  }

  @Test func decodeGivesProbabilities() {
    let expected = noise.rows(of: Self.latentCount).flatMap { reference.decode($0).map(Reference.sigmoid) }
    #expect(relativeError(of: model.decode(noise), from: expected) <= tolerance)
  }

  @Test func lossesFromExamples() {
    let losses = model.losses(of: examples, noise: noise)
    let expected = reference.loss(
      examples.rows(of: Self.inputCount), noise: noise.rows(of: Self.latentCount))
    #expect(losses.reconstruction.count == Self.count)
    #expect(relativeError(of: [Float(losses.meanNegativeELBO)], from: [expected.negativeELBO]) <= tolerance)
  }

  @Test func lossesFromAPosteriorOfOnesOwn() {
    let own = VariationalAutoencoder.Encoding(
      mean: normalNumbers(noise.count, seed: 5), logVariance: normalNumbers(noise.count, seed: 6))
    let losses = model.losses(of: examples, posterior: own, noise: noise)
    let means = own.mean.rows(of: Self.latentCount)
    let logVariances = own.logVariance.rows(of: Self.latentCount)
    let kl = zip(means, logVariances).map { Reference.klDivergence(mean: $0, logVariance: $1) }
    let latents = zip(zip(means, logVariances), noise.rows(of: Self.latentCount)).map {
      Reference.sample(mean: $0.0, logVariance: $0.1, noise: $1)
    }
    #expect(relativeError(of: losses.kl, from: kl) <= tolerance)
    #expect(relativeError(of: losses.reconstruction, from: self.losses(latents)) <= tolerance)
  }

  @Test func lossesFromALatentOfOnesOwn() {
    let expected = losses(noise.rows(of: Self.latentCount))
    #expect(relativeError(of: model.reconstructionLosses(of: examples, latents: noise), from: expected) <= tolerance)
  }

  /// The same by hand in a workspace: begin with `sample`, then with `decode`.
  @Test func aWorkspaceMayBeEnteredAnywhere() {
    let rows = 0..<4
    let workspace = Workspace(for: model, capacity: 6, gradients: false)
    let own = VariationalAutoencoder.Encoding(
      mean: normalNumbers(4 * Self.latentCount, seed: 5), logVariance: normalNumbers(4 * Self.latentCount, seed: 6))
    let x = Array(examples[..<(4 * Self.inputCount)])
    let noise = Array(noise[..<(4 * Self.latentCount)])
    workspace.input.rows(rows).setElements(x)
    workspace.posteriorMean.rows(rows).setElements(own.mean)
    workspace.posteriorLogVariance.rows(rows).setElements(own.logVariance)
    workspace.noise.rows(rows).setElements(noise)
    model.sample(workspace, rows: rows)
    model.decode(workspace, rows: rows)
    model.reconstructionLoss(workspace, rows: rows)
    model.klDivergence(workspace, rows: rows)
    let expected = model.losses(of: x, posterior: own, noise: noise)
    #expect(workspace.reconstructionLoss.columns(rows).copyElements() == expected.reconstruction)
    #expect(workspace.klDivergence.columns(rows).copyElements() == expected.kl)

    workspace.latent.rows(rows).setElements(noise)
    model.decode(workspace, rows: rows)
    model.reconstructionLoss(workspace, rows: rows)
    #expect(
      workspace.reconstructionLoss.columns(rows).copyElements() == model.reconstructionLosses(of: x, latents: noise))
  }

  @Test func noExamplesAreNoTrouble() {
    #expect(model.encode([]).mean.isEmpty)
    #expect(model.decode([]).isEmpty)
    #expect(model.losses(of: [], noise: []).meanNegativeELBO == 0)
  }
}
