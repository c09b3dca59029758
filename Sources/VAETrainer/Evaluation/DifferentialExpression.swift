import CStandardLibrary
import VAEData
import VAEKernels

/// Which features differ between two groups of examples, such as genes between types of cells, by a model of counts.
///
/// For a pair of examples, a of the one group and b of the other, drawn with replacement, and a draw z of the posterior of
/// each, the log fold change of feature g is
///
///     r_g = log₂(ρ_g(z_a) + c) − log₂(ρ_g(z_b) + c)              ρ the rate for an exposure of 1
///
/// A feature differs with the probability p_g, the share of pairs of which |r_g| > δ. Features in the order of p, of the
/// first k the expected share of false ones is 1/k Σ (1 − p_i); as many as that allows are called different. c is there for
/// features that neither group shows: nine in ten of those have rates below it. Sources: Boyeau, Regier, Gayoso, Jordan,
/// Lopez and Yosef 2023, "An empirical Bayes method for differential expression analysis of single cells with deep
/// generative models" (lvm-DE); Lopez, Regier, Cole, Jordan and Yosef 2018.
public struct DifferentialExpression: Sendable {
  /// δ, in doublings.
  public var threshold = 0.25
  /// Pairs of draws.
  public var draws = 5000
  /// The expected share of false ones among the features that are called different.
  public var falseDiscoveryRate = 0.05
  /// Key of the draws.
  public var seed: UInt64 = 0

  /// As usual.
  public init() {}

  /// What is found of one feature.
  public struct Feature: Sendable, Hashable {
    /// Its place.
    public var index: Int
    /// p, the probability that it differs by more than δ.
    public var probability: Double
    /// The mean of r, in doublings: above 0 where the first group has more.
    public var logFoldChange: Double
    /// The standard deviation of r.
    public var deviation: Double
    /// Whether it is among those that are called different.
    public var isDifferent = false

    /// ln p / (1 − p), p being kept from 0 and 1 by half a pair.
    public func bayesFactor(draws: Int) -> Double {
      let least = 0.5 / Double(draws)
      let p = min(max(probability, least), 1 - least)
      return log(p / (1 - p))
    }
  }

  /// Of all features, those of the largest probability first, and of these those that differ most.
  ///
  /// - Parameters:
  ///   - first: The places in `dataset` of the examples of the one group; at least one.
  ///   - second: Those of the other.
  ///   - told: What the model is told of both examples of a pair, one variant after the other: so that what differs is not
  ///     the batch.
  public func compare(
    _ first: [Int], with second: [Int], in dataset: Dataset, told: ToldValues = ToldValues(), by evaluator: Evaluator
  ) throws -> [Feature] {
    precondition(
      !first.isEmpty && !second.isEmpty && draws > 0, "\(first.count) and \(second.count) examples to compare")
    var random = RandomSequence(RandomStream(seed: seed, purpose: .pairs))
    let pairs = (0..<draws).map { _ in [first.drawn(by: &random), second.drawn(by: &random)] }
    // Both of a pair beside each other.
    let drawn = dataset.subset(pairs.flatMap { $0 })
    let (ofFirst, ofSecond) = (dataset.totals(of: first).seen, dataset.totals(of: second).seen)
    let unseen = ofFirst.indices.filter { ofFirst[$0] == 0 && ofSecond[$0] == 0 }
    let offset = try self.offset(of: unseen, in: drawn, told, evaluator)
    var sums = FoldChanges(count: dataset.featureCount, threshold: Float(threshold))
    try evaluator.forEachRate(of: drawn, told: told, offset: offset) { sums.add($0) }
    var features = sums.features()
    features.sort {
      ($1.probability, abs($1.logFoldChange), $0.index) < ($0.probability, abs($0.logFoldChange), $1.index)
    }
    var expected = 0.0
    var accepted = 0
    for (rank, feature) in features.enumerated() {
      expected += 1 - feature.probability
      if expected <= falseDiscoveryRate * Double(rank + 1) { accepted = rank + 1 }
    }
    for rank in 0..<accepted { features[rank].isDifferent = true }
    return features
  }

  /// c: of the rates of features that no example of either group shows, over some hundred draws, the one that nine in ten are
  /// below; of none such 0.
  private func offset(
    of unseen: [Int], in drawn: Dataset, _ told: ToldValues, _ evaluator: Evaluator
  ) throws -> Float {
    guard !unseen.isEmpty else { return 0 }
    var rates: [Float] = []
    try evaluator.forEachRate(of: drawn.subset(Array(0..<min(drawn.count, 256))), told: told, offset: nil) { rows in
      for row in 0..<rows.rows { for feature in unseen { rates.append(rows[row, feature]) } }
    }
    rates.sort()
    return rates[(rates.count - 1) * 9 / 10]
  }
}

/// r of all pairs so far, a feature at a time.
private struct FoldChanges {
  private let threshold: Float
  private var pairs = 0
  private var beyond: [Int]
  private var sums: [Double]
  private var squares: [Double]
  /// The first of a pair whose second is in the next batch.
  private var pending: [Float]?

  init(count: Int, threshold: Float) {
    self.threshold = threshold
    beyond = [Int](repeating: 0, count: count)
    sums = [Double](repeating: 0, count: count)
    squares = sums
  }

  /// Some more rows of ln(ρ + c), every other of the one group.
  mutating func add(_ rows: Matrix) {
    var row = 0
    if let first = pending, rows.rows > 0 {
      first.withUnsafeBufferPointer { add($0.baseAddress!, rows.base) }
      (pending, row) = (nil, 1)
    }
    while row + 1 < rows.rows {
      add(rows.base + row * rows.stride, rows.base + (row + 1) * rows.stride)
      row += 2
    }
    if row < rows.rows { pending = rows.rows(row..<row + 1).copyElements() }
  }

  private mutating func add(_ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>) {
    pairs += 1
    for feature in sums.indices {
      let change = (first[feature] - second[feature]) * Float(1.4426950408889634)
      if abs(change) > threshold { beyond[feature] += 1 }
      sums[feature] += Double(change)
      squares[feature] += Double(change) * Double(change)
    }
  }

  func features() -> [DifferentialExpression.Feature] {
    let n = Double(max(pairs, 1))
    return sums.indices.map { feature in
      let mean = sums[feature] / n
      return .init(
        index: feature, probability: Double(beyond[feature]) / n, logFoldChange: mean,
        deviation: max(squares[feature] / n - mean * mean, 0).squareRoot())
    }
  }
}

extension Array where Element == Int {
  fileprivate func drawn(by random: inout RandomSequence) -> Int {
    self[Swift.min(Int(random.fineUniform() * Double(count)), count - 1)]
  }
}

extension Evaluator {
  /// ρ of each example for an exposure of 1, at one draw of its posterior, as example i is told by variant (i / 2) mod the
  /// number of variants: pairs are told alike. With an `offset`, ln(ρ + offset).
  fileprivate func forEachRate(
    of dataset: Dataset, told: ToldValues, offset: Float?, _ body: (Matrix) throws -> Void
  ) throws {
    let features = model.architecture.inputCount
    let batches = BatchStarts()
    try forEachBatch(of: dataset) { [model] pass in
      model.encode(pass)
      let (own, workspace) = (pass.ownExamples, pass.workspace)
      let minibatch = workspace.minibatch(own)
      for row in 0..<own.count where !told.isAsIs {
        let example = batches.start + own.lowerBound + row
        told.write(
          example / 2 % told.variants.count, of: example..<example + 1, in: dataset, into: minibatch.rows(row..<row + 1)
        )
      }
      model.sample(pass)
      model.decode(pass)
      let output = workspace.output.rows(own)
      model.architecture.likelihood.rate(
        inPlace: output, parameters: model.likelihoodParameterValues, exposure: nil)
      if let offset {
        for row in 0..<own.count {
          let rates = output.base + row * output.stride
          // A rate may be too small for a number.
          for feature in 0..<features { rates[feature] = max(rates[feature] + offset, .leastNormalMagnitude) }
          VectorMath.active.map(.log, rates, into: rates, count: features)
        }
      }
      pass.barrier()
    } then: { examples in
      try body(workspace.output.rows(0..<examples.count).columns(0..<features))
      batches.start = examples.upperBound
    }
    if let failure = dataset.failure { throw failure }
  }
}
