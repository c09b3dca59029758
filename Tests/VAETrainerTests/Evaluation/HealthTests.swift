import TestSupport
import Testing
import VAEData
import VAEKernels

@testable import VAETrainer

/// Warnings about runs that go wrong.
@Suite struct HealthTests {
  private func health(variance: Float = 1, logVariance: Float = 0, wrong: Double = 0) -> ModelHealth {
    let mean = (0..<10).map { $0 % 2 == 0 ? variance.squareRoot() : -variance.squareRoot() }
    return ModelHealth(
      latentUse: LatentUse(mean: mean, logVariance: mean.map { _ in 0 }, latentCount: 1),
      largestLogVariance: logVariance,
      shareCertainAndWrong: wrong)
  }

  @Test func eachHasItsWarning() {
    #expect(HealthWarning.warnings(of: health(), isWarm: true) == [])
    #expect(HealthWarning.warnings(of: health(variance: 0.009), isWarm: true) == [.collapsed])
    #expect(HealthWarning.warnings(of: health(variance: 0.009), isWarm: false) == [])
    #expect(HealthWarning.warnings(of: health(logVariance: 25), isWarm: true) == [.logVariances(25)])
    #expect(HealthWarning.warnings(of: health(wrong: 0.01), isWarm: true) == [.saturated(share: 0.01)])
    for warning in [HealthWarning.collapsed, .logVariances(25), .saturated(share: 0.01)] {
      #expect(!warning.description.contains("\n") && warning.description.contains("try"))
    }
  }

  @Test(arguments: [
    (Float(784), HealthWarning.Scaling.meanOverFeatures(784)), (0.05, .meanOverLatents(20)),
    (39.2, .meanOverBoth(features: 784, latents: 20)), (0.00128, .dividedByFeatures(784)),
  ])
  func lossesScaledAsElsewhere(weight: Float, scaling: HealthWarning.Scaling) {
    let architecture = Architecture(inputCount: 784, latentCount: 20)
    #expect(HealthWarning.warning(klWeight: weight, architecture) == .scaledLoss(klWeight: weight, scaling))
  }

  @Test(arguments: [Float(1), 4, 0.5, 0, 700]) func otherWeightsAreNobodysBusiness(weight: Float) {
    #expect(HealthWarning.warning(klWeight: weight, Architecture(inputCount: 784, latentCount: 20)) == nil)
  }

  /// A decoder that says 1 where every pixel is 0, as certain as a Float can be.
  @Test func certainAndWrongIsCounted() throws {
    let data = Dataset([Float](repeating: 0, count: 40), featureCount: 4)
    let model = try VariationalAutoencoder(Architecture(inputCount: 4, encoderHidden: [], latentCount: 1))
    model.weights[(model.plan.decoder[0] as! DenseStage).bias].setElements([20, -20, 20, 5])
    let evaluator = Evaluator(model, team: try ThreadTeam(count: 1))
    #expect(try evaluator.examine(data, named: "test").health.shareCertainAndWrong == 0.5)
  }

  /// The gradient's norm, of the clipped and of the plain step, is that of the gradient itself.
  @Test(arguments: [Float?.none, 1e9], [1, 2]) func gradientNorm(clipNorm: Float?, threads: Int) throws {
    let data = TinyData.split(train: 8, test: 8)
    let trainer = try Trainer(
      .tiny, train: data.train, test: data.test,
      options: .tiny {
        $0.gradientClipNorm = clipNorm
        $0.threads = threads
        $0.optimizer.learningRate = 1e-30
      })
    let norm = try #require(try trainer.runEpoch().gradientNorm)
    // After one step from zero the first moment is a tenth of the gradient.
    #expect(abs(Double(norm) - trainer.optimizer.firstMoment.norm * 10) < 1e-4 * Double(norm))
  }
}
