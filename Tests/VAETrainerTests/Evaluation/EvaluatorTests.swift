import TestSupport
import Testing
import VAEData
import VAEKernels

@testable import VAETrainer

/// Figures over whole data sets.
@Suite struct EvaluatorTests {
  /// Nats: the figures are averages of `Float` losses of some 25 nats, each good to 1e-5, that other splits of the work
  /// round differently.
  static let tolerance = 1e-4

  // More than one pass of the evaluator, and the last one short.
  let data = TinyData.dataset(count: Evaluator.batchCapacity + 77)
  let model: VariationalAutoencoder

  init() throws { model = try VariationalAutoencoder(.tiny, seed: 3) }

  private func evaluate(
    threads: Int = 1, seed: UInt64 = 0, _ binarization: Binarization = .none
  ) throws -> Evaluation {
    try Evaluator(model, binarization: binarization, seed: seed, team: ThreadTeam(count: threads))
      .evaluate(data, named: "test")
  }

  /// The same in other batches: the model's own passes on arrays, with the noise of each example.
  @Test func figuresAreAveragesOverExamples() throws {
    let indices = (0..<UInt32(data.count)).map { $0 }
    let examples = AlignedBuffer(count: data.count * 36)
    let noise = AlignedBuffer(count: data.count * 2)
    let x = Matrix(examples.base, rows: data.count, columns: 36)
    let epsilon = Matrix(noise.base, rows: data.count, columns: 2)
    indices.withUnsafeBufferPointer { indices in
      data.gather(indices, .none, RandomStream(seed: 0, purpose: .user), into: x)
      VectorMath.active.fillNormal(epsilon, RandomStream(seed: 0, purpose: .evaluationNoise), examples: indices)
    }
    let losses = model.losses(of: x.copyElements(), noise: epsilon.copyElements())
    let found = try evaluate()
    let average = { (losses: [Float]) in losses.reduce(0) { $0 + Double($1) } / Double(losses.count) }
    #expect(abs(found.reconstruction - average(losses.reconstruction)) < Self.tolerance)
    #expect(abs(found.kl - average(losses.kl)) < Self.tolerance)
  }

  @Test(arguments: [2, 3, 8, 11]) func threadsMakeNoDifference(threads: Int) throws {
    let (found, expected) = try (evaluate(threads: threads), evaluate())
    switch MatrixProduct.engine {
    case .own: #expect(found == expected)
    // Some of OpenBLAS's kernels, Haswell's among them, round a row by the number of rows that they were given.
    case .openblas:
      #expect(abs(found.reconstruction - expected.reconstruction) < Self.tolerance)
      #expect(abs(found.kl - expected.kl) < Self.tolerance)
    }
  }

  @Test(arguments: Binarization.allCases) func itIsDeterministic(binarization: Binarization) throws {
    #expect(try evaluate(binarization) == evaluate(binarization))
    // The posterior knows nothing of the noise, which the seed decides; binarisation may.
    let (one, other) = try (evaluate(seed: 1, binarization), evaluate(seed: 2, binarization))
    #expect(one.reconstruction != other.reconstruction)
    if binarization == .none { #expect(one.kl == other.kl) }
  }

  @Test(arguments: [1, 2]) func encodeGivesEveryPosterior(threads: Int) throws {
    let posterior = try Evaluator(model, team: ThreadTeam(count: threads)).encode(data)
    let all = (0..<data.count).map { $0 }
    guard let bytes = data.subset(all).ownBytes else { return }
    let expected = model.encode(bytes.map { Float($0) / 255 })
    #expect(relativeError(of: posterior.mean, from: expected.mean.map(Double.init)) < 1e-5)
    #expect(relativeError(of: posterior.logVariance, from: expected.logVariance.map(Double.init)) < 1e-5)
  }

  @Test(arguments: [(784, 512), (1 << 15, 128), (1 << 18, 64), (1 << 23, 4), (1 << 25, 1), (1 << 28, 1)])
  func examplesOfManyFeaturesTakeSmallerPasses(features: Int, capacity: Int) {
    #expect(Evaluator.capacity(floatsAnExample: 2 * features) == capacity)
  }

  private func evaluate(_ binarization: Binarization) throws -> Evaluation { try evaluate(seed: 4, binarization) }
}
