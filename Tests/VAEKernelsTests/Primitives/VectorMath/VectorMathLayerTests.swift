import Foundation
import Testing

@testable import VAEKernels

/// Bias, activation and column sums against plain formulas in `Double`.
@Suite struct VectorMathLayerTests {
  typealias Fixture = LoopFixture
  @Test(arguments: LoopFixture.columns)
  func biasAndActivation(columns: Int) {
    for copy in VectorMath.supported {
      for activation in Activation.allCases {
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
              Fixture.isNear(y, ActivationFormula.value(activation, Double(sum)))
            }
            #expect(isRight, "\(copy.instructionSet) \(activation) row \(row)")
          }
        }
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
