import CStandardLibrary
import VAEData
import VAEKernels

/// Fills in one row after another.
final class RowFiller {
  private let settings: Imputer
  private let model: VariationalAutoencoder
  private let likelihood: ByColumn
  private let coding: TableCoding
  private let dataset: Dataset
  private let sampler: RowSampler
  /// Room for one draw from the likelihood.
  private let output: AlignedBuffer

  init(
    _ settings: Imputer, _ model: VariationalAutoencoder, _ likelihood: ByColumn, _ coding: TableCoding,
    _ dataset: Dataset
  ) {
    (self.settings, self.model, self.likelihood) = (settings, model, likelihood)
    (self.coding, self.dataset) = (coding, dataset)
    sampler = RowSampler(model, dataset, samples: settings.samples, rounds: settings.rounds, seed: settings.seed)
    output = AlignedBuffer(count: model.plan.likelihood.output.columns)
  }

  func fill(_ row: Int, into filled: inout Imputation) {
    var logs = sampler.run(row)
    // What a latent so far out decodes to may be no number.
    for sample in logs.indices where !sampler.isFinite(sample) { logs[sample] = -.infinity }
    // Of a row whose known values are so far out that no latent explains them at all, one is as good as another.
    let largest = logs.lazy.filter(\.isFinite).max()
    if largest == nil, !logs.indices.allSatisfy(sampler.isFinite) { sampler.decodePrior(row) }
    let weights = logs.map { log in largest.map { log.isFinite ? exp(log - $0) : 0 } ?? 1 }
    let sum = weights.reduce(0, +)
    // Not by the mask, which hides what is unknown too.
    let isEmpty = dataset.isEmpty(row)
    let missing = coding.columns.indices.filter { isEmpty[$0] && coding.features(ofColumn: $0) != nil }
    append(missing, row: row, weights.map { $0 / sum }, to: &filled)
  }

  private func append(_ missing: [Int], row: Int, _ weights: [Double], to filled: inout Imputation) {
    let draws = (0..<settings.drawCount).map { drawn(row, weights, $0) }
    let deviations = likelihood.deviations(model.likelihoodParameterValues)
    let means = sampler.workspace.output.rows(0..<sampler.sampleCount)
    likelihood.mean(inPlace: means, parameters: model.likelihoodParameterValues)
    for column in missing {
      let features = coding.features(ofColumn: column)!
      let (value, spread) =
        switch coding.columns[column].kind {
        case .category, .yesNo: level(column, features, means, weights)
        case .inflated:
          inflated(column, features.lowerBound, means, weights, deviation: deviations[features.lowerBound + 1])
        case .count, .number, .constant:
          number(column, features.lowerBound, means, weights, deviation: deviations[features.lowerBound])
        }
      filled.append(
        Imputation.Cell(row: row, column: column, value: value, spread: spread), draws: draws.map { $0[column] })
    }
  }

  /// A whole row, drawn from the latent of a sample that the weights have chosen.
  private func drawn(_ row: Int, _ weights: [Double], _ index: Int) -> [Float] {
    let sample = resampled(weights, row: row, index)
    let source = sampler.workspace.output.rows(sample..<sample + 1)
    let draw = Matrix(output.base, rows: 1, columns: source.columns)
    draw.copy(source)
    [UInt32(row)].withUnsafeBufferPointer { examples in
      likelihood.draw(
        inPlace: draw, parameters: model.likelihoodParameterValues,
        RandomStream(seed: settings.seed, purpose: .pixels, sample: UInt32(index)), examples: examples)
    }
    return coding.raw(ofFeatures: draw.base, isDraw: true)
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

  /// Σ weight · value(sample), of samples with a weight: what the others decode to may be no number.
  private func sum(_ weights: [Double], _ value: (Int) -> Float) -> Double {
    weights.enumerated().reduce(0) { $1.element > 0 ? $0 + $1.element * Double(value($1.offset)) : $0 }
  }

  /// The likeliest level, and its probability.
  private func level(_ column: Int, _ features: Range<Int>, _ means: Matrix, _ weights: [Double]) -> (Float, Float) {
    var shares = features.map { feature in
      sum(weights) { means[$0, feature] }
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
    let shares = weights.enumerated().map { $1 > 0 ? $1 * Double(means[$0, first]) : 0 }
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
    for (sample, weight) in weights.enumerated() where weight > 0 {
      let mean = means[sample, feature]
      if coded.kind == .count {
        let mean = Double(min(max(mean, coded.lowest), coded.highest))
        first += weight * mean
        second += weight * mean * (1 + mean)
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
