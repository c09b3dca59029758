import Foundation
import Testing

@testable import VAEKernels

/// Row losses and their gradients against plain formulas in `Double`, for every instruction set.
@Suite struct VectorMathLossTests {
  typealias Fixture = LoopFixture
  static let scale: Float = 0.125

  static func bernoulliLoss(_ a: Double, _ x: Double) -> Double {
    (a < 0 ? -a * x : a * (1 - x)) + log1p(exp(-abs(a)))
  }

  static func bernoulliGradient(_ a: Double, _ x: Double) -> Double {
    let q = exp(-abs(a)) / (1 + exp(-abs(a)))
    return a < 0 ? q - x : 1 - x - q
  }

  @Test(arguments: LoopFixture.columns)
  func bernoulli(columns: Int) {
    let rows = Fixture.rows
    for copy in VectorMath.supported {
      let logits = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(-20, 20, seed: 1))
      let x = GuardedMatrix(rows: rows, columns: columns, gap: 1, Fixture.numbers(0, 1, seed: 2))
      let loss = GuardedMatrix(rows: 1, columns: rows) { _, _ in -1 }
      let lossAlone = GuardedMatrix(rows: 1, columns: rows) { _, _ in -1 }
      let gradient = GuardedMatrix(rows: rows, columns: columns, gap: 5) { _, _ in -1 }
      copy.bernoulli(
        logits: logits.matrix, x.matrix, scale: Self.scale, lossInto: loss.matrix, gradientInto: gradient.matrix)
      copy.bernoulli(
        logits: logits.matrix, x.matrix, scale: Self.scale, lossInto: lossAlone.matrix, gradientInto: nil)
      #expect(loss.isIntactAround && gradient.isIntactAround)
      #expect(loss.row(0) == lossAlone.row(0))
      for row in 0..<rows {
        let pairs = zip(logits.row(row), x.row(row)).map { (Double($0), Double($1)) }
        #expect(
          Fixture.isNear(
            loss.row(0)[row], pairs.map(Self.bernoulliLoss).reduce(0, +), tolerance: Fixture.sumTolerance))
        for (d, (a, x)) in zip(gradient.row(row), pairs) {
          // sigmoid(a) and x are each rounded before they are subtracted.
          let exact = Double(Self.scale) * Self.bernoulliGradient(a, x)
          #expect(Fixture.isNear(d, exact, scale: Double(Self.scale)), "\(copy.instructionSet) \(a) \(x)")
        }
      }
      // A row has the same bits alone, and with the gradient written over the logits.
      let last = rows - 1..<rows
      copy.bernoulli(
        logits: logits.matrix.rows(last), x.matrix.rows(last), scale: Self.scale,
        lossInto: lossAlone.matrix.columns(0..<1), gradientInto: logits.matrix.rows(last))
      #expect(lossAlone.row(0)[0] == loss.row(0)[rows - 1])
      #expect(logits.row(rows - 1) == gradient.row(rows - 1))
    }
  }

  @Test func bernoulliAtExtremeLogits() {
    let logits: [Float] = [100, 100, -100, -100, 1e30, 1e30, -1e30, -1e30, 0, .leastNormalMagnitude / 128]
    let targets: [Float] = [1, 0, 0, 1, 1, 0, 0, 1, 0.5, 1]
    for copy in VectorMath.supported {
      for (a, x) in zip(logits, targets) {
        let logit = GuardedMatrix(rows: 1, columns: 1) { _, _ in a }
        let target = GuardedMatrix(rows: 1, columns: 1) { _, _ in x }
        let loss = GuardedMatrix(rows: 1, columns: 1) { _, _ in -1 }
        copy.bernoulli(
          logits: logit.matrix, target.matrix, scale: 1, lossInto: loss.matrix, gradientInto: logit.matrix)
        let exactLoss = Self.bernoulliLoss(Double(a), Double(x))
        let exactGradient = Self.bernoulliGradient(Double(a), Double(x))
        #expect(Fixture.isNear(loss.row(0)[0], exactLoss), "\(copy.instructionSet) \(a) \(x)")
        #expect(Fixture.isNear(logit.row(0)[0], exactGradient), "\(copy.instructionSet) \(a) \(x)")
      }
    }
  }

  @Test func bernoulliPassesNaNOn() {
    for copy in VectorMath.supported {
      let logit = GuardedMatrix(rows: 2, columns: 5) { row, column in row == 0 && column == 3 ? .nan : 1 }
      let target = GuardedMatrix(rows: 2, columns: 5) { _, _ in 1 }
      let loss = GuardedMatrix(rows: 1, columns: 2) { _, _ in -1 }
      copy.bernoulli(
        logits: logit.matrix, target.matrix, scale: 1, lossInto: loss.matrix, gradientInto: logit.matrix)
      #expect(loss.row(0)[0].isNaN && loss.row(0)[1].isFinite)
      #expect(logit.row(0).map(\.isNaN) == [false, false, false, true, false])
    }
  }

  /// Sums of many terms keep their accuracy, where float lanes alone would not.
  @Test func longRowsAreSummedAccurately() {
    let columns = 100_000
    for copy in VectorMath.supported {
      let logits = GuardedMatrix(rows: 1, columns: columns) { _, _ in 0.3 }
      let x = GuardedMatrix(rows: 1, columns: columns) { _, _ in 0 }
      let loss = GuardedMatrix(rows: 1, columns: 1) { _, _ in -1 }
      copy.bernoulli(logits: logits.matrix, x.matrix, scale: 1, lossInto: loss.matrix, gradientInto: nil)
      let exact = Double(columns) * Self.bernoulliLoss(Double(Float(0.3)), 0)
      #expect(Fixture.isNear(loss.row(0)[0], exact, tolerance: Fixture.sumTolerance))
    }
  }

  @Test(arguments: LoopFixture.columns)
  func squaredError(columns: Int) {
    let rows = Fixture.rows
    let weight: Float = 2.5
    for copy in VectorMath.supported {
      let mean = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(-2, 2, seed: 3))
      let x = GuardedMatrix(rows: rows, columns: columns, gap: 1, Fixture.numbers(0, 1, seed: 4))
      let loss = GuardedMatrix(rows: 1, columns: rows) { _, _ in -1 }
      let gradient = GuardedMatrix(rows: rows, columns: columns, gap: 5) { _, _ in -1 }
      copy.squaredError(
        mean: mean.matrix, x.matrix, weight: weight, scale: Self.scale, lossInto: loss.matrix,
        gradientInto: gradient.matrix)
      #expect(loss.isIntactAround && gradient.isIntactAround)
      for row in 0..<rows {
        let differences = zip(mean.row(row), x.row(row)).map { Double($0 - $1) }
        let exact = differences.map { Double(weight) * $0 * $0 / 2 }.reduce(0, +)
        #expect(Fixture.isNear(loss.row(0)[row], exact, tolerance: Fixture.sumTolerance))
        for (d, difference) in zip(gradient.row(row), differences) {
          #expect(Fixture.isNear(d, Double(Self.scale * weight) * difference))
        }
      }
      copy.squaredError(
        mean: mean.matrix, x.matrix, weight: weight, scale: Self.scale, lossInto: loss.matrix,
        gradientInto: mean.matrix)
      #expect((0..<rows).allSatisfy { mean.row($0) == gradient.row($0) })
    }
  }
}
