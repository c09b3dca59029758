import Foundation
import Testing

@testable import VAEKernels

/// The loops of the likelihoods that learn a variance or have levels, and what came with them, against plain formulas in
/// `Double`, for every instruction set.
@Suite struct VectorMathDensityTests {
  typealias Fixture = LoopFixture
  static let scale: Float = 0.125
  static let floor: Float = -2

  @Test(arguments: LoopFixture.columns)
  func gaussian(columns: Int) {
    let rows = Fixture.rows
    for copy in VectorMath.supported {
      let head = GuardedMatrix(rows: rows, columns: 2 * columns, Fixture.numbers(-4, 4, seed: 1))
      let (mean, a) = (head.matrix.columns(0..<columns), head.matrix.columns(columns..<2 * columns))
      let x = GuardedMatrix(rows: rows, columns: columns, gap: 1, Fixture.numbers(-1, 1, seed: 2))
      let (loss, alone) = (
        GuardedMatrix(rows: 1, columns: rows) { _, _ in -1 }, GuardedMatrix(rows: 1, columns: rows) { _, _ in -1 }
      )
      copy.gaussian(
        mean: mean, a: a, x.matrix, floor: Self.floor, scale: 0, lossInto: alone.matrix, gradientInto: nil)
      let numbers = (0..<rows).map { head.row($0).map(Double.init) }
      // In place.
      copy.gaussian(
        mean: mean, a: a, x.matrix, floor: Self.floor, scale: Self.scale, lossInto: loss.matrix,
        gradientInto: (mean, a))
      #expect(loss.isIntactAround && head.isIntactAround && loss.row(0) == alone.row(0))
      for row in 0..<rows {
        var terms: [Double] = []
        let (pixels, slopes) = (x.row(row), head.row(row))
        for column in 0..<columns {
          let (m, a, x) = (numbers[row][column], numbers[row][columns + column], Double(pixels[column]))
          let above = a - Double(Self.floor)
          let v = Double(Self.floor) + log1p(exp(-abs(above))) + max(above, 0)
          let square = (x - m) * (x - m) * exp(-v)
          terms.append(0.5 * (log(2 * .pi) + v + square))
          let scale = Double(Self.scale)
          #expect(Fixture.isNear(slopes[column], scale * (m - x) * exp(-v), scale: scale * (1 + square)))
          let slope = scale * 0.5 * (1 - square) / (1 + exp(-above))
          #expect(Fixture.isNear(slopes[columns + column], slope, scale: scale * (1 + square)))
        }
        #expect(
          Fixture.isNear(
            loss.row(0)[row], terms.reduce(0, +), scale: terms.reduce(0) { $0 + abs($1) },
            tolerance: Fixture.sumTolerance))
      }
    }
  }

  @Test(arguments: LoopFixture.columns, [2, 5])
  func categorical(columns: Int, levels: Int) {
    let rows = Fixture.rows
    for copy in VectorMath.supported {
      let logits = GuardedMatrix(rows: rows, columns: levels * columns, Fixture.numbers(-5, 5, seed: 3))
      let x = GuardedMatrix(rows: rows, columns: columns, gap: 1, Fixture.numbers(0, 1, seed: 4))
      let loss = GuardedMatrix(rows: 1, columns: rows) { _, _ in -1 }
      let gradient = GuardedMatrix(rows: rows, columns: levels * columns, gap: 5) { _, _ in -1 }
      copy.categorical(
        logits: logits.matrix, x.matrix, levels: levels, scale: Self.scale, lossInto: loss.matrix,
        gradientInto: gradient.matrix)
      #expect(loss.isIntactAround && gradient.isIntactAround)
      for row in 0..<rows {
        var sum = 0.0
        let (pixels, numbers, slopes) = (x.row(row), logits.row(row), gradient.row(row))
        for column in 0..<columns {
          let level = Int((Double(pixels[column]) * Double(levels - 1)).rounded())
          let exponentials = (0..<levels).map { exp(Double(numbers[$0 * columns + column])) }
          let total = exponentials.reduce(0, +)
          sum += log(total / exponentials[level])
          for k in 0..<levels {
            let slope = Double(Self.scale) * (exponentials[k] / total - (k == level ? 1 : 0))
            #expect(Fixture.isNear(slopes[k * columns + column], slope, scale: Double(Self.scale)))
          }
        }
        #expect(Fixture.isNear(loss.row(0)[row], sum, scale: 5 * Double(columns), tolerance: Fixture.sumTolerance))
      }
      copy.categorical(
        logits: logits.matrix, x.matrix, levels: levels, scale: Self.scale, lossInto: loss.matrix,
        gradientInto: logits.matrix)
      #expect((0..<rows).allSatisfy { logits.row($0) == gradient.row($0) })
    }
  }

  @Test(arguments: LoopFixture.columns)
  func columnsOfDivergencesAndDeviations(columns: Int) {
    let rows = Fixture.rows
    for copy in VectorMath.supported {
      let head = GuardedMatrix(rows: rows, columns: 2 * columns, Fixture.numbers(-3, 3, seed: 5))
      let (mean, s) = (head.matrix.columns(0..<columns), head.matrix.columns(columns..<2 * columns))
      let sums = GuardedMatrix(rows: 1, columns: columns) { _, _ in -1 }
      copy.klColumns(mean: mean, logVariance: s, into: sums.matrix)
      #expect(sums.isIntactAround)
      var found = sums.row(0)
      for column in 0..<columns {
        let exact = (0..<rows).reduce(0.0) { sum, row in
          let (m, s) = (Double(mean[row, column]), Double(s[row, column]))
          return sum + 0.5 * (expm1(s) - s + m * m)
        }
        #expect(Fixture.isNear(found[column], exact, tolerance: Fixture.sumTolerance))
      }
      let center = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(-1, 1, seed: 6))
      copy.sumSquaredDeviations(mean, from: center.matrix, into: sums.matrix)
      #expect(sums.isIntactAround)
      found = sums.row(0)
      let middle = center.row(0)
      for column in 0..<columns {
        let exact = (0..<rows).reduce(0.0) { sum, row in
          let deviation = Double(mean[row, column] - middle[column])
          return sum + deviation * deviation
        }
        #expect(Fixture.isNear(found[column], exact, tolerance: Fixture.sumTolerance))
      }
    }
  }

  @Test(arguments: LoopFixture.columns)
  func momentumAndCorruption(columns: Int) {
    let rows = Fixture.rows
    for copy in VectorMath.supported {
      let weights = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(-1, 1, seed: 7))
      let velocity = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(-1, 1, seed: 8))
      let gradient = GuardedMatrix(rows: rows, columns: columns, gap: 1, Fixture.numbers(-1, 1, seed: 9))
      let (w, v) = ((0..<rows).map { weights.row($0) }, (0..<rows).map { velocity.row($0) })
      copy.momentum(
        weights: weights.matrix, gradient: gradient.matrix, velocity: velocity.matrix, learningRate: 0.25,
        momentum: 0.5, gradientScale: 2)
      #expect(weights.isIntactAround && velocity.isIntactAround)
      let noise = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(-1, 1, seed: 10))
      copy.addScaled(noise.matrix, scale: 0.5, to: gradient.matrix)
      let mask = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(0, 1, seed: 11))
      copy.keep(gradient.matrix, where: mask.matrix, isAtLeast: 0.5)
      #expect(noise.isIntactAround && mask.isIntactAround)
      for row in 0..<rows {
        let (gradient, velocity, weights) = (gradient.row(row), velocity.row(row), weights.row(row))
        let (noise, mask) = (noise.row(row), mask.row(row))
        for column in 0..<columns {
          let g = gradient[column]
          let expected = 0.5 * v[row][column] + 2 * g
          #expect(Fixture.isNear(velocity[column], Double(expected), scale: 3))
          #expect(Fixture.isNear(weights[column], Double(w[row][column] - 0.25 * expected), scale: 2))
          let added = Double(g) + 0.5 * Double(Fixture.numbers(-1, 1, seed: 10)(row, column))
          #expect(Fixture.isNear(noise[column], added, scale: 2))
          let isKept = Fixture.numbers(0, 1, seed: 11)(row, column) >= 0.5
          #expect(mask[column] == (isKept ? g : 0))
        }
      }
    }
  }
}
