import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Whole models of tables with gaps against finite differences of the reference.
@Suite struct ByColumnModelTests {
  static let likelihood = ByColumn([.gaussian, .categorical(3), .poisson, .bernoulli, .gaussian, .poisson])

  private static func architecture(_ posterior: any Posterior = .gaussian) -> Architecture {
    Architecture(
      inputCount: 8, encoderHidden: [6], latentCount: 3, activation: .tanh, likelihood: likelihood,
      posterior: posterior)
  }

  static let examples: [[Float]] = [
    [0.5, 0, 1, 0, 3, 1, -2.5, 0], [-1.25, 1, 0, 0, 0, 0, 4, 17], [2, 0, 0, 1, 1, 0, 0, 2], [0, 0, 0, 0, 0, 0, 0, 0],
  ]
  static let masks: [[Float]] = [
    [1, 1, 1, 1, 1, 1, 1, 1], [0, 1, 1, 1, 1, 0, 1, 0], [1, 0, 0, 0, 0, 1, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0],
  ]

  @Test(arguments: [ELBO() as any Objective, ELBO(samples: 2), IWAE(samples: 3)])
  func gradients(objective: any Objective) throws {
    let architecture = Self.architecture()
    let ofItsOwn = try GradientCheck.check(architecture, objective)
    let ofGaps = try GradientCheck.check(
      architecture, objective, examples: Self.examples, masks: Self.masks, threads: 2)
    for report in ofItsOwn + ofGaps { #expect(report.passed, "\(report)") }
    #expect(ofGaps.contains { $0.name == "decoder.log_variance" })
  }

  @Test func gradientsOfAnAutoencoder() throws {
    let reports = try GradientCheck.check(
      Self.architecture(Point()), .reconstruction, isCorrupted: true, examples: Self.examples, masks: Self.masks)
    for report in reports { #expect(report.passed, "\(report)") }
  }

  /// The check sees a mask that was passed over: with another one it fails.
  @Test func theCheckLooksAtTheMask() throws {
    let architecture = Self.architecture()
    let trained = try TrainedGradients(
      architecture, .elbo, batchSize: 4, examples: Self.examples, masks: Self.masks, ThreadTeam(count: 1))
    let reports = GradientCheck.compare(
      analytic: trained.gradients, model: ReferenceModel(architecture, trained.model.weights),
      examples: trained.inputs, masks: nil, noise: trained.noise)
    #expect(reports.contains { !$0.passed })
  }
}
