import TestSupport
import Testing
import VAEKernels
import VAEReference

/// An exposure that is a latent of its own, and what is of each batch: gradients of whole models against their references.
@Suite struct LearnedExposureTests {
  private static let words = ["poisson", "poisson exp", "nb", "nb exp", "zinb", "zinb exp dispersion decoder"]

  /// Of 21 counts, told three batches where `batches`; with layers in the exposure's encoder that look at the batch and draw.
  private static func architecture(_ words: String, batches: Int = 0, encoderIsTold: Bool = false) throws
    -> Architecture
  {
    let vocabulary = Vocabulary.standard
    var architecture = Architecture(
      inputCount: 21, encoder: LayerList(try vocabulary.layers("log1p, dense 12, tanh, dropout 0.2")), latentCount: 2,
      decoder: [Dense(9), Activate(.tanh), Dropout(0.1)], likelihood: try vocabulary.likelihood(words),
      numericCovariateCount: batches == 0 ? 0 : batches + 1)
    architecture.exposureEncoder = LayerList(
      try vocabulary.layers("log1p, dense 11, batch-norm, tanh, dropout 0.3, dense 3, softplus"))
    architecture.encoderIsTold = encoderIsTold
    architecture.toldAtEveryLayer = encoderIsTold
    if batches > 0 { architecture.batchCovariates = 1..<batches + 1 }
    return architecture
  }

  @Test(arguments: words) func gradientsAreRight(words: String) throws {
    let objectives: [any Objective] = [
      ELBO(), ELBO(samples: 2), .monteCarlo(), IWAE(samples: 3), ELBO(constraint: .freeBits(0.05)),
      ELBO(constraint: .capacity(0.5)),
    ]
    for objective in objectives {
      for features: MinibatchForm.Features in [.dense, .entries(most: 21, withZeros: false)] {
        for report in try GradientCheck.check(
          Self.architecture(words), objective, klWeight: 0.7, features: features, threads: 2)
        {
          #expect(report.passed, "\(words), \(objective): \(report)")
        }
      }
    }
  }

  /// Each batch has a prior of its own; the fourth example is of none.
  @Test(arguments: ["poisson", "nb dispersion batch", "zinb exp dispersion batch"], [false, true])
  func gradientsOfBatchesAreRight(words: String, encoderIsTold: Bool) throws {
    for objective: any Objective in [ELBO(), IWAE(samples: 3)] {
      let architecture = try Self.architecture(words, batches: 3, encoderIsTold: encoderIsTold)
      for report in try GradientCheck.check(architecture, objective, batchSize: 6, threads: 2) {
        #expect(report.passed, "\(words), \(objective): \(report)")
      }
    }
  }

  /// Of gradients that leave the score out, which are of functions in which the densities are held.
  @Test(arguments: [GradientEstimator.stickingTheLanding, .doublyReparameterized], ["zinb", "poisson exp"])
  func otherEstimatorsAreThoseOfTheirFunctions(estimator: GradientEstimator, words: String) throws {
    var architecture = try Self.architecture(words)
    // What draws would draw again, at other examples.
    architecture.encoder = [Log1p(), Dense(12), Activate(.tanh)]
    architecture.decoder = [Dense(9), Activate(.tanh)]
    architecture.exposureEncoder = [Log1p(), Dense(11), Activate(.tanh)]
    let objective = IWAE(samples: 3, estimator)
    let trained = try TrainedGradients(
      architecture, objective, batchSize: 4, klWeight: 0.6, ThreadTeam(count: 2))
    let point = ReferenceModel(architecture, trained.model.weights)
    for tensor in trained.model.layout.tensors where tensor.block.kind != .statistic {
      let part = String(tensor.name.prefix { $0 != "." })
      let report = GradientCheck.compare(
        name: tensor.name, analytic: trained.gradients[tensor.name]!, point: point.parameters[tensor.name]!,
        tolerance: GradientTolerance.through(layers: 9)
      ) {
        point.replacing(tensor.name, with: $0).surrogate(
          of: objective, part: part, at: point, trained.inputs, noise: trained.noise, klWeight: Double(Float(0.6)))
      }
      #expect(report.passed, "\(estimator), \(words): \(report)")
    }
  }

  /// One that comes with the data need not be the sum.
  @Test(arguments: words) func gradientsOfAnotherExposureAreRight(words: String) throws {
    var architecture = try Self.architecture(words)
    architecture.exposureEncoder = nil
    for report in try GradientCheck.check(architecture, .elbo, exposures: [0.5, 30, 1000, 7, 1]) {
      #expect(report.passed, "\(words): \(report)")
    }
  }

  @Test(arguments: [2, 3]) func threadsAndZerosChangeNoBit(threads: Int) throws {
    let architecture = try Self.architecture("zinb dispersion batch", batches: 2)
    func gradients(_ threads: Int, _ features: MinibatchForm.Features) throws -> [String: [Float]] {
      try TrainedGradients(
        architecture, IWAE(samples: 3), batchSize: 7, features: features, ThreadTeam(count: threads)
      ).gradients
    }
    let alone = try gradients(1, .dense)
    guard MatrixProduct.engine == .own else { return }
    #expect(try gradients(threads, .dense) == alone)
    #expect(try gradients(threads, .entries(most: 21, withZeros: false)) == alone)
  }

  /// The rest of the model begins as it does without, and is drawn the same noise.
  @Test func leavesTheOthersAsTheyAre() throws {
    let with = try Self.architecture("nb")
    var without = with
    without.exposureEncoder = nil
    let (a, b) = (try VariationalAutoencoder(with, seed: 3), try VariationalAutoencoder(without, seed: 3))
    for tensor in b.layout.tensors {
      let same = try #require(a.layout.tensors.first { $0.name == tensor.name })
      #expect(a.weights.elements(of: same) == b.weights.elements(of: tensor), "\(tensor.name)")
    }
    let (rows, other) = (Workspace(for: a, capacity: 2), Workspace(for: b, capacity: 2))
    ([0, 1] as [UInt32]).withUnsafeBufferPointer {
      for workspace in [rows, other] {
        VectorMath.active.fillNormal(workspace.noise, RandomStream(seed: 1, purpose: .user), examples: $0)
      }
    }
    #expect(rows.noise.columns == 3 && rows.noise.columns(0..<2).copyElements() == other.noise.copyElements())
  }

  /// With an encoder that says nothing but its prior, E is what that expects, and costs nothing.
  @Test func startsAsItsPrior() throws {
    let model = try VariationalAutoencoder(Self.architecture("nb"), seed: 3)
    model.setExposurePrior(means: [4], variances: [0.25], starts: true)
    for tensor in model.layout.tensors where tensor.name.hasSuffix("weight") && tensor.block.kind == .weight {
      model.weights.setElements([Float](repeating: 0, count: tensor.count), of: tensor)
    }
    let losses = model.losses(
      of: [Float](repeating: 2, count: 42), noise: [Float](repeating: 0, count: 6))
    // KL of the latent is 0 too.
    #expect(losses.kl.allSatisfy { abs($0) < 1e-6 }, "\(losses.kl)")
    let wider = [0.5, 1.5].map { model.losses(of: [Float](repeating: 2, count: 42), noise: [0, 0, $0, 0, 0, $0]) }
    #expect(wider[0].reconstruction != wider[1].reconstruction)
    model.setExposurePrior(means: [4], variances: [0], starts: false)
    #expect(model.weights[model.plan.exposure!.priorVariance].copyElements() == [LearnedExposure.leastVariance])
  }

  @Test func whatCannotBeIsRefused() throws {
    var architecture = try Self.architecture("nb")
    architecture.likelihood = .bernoulli
    #expect(throws: ArchitectureError.exposure(expected: "a likelihood of counts", found: "bernoulli")) {
      try architecture.validate()
    }
    architecture = try Self.architecture("nb")
    architecture.posterior = .point()
    #expect(throws: ArchitectureError.self) { try architecture.validate() }
    for wrong in [2..<5, 0..<0, -1..<2] {
      architecture = try Self.architecture("nb", batches: 2)
      architecture.batchCovariates = wrong
      #expect(throws: ArchitectureError.batches(wrong, numericCovariateCount: 3)) { try architecture.validate() }
    }
  }
}
