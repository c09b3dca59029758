import CStandardLibrary
import VAEData
import VAEKernels

/// Fills in what is missing of a table's rows, given what is known of each.
///
///     z_k ~ q(z|x_known),   w_k ∝ p(x_known|z_k) p(z_k) / q(z_k|x_known),   k = 1 … K
///     E[x_missing|x_known] ≈ Σ w_k E[x_missing|z_k]
///
/// and a draw of x_missing is one from p(x|z_k) with k drawn by the weights (Mattei and Frellsen 2019, "MIWAE", section 4).
/// Where the encoder was trained without a column ever missing, it is first shown draws in its place: a few rounds of
/// z ~ q(z|x), x_missing ~ p(x|z), the pseudo-Gibbs sampler of Rezende, Mohamed and Wierstra 2014.
public struct Imputer: Sendable {
  /// A missing number, filled in, as the table has it.
  public struct Cell: Sendable, Hashable {
    /// The row of the data set.
    public let row: Int
    /// The column of its coding.
    public let column: Int
    /// The mean, or the likeliest level.
    public let value: Float
    /// The standard deviation given what is known; of a level its probability.
    public let spread: Float
    /// Draws, as many as were asked for.
    public let draws: [Float]
  }

  /// K.
  public var samples = 200
  /// The rounds of pseudo-Gibbs sampling for columns that were never missing in training.
  public var rounds = 10
  /// The draws of each cell, beside its mean.
  public var drawCount = 0
  /// The key of the noise.
  public var seed: UInt64

  /// An imputer.
  public init(seed: UInt64) {
    self.seed = seed
  }

  /// The missing cells of the modelled columns of `dataset`, row after row, filled in by `model`, whose likelihood must be
  /// by column.
  public func fill(_ dataset: Dataset, _ model: VariationalAutoencoder, _ team: ThreadTeam) throws -> [Cell] {
    guard let coding = dataset.coding, let likelihood = model.architecture.likelihood as? ByColumn else {
      throw DataError(
        path: dataset.name, expected: "a model of a table whose likelihood is by column, to fill in what is missing",
        found: model.architecture.description)
    }
    let rows = dataset.rowsWithMissing(coding)
    let parts = (0..<team.count).map { _ in Part() }
    team.run { worker in
      let own = worker.share(of: rows.count)
      guard !own.isEmpty else { return }
      let filler = RowFiller(self, model, likelihood, coding, dataset)
      for index in own { parts[worker.index].cells += filler.fill(rows[index]) }
    }
    if let failure = dataset.failure { throw failure }
    return parts.flatMap(\.cells)
  }

  /// What one worker has filled in.
  private final class Part: @unchecked Sendable {
    var cells: [Cell] = []
  }
}

/// Fills in one row after another.
private final class RowFiller {
  private let settings: Imputer
  private let model: VariationalAutoencoder
  private let likelihood: ByColumn
  private let coding: TableCoding
  private let dataset: Dataset
  private let workspace: Workspace
  /// Room for one draw from the likelihood.
  private let output: AlignedBuffer

  init(
    _ settings: Imputer, _ model: VariationalAutoencoder, _ likelihood: ByColumn, _ coding: TableCoding,
    _ dataset: Dataset
  ) {
    (self.settings, self.model, self.likelihood) = (settings, model, likelihood)
    (self.coding, self.dataset) = (coding, dataset)
    workspace = Workspace(
      for: model, capacity: 1, samples: settings.samples, gradients: false,
      side: dataset.sideInputs.union([.mask]))
    output = AlignedBuffer(count: settings.samples * model.plan.likelihood.output.columns)
  }

  func fill(_ row: Int) -> [Imputer.Cell] {
    let minibatch = workspace.minibatch(0..<1)
    let pass = Pass(workspace, model.weights, examples: 0..<1)
    let examples = [UInt32(row)]
    examples.withUnsafeBufferPointer { examples in
      dataset.gather(examples, .none, RandomStream(seed: settings.seed, purpose: .user), into: minibatch)
    }
    let missing = coding.columns.indices.filter { column in
      coding.features(ofColumn: column).map { minibatch.mask![0, $0.lowerBound] == 0 } ?? false
    }
    sampleMissing(missing, pass, examples, minibatch)
    model.encode(pass)
    draw(round: settings.rounds, pass, examples)
    model.reconstructionLoss(pass)
    model.logDensityRatio(pass)
    let weights = self.weights()
    return cells(missing, row: row, weights, examples)
  }

  /// Puts draws where the encoder has never been without a value; in rounds, each from the latent of the one before.
  private func sampleMissing(_ missing: [Int], _ pass: Pass, _ examples: [UInt32], _ minibatch: Minibatch) {
    let unexpected = missing.filter { !coding.columns[$0].mayBeMissing }
    guard !unexpected.isEmpty else { return }
    for round in 0..<settings.rounds {
      model.encode(pass)
      draw(round: round, pass, examples)
      // The first of the samples is as good as any.
      let draws = likelihoodDraws(rows: 1, round: round, examples)
      for column in unexpected {
        let features = coding.features(ofColumn: column)!
        for feature in features { minibatch.input[0, feature] = draws[0, feature] }
        if coding.columns[column].kind == .inflated, draws[0, features.lowerBound] == 1 {
          minibatch.input[0, features.lowerBound + 1] = 0
        }
        if coding.columns[column].kind == .count {
          // What the encoder sees of a count is not the count.
          minibatch.input[0, features.lowerBound] =
            coding.columns[column].transform.forward(log1p(draws[0, features.lowerBound])).value
        }
      }
    }
  }

  /// What is encoded → z of every sample → the decoder's output.
  private func draw(round: Int, _ pass: Pass, _ examples: [UInt32]) {
    examples.withUnsafeBufferPointer { examples in
      for sample in 0..<settings.samples {
        VectorMath.active.fillNormal(
          workspace.noise(ofSample: sample).rows(0..<1),
          RandomStream(
            seed: settings.seed, purpose: .evaluationNoise, epoch: UInt32(round), sample: UInt32(sample)),
          examples: examples)
      }
    }
    model.sample(pass)
    model.decode(pass)
  }

  /// Draws from p(x|z) of the first `rows` samples.
  private func likelihoodDraws(rows: Int, round: Int, _ examples: [UInt32]) -> Matrix {
    let source = workspace.output.rows(0..<rows)
    let draws = Matrix(output.base, rows: rows, columns: source.columns)
    draws.copy(source)
    // Every sample draws by numbers of its own.
    let keys = (0..<rows).map { UInt32(truncatingIfNeeded: Int(examples[0]) &* settings.samples &+ $0) }
    keys.withUnsafeBufferPointer { keys in
      likelihood.draw(
        inPlace: draws, parameters: model.likelihoodParameterValues,
        RandomStream(seed: settings.seed, purpose: .pixels, epoch: UInt32(round)), examples: keys)
    }
    return draws
  }

  /// w, which add up to 1.
  private func weights() -> [Double] {
    let logs = (0..<settings.samples).map {
      Double(workspace.logDensityRatio.base[$0]) - Double(workspace.reconstructionLoss.base[$0])
    }
    let largest = logs.max() ?? 0
    let weights = logs.map { exp($0 - largest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  private func cells(_ missing: [Int], row: Int, _ weights: [Double], _ examples: [UInt32]) -> [Imputer.Cell] {
    let drawn = drawn(row, weights, examples)
    let deviations = likelihood.deviations(model.likelihoodParameterValues)
    let means = workspace.output.rows(0..<settings.samples)
    likelihood.mean(inPlace: means, parameters: model.likelihoodParameterValues)
    return missing.map { column in
      let features = coding.features(ofColumn: column)!
      let (value, spread) =
        switch coding.columns[column].kind {
        case .category, .yesNo: level(column, features, means, weights)
        case .inflated:
          inflated(column, features.lowerBound, means, weights, deviation: deviations[features.lowerBound + 1])
        case .count, .number, .constant:
          number(column, features.lowerBound, means, weights, deviation: deviations[features.lowerBound])
        }
      return Imputer.Cell(row: row, column: column, value: value, spread: spread, draws: drawn.map { $0[column] })
    }
  }

  /// Whole rows, as many as were asked for, each drawn from the latent of a sample that the weights have chosen.
  private func drawn(_ row: Int, _ weights: [Double], _ examples: [UInt32]) -> [[Float]] {
    guard settings.drawCount > 0 else { return [] }
    let draws = likelihoodDraws(rows: settings.samples, round: settings.rounds, examples)
    return (0..<settings.drawCount).map { index in
      coding.raw(ofFeatures: draws.base + resampled(weights, row: row, index) * draws.stride, isDraw: true)
    }
  }

  /// A sample's index by the weights.
  private func resampled(_ weights: [Double], row: Int, _ index: Int) -> Int {
    var numbers = RandomSequence(
      RandomStream(seed: settings.seed, purpose: .user, sample: UInt32(index)), example: UInt32(row))
    var left = Double(numbers.uniform())
    for (sample, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return sample }
    }
    return weights.count - 1
  }

  /// The likeliest level, and its probability.
  private func level(_ column: Int, _ features: Range<Int>, _ means: Matrix, _ weights: [Double]) -> (Float, Float) {
    var shares = features.map { feature in
      weights.enumerated().reduce(0) { $0 + $1.element * Double(means[$1.offset, feature]) }
    }
    if shares.count == 1 { shares = [1 - shares[0], shares[0]] }
    let best = shares.indices.max { shares[$0] < shares[$1] }!
    return (coding.columns[column].levels[best], Float(shares[best]))
  }

  /// Mean and standard deviation of a number that is the usual one with a probability of its own.
  private func inflated(
    _ column: Int, _ first: Int, _ means: Matrix, _ weights: [Double], deviation: Float
  ) -> (Float, Float) {
    let usual = Double(coding.columns[column].levels[0])
    let shares = weights.enumerated().map { $1 * Double(means[$0, first]) }
    let share = shares.reduce(0, +)
    // The others by the weights that are left of each sample.
    let others = zip(weights, shares).map { ($0 - $1) / max(1 - share, 1e-12) }
    let (mean, spread) = number(column, first + 1, means, others, deviation: deviation)
    let value = share * usual + (1 - share) * Double(mean)
    let second = share * usual * usual + (1 - share) * (Double(spread) * Double(spread) + Double(mean) * Double(mean))
    return (Float(value), Float(max(second - value * value, 0).squareRoot()))
  }

  /// Mean and standard deviation in the units of the data. Of a transformed Gaussian by Gauss and Hermite's rule of three
  /// points, 0 and ±√3 deviations.
  private func number(
    _ column: Int, _ feature: Int, _ means: Matrix, _ weights: [Double], deviation: Float
  ) -> (Float, Float) {
    let coded = coding.columns[column]
    var (first, second) = (0.0, 0.0)
    for (sample, weight) in weights.enumerated() {
      let mean = means[sample, feature]
      if coded.kind == .count {
        first += weight * Double(mean)
        second += weight * Double(mean) * Double(1 + mean)
        continue
      }
      for (place, share) in [(Float(0), 2.0 / 3), (1.7320508, 1.0 / 6), (-1.7320508, 1.0 / 6)] {
        let value = Double(
          min(max(coded.transform.inverse(mean + place * deviation), coded.lowest), coded.highest))
        first += weight * share * value
        second += weight * share * value * value
      }
    }
    return (Float(first), Float(max(second - first * first, 0).squareRoot()))
  }
}
