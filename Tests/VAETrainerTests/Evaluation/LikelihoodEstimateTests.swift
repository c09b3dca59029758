import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels

@testable import VAETrainer

/// Importance-sampled likelihoods, against ones that are known.
@Suite struct LikelihoodEstimateTests {
  /// A decoder without hidden layers and a Gaussian likelihood: x = W z + b + noise of variance σ², so that
  /// p(x) = N(x; b, W Wᵀ + σ² I) is known.
  private static let variance: Float = 0.3
  private static let architecture = Architecture(
    inputCount: 3, encoderHidden: [4], latentCount: 2, decoderHidden: [], activation: .tanh,
    likelihood: .gaussian(variance: variance))

  private let model: VariationalAutoencoder
  private let data: Dataset

  init() throws {
    model = try VariationalAutoencoder(Self.architecture, seed: 2)
    data = Dataset(normalNumbers(40 * 3, seed: 9), featureCount: 3)
  }

  private func estimate(
    samples: Int, threads: Int = 1, seed: UInt64 = 0, _ data: Dataset? = nil
  ) throws -> LikelihoodEstimate {
    try Evaluator(model, seed: seed, team: ThreadTeam(count: threads))
      .logLikelihood(of: data ?? self.data, samples: samples, named: "test")
  }

  private func exactNegativeLogLikelihood() throws -> Double {
    let tensors = Dictionary(uniqueKeysWithValues: model.layout.tensors.map { ($0.name, $0) })
    let weight = model.weights.elements(of: try #require(tensors["decoder.output.weight"])).map(Double.init)
    let bias = model.weights.elements(of: try #require(tensors["decoder.output.bias"])).map(Double.init)
    var c = Array(repeating: Array(repeating: 0.0, count: 3), count: 3)
    for i in 0..<3 {
      for j in 0..<3 {
        c[i][j] = i == j ? Double(Self.variance) : 0
        for l in 0..<2 { c[i][j] += weight[i * 2 + l] * weight[j * 2 + l] }
      }
    }
    let values = data.allNumbers
    var deviations: [[Double]] = (0..<40).map { row in
      let x = values[row * 3..<row * 3 + 3].map(Double.init)
      return [x[0] - bias[0], x[1] - bias[1], x[2] - bias[2]]
    }
    // Elimination: log det C on the way, and xᵀ C⁻¹ x from the triangular system.
    var logDeterminant = 0.0
    for pivot in 0..<3 {
      logDeterminant += log(c[pivot][pivot])
      for row in pivot + 1..<3 {
        let factor = c[row][pivot] / c[pivot][pivot]
        for column in pivot..<3 { c[row][column] -= factor * c[pivot][column] }
        for example in 0..<40 { deviations[example][row] -= factor * deviations[example][pivot] }
      }
    }
    var squares = 0.0
    for x in deviations {
      for i in 0..<3 { squares += x[i] * x[i] / c[i][i] }
    }
    return 0.5 * (3 * log(2 * .pi) + logDeterminant + squares / 40)
  }

  @Test func agreesWithALikelihoodThatIsKnown() throws {
    let found = try estimate(samples: 20_000)
    // The posteriors are those of an untrained encoder: some hundred of the samples count, so that an example's error is
    // near 1/√100, and the average's, of 40, near 0.02.
    #expect(found.effectiveSampleSize > 100)
    #expect(abs(found.negativeLogLikelihood - (try exactNegativeLogLikelihood())) < 0.05)
    #expect(found.samples == 20_000 && found.standardError ?? 0 > 0)
  }

  /// In expectation the bound rises with every sample, here, over 400 examples, by much more than its error.
  @Test func boundsRiseWithTheNumberOfSamples() throws {
    let many = Dataset(normalNumbers(400 * 3, seed: 9), featureCount: 3)
    let bounds = try [1, 5, 100].map { try estimate(samples: $0, many).negativeLogLikelihood }
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 > $1 }, "\(bounds)")
  }

  /// With one sample it is the negative ELBO with its KL term sampled: the same in expectation.
  @Test func oneSampleIsTheNegativeELBO() throws {
    let seeds = (0..<200).map { UInt64($0) }
    let differences = try seeds.map { seed in
      try estimate(samples: 1, seed: seed).negativeLogLikelihood
        - Evaluator(model, seed: seed, team: ThreadTeam(count: 1)).evaluate(data, named: "test").negativeELBO
    }
    let mean = differences.reduce(0, +) / 200
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
    #expect(abs(mean) < 4 * (variance / 200).squareRoot())
  }

  /// Also where examples and samples fill no whole number of blocks.
  @Test(arguments: [1, 7, 513, 1100]) func threadsAndBatchesMakeNoDifference(samples: Int) throws {
    let alone = try estimate(samples: samples)
    for threads in [2, 3] {
      let found = try estimate(samples: samples, threads: threads)
      #expect(abs(found.negativeLogLikelihood - alone.negativeLogLikelihood) < 1e-4)
      #expect(abs(found.effectiveSampleSize - alone.effectiveSampleSize) < 1e-3 * alone.effectiveSampleSize)
    }
    // The first example among others and alone.
    let first = data.subset([0])
    let pair = data.subset([0, 1])
    let one = try estimate(samples: samples, first).negativeLogLikelihood
    let two = try estimate(samples: samples, pair)
    // Of one nothing is known of how examples differ.
    #expect(try estimate(samples: samples, first).standardError == nil)
    #expect(abs(try #require(two.standardError) - abs(one - two.negativeLogLikelihood)) < 1e-4)
  }

  @Test func sumsOfNumbersThatComeOneByOne() {
    var sum = LogSum()
    for value in [-1000, -2000, -999, -1000.0] { sum.add(value) }
    let expected = -999 + log(1 + 2 * exp(-1.0))
    #expect(abs(sum.log - expected) < 1e-12)
    let e = exp(-1.0)
    #expect(abs(sum.effectiveCount - (1 + 2 * e) * (1 + 2 * e) / (1 + 2 * e * e)) < 1e-12)
  }

  @Test func whatDimensionsAreUsedFor() {
    // Two examples, three dimensions: one that varies, one that is at the prior, one that is narrow but constant.
    let use = LatentUse(mean: [1, 0, 0.5, -1, 0, 0.5], logVariance: [-2, 0, -4, -2, 0, -4], latentCount: 3)
    #expect(use.variancePerDimension == [1, 0, 0])
    #expect(use.activeUnits == 1 && use.hasCollapsed == nil)
    let kl = [0.5 * (exp(-2.0) + 1 - 1 + 2), 0, 0.5 * (exp(-4.0) + 0.25 - 1 + 4)]
    for (found, expected) in zip(use.klPerDimension, kl) { #expect(abs(found - expected) < 1e-12) }
    let narrow = (0..<10).map { $0 % 2 == 0 ? Float(0.05) : -0.05 }
    #expect(LatentUse(mean: narrow, logVariance: narrow.map { _ in 0 }, latentCount: 1).hasCollapsed == true)
    #expect(LatentUse(mean: narrow.map { 4 * $0 }, logVariance: [], latentCount: 1).hasCollapsed == false)
    // Nine may be alike.
    #expect(LatentUse(mean: Array(narrow.dropLast()), logVariance: [], latentCount: 1).hasCollapsed == nil)
    // One example has no variance, which is no collapse.
    let one = LatentUse(mean: [2, -3], logVariance: [-4, -4], latentCount: 2)
    #expect(one.activeUnits == nil && one.hasCollapsed == nil && one.klPerDimension[0] > 2)
  }
}
