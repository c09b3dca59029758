import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Posteriors that no prior knows a closed form or a loop of its own for: here the Gaussian one in disguise, whose figures
/// and gradients are known.
@Suite struct SampledDensityRatioTests {
  private struct Disguised: ReferencePosterior {
    static let name = "disguised"
    private let gaussian = DiagonalGaussian()

    init() {}
    init(_ settings: inout Settings) {}
    var outputActivation: Activation { .identity }
    var isRandom: Bool { true }
    func outputs(latentCount: Int) -> [(name: String, count: Int)] { gaussian.outputs(latentCount: latentCount) }
    func lay(_ blueprint: inout Blueprint, head: Slot, noise: Slot, latent: Slot) -> any PosteriorStage {
      Placed(gaussian: gaussian.lay(&blueprint, head: head, noise: noise, latent: latent))
    }
    func referenceSample(head: [Double], noise: [Double]) -> [Double] {
      gaussian.referenceSample(head: head, noise: noise)
    }
    func referenceLogDensity(_ latent: [Double], head: [Double]) -> Double {
      gaussian.referenceLogDensity(latent, head: head)
    }

    struct Placed: PosteriorStage {
      let gaussian: any PosteriorStage
      var head: Slot { gaussian.head }
      var noise: Slot { gaussian.noise }
      var latent: Slot { gaussian.latent }
      func forward(_ pass: Pass) { gaussian.forward(pass) }
      func backward(_ pass: Pass) { gaussian.backward(pass) }
      func logDensity(_ pass: Pass, _ group: Pass.Group, into density: Matrix) {
        gaussian.logDensity(pass, group, into: density)
      }
      func logDensityGradient(_ pass: Pass, _ group: Pass.Group, weights: Matrix, onlyOfLatent: Bool) {
        gaussian.logDensityGradient(pass, group, weights: weights, onlyOfLatent: onlyOfLatent)
      }
    }
  }

  private func architecture(_ posterior: any Posterior) -> Architecture {
    Architecture(
      inputCount: 6, encoder: [Dense(7), Activate(.tanh)], latentCount: 3, posterior: posterior,
      decoder: [Dense(5), Activate(.tanh)])
  }

  static let objectives: [any Objective] =
    [.monteCarlo(samples: 2) as ELBO, .monteCarlo(samples: 1, .stickingTheLanding) as ELBO]
    + GradientEstimator.allCases.map { IWAE(samples: 3, $0) }

  /// The densities one after the other give what the one loop does.
  @Test(arguments: objectives) func asTheLoopOfItsOwn(objective: any Objective) throws {
    let team = try ThreadTeam(count: 2)
    let own = try TrainedGradients(
      architecture(DiagonalGaussian()), objective, batchSize: 4, klWeight: 0.5, seed: 2, team)
    let general = try TrainedGradients(architecture(Disguised()), objective, batchSize: 4, klWeight: 0.5, seed: 2, team)
    for (name, gradient) in own.gradients {
      let error = relativeError(of: general.gradients[name]!, from: gradient.map(Double.init))
      #expect(error <= GradientTolerance.through(layers: 8), "\(name)")
    }
  }

  @Test(arguments: [ELBO(samples: 2) as any Objective] + objectives.filter { $0.estimator == .standard })
  func gradients(objective: any Objective) throws {
    for report in try GradientCheck.check(architecture(Disguised()), objective, klWeight: 0.5) {
      #expect(report.passed, "\(report)")
    }
  }

  /// The negative ELBO, whose divergence is then one of samples, in training and in evaluation; a constraint, which needs
  /// the integral, is refused.
  @Test func theELBOIsSampled() throws {
    let sampled = try TrainedGradients(architecture(Disguised()), .elbo, batchSize: 4, seed: 2, ThreadTeam(count: 1))
    let known = try TrainedGradients(
      architecture(DiagonalGaussian()), .monteCarlo() as ELBO, batchSize: 4, seed: 2, ThreadTeam(count: 1))
    for (name, gradient) in known.gradients {
      let error = relativeError(of: sampled.gradients[name]!, from: gradient.map(Double.init))
      #expect(error <= GradientTolerance.through(layers: 8), "\(name)")
    }
    let workspace = Workspace(for: sampled.model, capacity: 2, samples: 4, gradients: false)
    workspace.input.setElements(uniformNumbers(12, seed: 1))
    workspace.noise.setElements(normalNumbers(24, seed: 2))
    sampled.model.forward(workspace, rows: 0..<2)
    sampled.model.logDensityRatio(Pass(workspace, sampled.model.weights, examples: 0..<2))
    let ratios = workspace.logDensityRatio.copyElements().map(Double.init)
    let expected = [0, 4].map { -ratios[$0..<$0 + 4].reduce(0, +) / 4 }
    #expect(relativeError(of: workspace.klDivergence.copyElements(), from: expected) < 1e-6)
    #expect(throws: ObjectiveError.constraintWithoutClosedForm(.freeBits)) {
      try ELBO(constraint: .freeBits(1)).validate(for: architecture(Disguised()))
    }
  }
}
