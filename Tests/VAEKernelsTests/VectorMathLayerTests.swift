import Foundation
import Testing

@testable import VAEKernels

/// Bias, activations, their gradients and column sums against plain formulas in `Double`.
@Suite struct VectorMathLayerTests {
  typealias Fixture = LoopFixture
  static let activations: [Activation] = [.identity, .relu, .tanh, .sigmoid, .softplus]

  static func value(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .relu: max(x, 0)
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    }
  }

  /// The derivative, as a function of the value.
  static func slope(_ activation: Activation, _ y: Double) -> Double {
    switch activation {
    case .identity: 1
    case .relu: y > 0 ? 1 : 0
    case .tanh: 1 - y * y
    case .sigmoid: y * (1 - y)
    case .softplus: -expm1(-y)
    }
  }

  @Test(arguments: LoopFixture.columns)
  func biasAndActivation(columns: Int) {
    for copy in VectorMath.supported {
      for activation in Self.activations {
        for hasBias in [true, false] {
          let x = GuardedMatrix(rows: Fixture.rows, columns: columns, Fixture.numbers(-9, 9, seed: 5))
          let bias = GuardedMatrix(rows: 1, columns: columns, Fixture.numbers(-1, 1, seed: 6))
          let sums = (0..<Fixture.rows).map { row in
            zip(x.row(row), bias.row(0)).map { hasBias ? $0 + $1 : $0 }
          }
          copy.addBiasAndActivate(x.matrix, bias: hasBias ? bias.matrix : nil, activation)
          #expect(x.isIntactAround)
          for row in 0..<Fixture.rows {
            let isRight = zip(x.row(row), sums[row]).allSatisfy { y, sum in
              Fixture.isNear(y, Self.value(activation, Double(sum)))
            }
            #expect(isRight, "\(copy.instructionSet) \(activation) row \(row)")
          }
        }
      }
    }
  }

  @Test(arguments: LoopFixture.columns)
  func activationGradient(columns: Int) {
    for copy in VectorMath.supported {
      for activation in Self.activations {
        let y = GuardedMatrix(rows: Fixture.rows, columns: columns, Fixture.numbers(-9, 9, seed: 7))
        copy.addBiasAndActivate(y.matrix, bias: nil, activation)
        let dX = GuardedMatrix(rows: Fixture.rows, columns: columns, gap: 2, Fixture.numbers(-1, 1, seed: 8))
        let before = (0..<Fixture.rows).map(dX.row)
        copy.multiplyByGradient(of: activation, at: y.matrix, dX.matrix)
        #expect(dX.isIntactAround && y.isIntactAround)
        for row in 0..<Fixture.rows {
          let isRight = zip(zip(dX.row(row), before[row]), y.row(row)).allSatisfy { pair, y in
            Fixture.isNear(pair.0, Double(pair.1) * Self.slope(activation, Double(y)))
          }
          #expect(isRight, "\(copy.instructionSet) \(activation) row \(row)")
        }
      }
    }
  }

  @Test func activationsPassNaNOn() {
    for copy in VectorMath.supported {
      for activation in Self.activations {
        let x = GuardedMatrix(rows: 1, columns: 3) { _, column in column == 1 ? .nan : -0.5 }
        copy.addBiasAndActivate(x.matrix, bias: nil, activation)
        #expect(x.row(0).map(\.isNaN) == [false, true, false])
      }
    }
  }

  @Test(arguments: LoopFixture.columns + [64, 70, 200])
  func columnSums(columns: Int) {
    let rows = 130
    for copy in VectorMath.supported {
      let x = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(0, 1, seed: 9))
      let sums = GuardedMatrix(rows: 1, columns: columns) { _, _ in 3 }
      let exact = (0..<columns).map { column in
        (0..<rows).reduce(0.0) { $0 + Double(x.matrix[$1, column]) }
      }
      // Float sums of 130 terms: the bound is 130 half-ulps, the usual error a tenth of it.
      copy.sumColumns(x.matrix, into: sums.matrix, accumulating: true)
      #expect(zip(sums.row(0), exact).allSatisfy { Fixture.isNear($0, $1 + 3, tolerance: 2e-6) })
      copy.sumColumns(x.matrix, into: sums.matrix, accumulating: false)
      #expect(zip(sums.row(0), exact).allSatisfy { Fixture.isNear($0, $1, tolerance: 2e-6) })
      copy.sumColumns(x.matrix.rows(0..<0), into: sums.matrix, accumulating: false)
      #expect(sums.row(0).allSatisfy { $0 == 0 })
      #expect(sums.isIntactAround)
    }
  }
}
