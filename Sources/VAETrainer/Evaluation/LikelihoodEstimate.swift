import Foundation
import VAEData
import VAEKernels

/// An importance-sampled estimate of log p(x), averaged over a data set.
///
///     log p(x) ≈ log 1/K Σ over k of w_k,   w_k = p(x|z_k) p(z_k) / q(z_k|x),   z_k ~ q(z|x)
///
/// In expectation it is a lower bound, tighter with every sample (Burda, Grosse and Salakhutdinov 2015, theorem 1).
public struct LikelihoodEstimate: Sendable, Hashable {
  /// K.
  public var samples: Int
  /// −log p(x), nats per example.
  public var negativeLogLikelihood: Double
  /// Of that average: the examples' standard deviation over the root of their number. The error of sampling the latents
  /// is in it as far as it differs between examples; its bias is not. Nil of a single example, which has no deviation.
  public var standardError: Double?
  /// (Σ w)² / Σ w², averaged over the examples: how many of the K samples the estimate rests on.
  public var effectiveSampleSize: Double

  /// "± 0.23", or what there is to say of a single example.
  package static func margin(_ standardError: Double?, digits: Int) -> String {
    standardError.map { String(format: "± %.\(digits)f", $0) } ?? "± unknown (one example)"
  }
}

extension Evaluator {
  /// −log p(x) of every example of `dataset` by `samples` importance samples.
  ///
  /// At most 512 latents are decoded at a time by each thread, so that memory does not grow with the number of samples.
  /// Every latent's noise depends on the seed, its example and its index alone: with the library's own
  /// products the figures are the same for any number of threads. Throws `NonFiniteError` where a value stops being finite.
  public func logLikelihood(of dataset: Dataset, samples: Int, named name: String) throws -> LikelihoodEstimate {
    let results = try results(of: dataset, samples: samples)
    let estimate = results.summary(samples: samples)
    guard estimate.negativeLogLikelihood.isFinite else {
      let odd = results.logLikelihood.firstIndex { !$0.isFinite }
      let example =
        results.logLikelihood.contains(where: \.isFinite) ? odd.map { placeOfLargestLoss($0, of: dataset) } : nil
      throw NonFiniteError(place: nil, during: .evaluation(set: name, example: example))
    }
    return estimate
  }

  /// log p(x) of each example, in nats, by the same estimate.
  public func logLikelihoods(of dataset: Dataset, samples: Int) throws -> [Double] {
    let results = try results(of: dataset, samples: samples)
    // The numbers are its own, and go with it.
    return withExtendedLifetime(results) { Array(results.logLikelihood) }
  }

  /// Those that `PseudoGibbs` is for.
  private func rowsWithUnexpectedGaps(of dataset: Dataset) -> [Int] {
    guard let coding = dataset.coding, model.architecture.likelihood is ByColumn else { return [] }
    return dataset.rowsWithMissing(coding, unexpected: true)
  }

  private func results(of dataset: Dataset, samples: Int) throws -> ExampleResults {
    precondition(
      samples >= 1 && samples <= maximumSamples && dataset.count > 0,
      "\(samples) samples of \(dataset.count) examples")
    precondition(
      dataset.featureCount == model.architecture.inputCount,
      "examples of \(dataset.featureCount) features for a model of \(model.architecture.inputCount) inputs")
    let results = ExampleResults(count: dataset.count)
    let withGaps = rowsWithUnexpectedGaps(of: dataset)
    let isApart = Set(withGaps)
    let others = withGaps.isEmpty ? nil : (0..<dataset.count).filter { !isApart.contains($0) }.map { UInt32($0) }
    let samplers = (0..<team.count).map { _ in
      ImportanceSampler(model, samples: samples, form: dataset.form(for: model))
    }
    team.run { [model, seed, binarization] worker in
      let sampler = samplers[worker.index]
      let own = worker.share(of: others?.count ?? dataset.count)
      for start in stride(from: own.lowerBound, to: own.upperBound, by: sampler.capacity) {
        let block = start..<min(start + sampler.capacity, own.upperBound)
        sampler.run(
          dataset, others.map { Array($0[block]) } ?? block.map { UInt32($0) }, binarization, seed: seed, into: results)
      }
      let ownWithGaps = worker.share(of: withGaps.count)
      if ownWithGaps.isEmpty { return }
      let chained = ChainedSampler(model, dataset, samples: samples, seed: seed)
      for index in ownWithGaps { chained.run(withGaps[index], into: results) }
    }
    if let failure = dataset.failure { throw failure }
    return results
  }
}

/// log p(x) and the effective sample size of each example; workers write those of their own.
private final class ExampleResults: @unchecked Sendable {
  let logLikelihood: UnsafeMutableBufferPointer<Double>
  let effectiveSampleSize: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    logLikelihood = .allocate(capacity: count)
    effectiveSampleSize = .allocate(capacity: count)
    logLikelihood.initialize(repeating: .nan)
    effectiveSampleSize.initialize(repeating: .nan)
  }

  deinit {
    logLikelihood.deallocate()
    effectiveSampleSize.deallocate()
  }

  func set(_ example: Int, _ sum: LogSum, samples: Int) {
    logLikelihood[example] = sum.log - Foundation.log(Double(samples))
    effectiveSampleSize[example] = sum.effectiveCount
  }

  func summary(samples: Int) -> LikelihoodEstimate {
    let count = Double(logLikelihood.count)
    let mean = logLikelihood.reduce(0, +) / count
    let squares = logLikelihood.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return LikelihoodEstimate(
      samples: samples, negativeLogLikelihood: -mean,
      standardError: count > 1 ? (squares / (count - 1) / count).squareRoot() : nil,
      effectiveSampleSize: effectiveSampleSize.reduce(0, +) / count)
  }
}

/// Decodes the samples of a few examples, a block of latents at a time.
private final class ImportanceSampler: @unchecked Sendable {
  /// The examples that it takes at a time.
  var capacity: Int { workspace.capacity }

  private let model: VariationalAutoencoder
  private let workspace: Workspace
  private let samples: Int
  /// Of each example under way.
  private var sums: [LogSum]

  init(_ model: VariationalAutoencoder, samples: Int, form: MinibatchForm) {
    self.model = model
    self.samples = samples
    // Blocks as even as they can be, so that little is decoded in vain.
    let latentsAtATime = Evaluator.capacity(for: model)
    let blocks = (samples + latentsAtATime - 1) / latentsAtATime
    let perBlock = (samples + blocks - 1) / blocks
    let capacity = max(1, latentsAtATime / perBlock)
    workspace = Workspace(for: model, capacity: capacity, samples: perBlock, gradients: false, form: form)
    sums = Array(repeating: LogSum(), count: capacity)
  }

  func run(
    _ dataset: Dataset, _ indices: [UInt32], _ binarization: Binarization, seed: UInt64, into results: ExampleResults
  ) {
    let rows = 0..<indices.count
    let pass = Pass(workspace, model.weights, examples: rows)
    indices.withUnsafeBufferPointer { indices in
      dataset.gather(
        indices, binarization, RandomStream(seed: seed, purpose: .evaluationBinarization),
        into: workspace.minibatch(rows))
      model.encode(pass)
      for row in rows { sums[row] = LogSum() }
      for start in stride(from: 0, to: samples, by: workspace.samples) {
        for index in 0..<workspace.samples {
          VectorMath.active.fillNormal(
            workspace.noise(ofSample: index).rows(rows),
            RandomStream(seed: seed, purpose: .evaluationNoise, sample: UInt32(start + index)), examples: indices)
        }
        model.sample(pass)
        model.decode(pass)
        model.reconstructionLoss(pass)
        model.logDensityRatio(pass)
        for row in rows {
          let first = row * workspace.samples
          for latent in first..<first + min(workspace.samples, samples - start) {
            sums[row].add(
              Double(workspace.logDensityRatio.base[latent]) - Double(workspace.reconstructionLoss.base[latent]))
          }
        }
      }
    }
    for row in rows { results.set(Int(indices[row]), sums[row], samples: samples) }
  }
}

/// The samples of rows with gaps that the encoder knows nothing of, a row at a time.
private final class ChainedSampler {
  private let sampler: RowSampler
  private let passes: Int

  init(_ model: VariationalAutoencoder, _ dataset: Dataset, samples: Int, seed: UInt64) {
    let latentsAtATime = Evaluator.capacity(for: model)
    passes = (samples + latentsAtATime - 1) / latentsAtATime
    sampler = RowSampler(model, dataset, samples: (samples + passes - 1) / passes, seed: seed)
  }

  func run(_ row: Int, into results: ExampleResults) {
    var sum = LogSum()
    for pass in 0..<passes {
      for log in sampler.run(row, pass: pass) { sum.add(log) }
    }
    results.set(row, sum, samples: passes * sampler.sampleCount)
  }
}

/// log Σ exp ℓ and Σ exp 2ℓ of numbers that come one by one, with the largest so far taken out.
struct LogSum {
  private var largest = -Double.infinity
  private var sum = 0.0
  private var squares = 0.0

  /// log Σ exp ℓ.
  var log: Double { sum > 0 ? largest + Foundation.log(sum) : -.infinity }
  /// (Σ exp ℓ)² / Σ exp 2ℓ.
  var effectiveCount: Double { sum * sum / squares }

  /// What is not finite, the weight of a latent under which the example is as good as impossible, adds nothing.
  mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    if value > largest {
      let factor = exp(largest - value)
      sum = sum * factor + 1
      squares = squares * factor * factor + 1
      largest = value
    } else {
      let term = exp(value - largest)
      sum += term
      squares += term * term
    }
  }
}
