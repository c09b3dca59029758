import Foundation
import TestSupport
import Testing

@testable import VAEKernels

/// Draws of a likelihood by column, and of the distributions that it draws from.
@Suite struct ByColumnDrawTests {
  /// Of many draws: each column's mean and variance within five standard errors, and columns that have nothing to do with
  /// each other.
  @Test func columnsHaveTheirMoments() {
    let likelihood = ByColumn([.gaussian, .bernoulli, .categorical(3), .poisson, .gaussian, .poisson, .bernoulli])
    let outputs: [Float] = [1, 0.5, 0.2, -0.3, 1, log(3), -2, log(250), -1]
    let b: [Float] = [-0.5, 1]
    let count = 20_000
    let draws = TestMatrix((0..<count).flatMap { _ in outputs }, rows: count, columns: 9)
    let means = TestMatrix(outputs, rows: 1, columns: 9)
    let parameters = TestMatrix(b, rows: 1, columns: 2)
    (0..<UInt32(count)).map { $0 }.withUnsafeBufferPointer {
      likelihood.draw(
        inPlace: draws.matrix, parameters: parameters.matrix, RandomStream(seed: 3, purpose: .pixels), examples: $0)
    }
    likelihood.mean(inPlace: means.matrix, parameters: parameters.matrix)
    let expected = means.doubles
    let floor = Double(ByColumn.logVarianceFloor)
    func variance(_ feature: Int) -> Double {
      switch feature {
      case 0, 6: exp(floor + log1p(exp(Double(b[feature / 6]) - floor)))
      case 5, 7: expected[feature]
      default: expected[feature] * (1 - expected[feature])
      }
    }
    let columns = (0..<9).map { feature in (0..<count).map { Double(draws.matrix[$0, feature]) } }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    for (feature, values) in columns.enumerated() {
      let error = (variance(feature) / Double(count)).squareRoot()
      #expect(abs(mean(values) - expected[feature]) < 5 * error, "feature \(feature)")
      let found = mean(values.map { ($0 - expected[feature]) * ($0 - expected[feature]) })
      #expect(abs(found / variance(feature) - 1) < 0.07, "feature \(feature)")
    }
    for row in 0..<count { #expect((2..<5).reduce(0) { $0 + draws.matrix[row, $1] } == 1) }
    // Levels of one column exclude each other; of all other pairs the correlation is within five standard errors of 0.
    for first in 0..<9 {
      for second in first + 1..<9 where !((2..<5).contains(first) && (2..<5).contains(second)) {
        let covariance = mean(
          zip(columns[first], columns[second]).map { ($0 - expected[first]) * ($1 - expected[second]) })
        let correlation = covariance / (variance(first) * variance(second)).squareRoot()
        #expect(abs(correlation) < 5 / Double(count).squareRoot(), "features \(first) and \(second)")
      }
    }
  }

  /// An example's draw is its own, whatever else is drawn.
  @Test func aDrawIsOfItsExample() {
    let likelihood = ByColumn([.poisson, .categorical(4), .gaussian])
    let output = normalNumbers(18, seed: 1)
    let parameters = TestMatrix([0], rows: 1, columns: 1)
    func draw(_ rows: [Int]) -> [[Float]] {
      let matrix = TestMatrix(rows.flatMap { output[$0 * 6..<($0 + 1) * 6] }, rows: rows.count, columns: 6)
      rows.map { UInt32($0) }.withUnsafeBufferPointer {
        likelihood.draw(
          inPlace: matrix.matrix, parameters: parameters.matrix, RandomStream(seed: 5, purpose: .pixels), examples: $0)
      }
      return rows.indices.map { matrix.matrix.rows($0..<$0 + 1).copyElements() }
    }
    let all = draw([0, 1, 2])
    #expect(draw([2]) == [all[2]] && draw([1, 0]) == [all[1], all[0]])
  }

  /// Pearson's statistic of the counts is what it is by chance: with k cells, below k + 5 √(2k).
  @Test(arguments: [0.05, 1, 9.9, 10, 11, 40, 300])
  func poissonNumbersHaveTheirProbabilities(rate: Double) {
    let count = 100_000
    var numbers = RandomSequence(RandomStream(seed: 7, purpose: .user), example: 1)
    var found: [Double: Double] = [:]
    for _ in 0..<count { found[numbers.poisson(rate: rate), default: 0] += 1 }
    let largest = rate + 12 * rate.squareRoot() + 20
    #expect(found.keys.allSatisfy { $0 >= 0 && $0 < largest && $0 == $0.rounded() })
    var (statistic, cells, rest, restFound) = (0.0, 0.0, 0.0, 0.0)
    for k in 0..<Int(largest) {
      let expected = Double(count) * exp(Double(k) * log(rate) - rate - lgamma(Double(k) + 1))
      if expected < 10 {
        rest += expected
        restFound += found[Double(k)] ?? 0
        continue
      }
      statistic += pow((found[Double(k)] ?? 0) - expected, 2) / expected
      cells += 1
    }
    if rest > 1 { (statistic, cells) = (statistic + pow(restFound - rest, 2) / rest, cells + 1) }
    #expect(statistic < cells + 5 * (2 * cells).squareRoot(), "\(statistic) of \(cells) cells")
  }

  /// Large rates by their mean, variance and third moment.
  @Test(arguments: [1e4, 1e6]) func largePoissonNumbersHaveTheirMoments(rate: Double) {
    let count = 100_000
    var numbers = RandomSequence(RandomStream(seed: 8, purpose: .user))
    var sums = (0.0, 0.0, 0.0)
    for _ in 0..<count {
      let x = numbers.poisson(rate: rate)
      let deviation = (x - rate) / rate.squareRoot()
      #expect(x == x.rounded())
      sums = (sums.0 + deviation, sums.1 + deviation * deviation, sums.2 + deviation * deviation * deviation)
    }
    let n = Double(count)
    #expect(abs(sums.0 / n) < 5 / n.squareRoot())
    #expect(abs(sums.1 / n - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(sums.2 / n - 1 / rate.squareRoot()) < 5 * (15 / n).squareRoot())
  }

  @Test func ratesAtTheirLimits() {
    var numbers = RandomSequence(RandomStream(seed: 9, purpose: .user))
    #expect(numbers.poisson(rate: 0) == 0)
    #expect(numbers.poisson(rate: .infinity) == .infinity && numbers.poisson(rate: .nan).isNaN)
    for rate in [1e12, 1e18, 1e34] {
      #expect(abs(numbers.poisson(rate: rate) - rate) <= 10 * rate.squareRoot() + rate.ulp)
    }
  }

  @Test func fineNumbersAreUniform() {
    var numbers = RandomSequence(RandomStream(seed: 10, purpose: .user))
    let values = (0..<20_000).map { _ in numbers.fineUniform() }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    #expect(values.contains { Double(Float($0)) != $0 })
    let mean = values.reduce(0, +) / 20_000
    #expect(abs(mean - 0.5) < 0.01)
  }
}
