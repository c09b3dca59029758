import Foundation
import Testing

@testable import VAEKernels

/// Loops over flat buffers: Adam, pixels, and checks.
@Suite struct VectorMathFlatTests {
  typealias Fixture = LoopFixture

  static func buffer(_ count: Int, _ low: Float, _ high: Float, seed: Int) -> GuardedMatrix {
    GuardedMatrix(rows: 1, columns: count, Fixture.numbers(low, high, seed: seed))
  }

  @Test(arguments: LoopFixture.columns)
  func adam(columns: Int) {
    let (rate, beta1, beta2, epsilon, scale): (Float, Float, Float, Float, Float) = (1e-3, 0.9, 0.999, 1e-8, 0.5)
    let correction1 = Float(1 / (1 - pow(0.9, 3.0)))
    let correction2 = Float(1 / (1 - pow(0.999, 3.0)))
    let rows = 3
    for copy in VectorMath.supported {
      let w = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(-1, 1, seed: 20))
      let g = GuardedMatrix(rows: rows, columns: columns, gap: 1, Fixture.numbers(-1, 1, seed: 21))
      let m = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(-1, 1, seed: 22))
      let v = GuardedMatrix(rows: rows, columns: columns, Fixture.numbers(0, 1, seed: 23))
      let before = [w, g, m, v].map { matrix in (0..<rows).map { matrix.row($0) } }
      copy.adam(
        weights: w.matrix, gradient: g.matrix, firstMoment: m.matrix, secondMoment: v.matrix, learningRate: rate,
        beta1: beta1, beta2: beta2, epsilon: epsilon, firstMomentCorrection: correction1,
        secondMomentCorrection: correction2, gradientScale: scale)
      #expect(w.isIntactAround && m.isIntactAround && v.isIntactAround && g.isIntactAround)
      #expect((0..<rows).map { g.row($0) } == before[1])
      for (i, j) in (0..<rows).flatMap({ i in (0..<columns).map { (i, $0) } }) {
        let gradient = Double(scale) * Double(before[1][i][j])
        let first = Double(beta1) * Double(before[2][i][j]) + Double(1 - beta1) * gradient
        let second = Double(beta2) * Double(before[3][i][j]) + Double(1 - beta2) * gradient * gradient
        let step =
          Double(rate) * first * Double(correction1) / (sqrt(second * Double(correction2)) + Double(epsilon))
        let weight = Double(before[0][i][j])
        let isRight =
          Fixture.isNear(m.row(i)[j], first, scale: 1) && Fixture.isNear(v.row(i)[j], second)
          && Fixture.isNear(w.row(i)[j], weight - step, scale: abs(weight) + abs(step))
        if !isRight { Issue.record("\(copy.instructionSet) at \(i), \(j)") }
      }
    }
  }

  @Test func everyByteBecomesTheNearestFloat() {
    let bytes = (0..<256).map { UInt8($0) }
    for copy in VectorMath.supported {
      // From every offset to the end, so that all tails occur.
      for start in 230..<256 {
        let out = GuardedMatrix(rows: 1, columns: 256 - start) { _, _ in -1 }
        copy.floats(from: Array(bytes[start...]), count: 256 - start, into: out.matrix.base)
        #expect(out.row(0) == (start..<256).map { Float(Double($0) / 255) })
        #expect(out.isIntactAround)
      }
      let out = GuardedMatrix(rows: 1, columns: 256) { _, _ in -1 }
      copy.floats(from: bytes, count: 256, into: out.matrix.base)
      #expect(out.row(0) == (0..<256).map { Float(Double($0) / 255) })
    }
  }

  @Test(arguments: LoopFixture.columns)
  func thresholds(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 100) }
    let floats = bytes.map { Float($0) / 255 }
    for copy in VectorMath.supported {
      let out = GuardedMatrix(rows: 1, columns: count) { _, _ in -1 }
      for threshold in [0, 1, 100, 128, 255] as [UInt8] {
        let exact = bytes.map { $0 >= threshold ? 1 : 0 as Float }
        copy.threshold(bytes, at: threshold, count: count, into: out.matrix.base)
        #expect(out.row(0) == exact)
        copy.threshold(floats, at: Float(threshold) / 255, count: count, into: out.matrix.base)
        #expect(out.row(0) == exact)
      }
      #expect(out.isIntactAround)
    }
  }

  @Test(arguments: LoopFixture.columns)
  func sumOfSquares(count: Int) {
    for copy in VectorMath.supported {
      let x = Self.buffer(count, -1e25, 1e25, seed: 24)  // the squares overflow a float
      let exact = x.row(0).reduce(0) { $0 + Double($1) * Double($1) }
      #expect(abs(copy.sumOfSquares(x.matrix.base, count: count) - exact) <= 1e-13 * exact)
    }
  }

  @Test(arguments: LoopFixture.columns)
  func firstNonFinite(count: Int) {
    for copy in VectorMath.supported {
      for bad in [Float.nan, .infinity, -.infinity] {
        for place in Set([0, count / 2, count - 1]) {
          let x = Self.buffer(count, -1.5e38, 1.5e38, seed: 25)
          #expect(copy.firstNonFinite(x.matrix.base, count: count) == nil)
          x.matrix[0, place] = bad
          #expect(copy.firstNonFinite(x.matrix.base, count: count) == place)
          x.matrix[0, count - 1] = .nan
          #expect(copy.firstNonFinite(x.matrix.base, count: count) == place)
        }
      }
    }
  }

  @Test func emptyBuffersAreLeftAlone() {
    for copy in VectorMath.supported {
      let x = GuardedMatrix(rows: 0, columns: 3) { _, _ in 0 }
      copy.addBiasAndActivate(x.matrix, bias: nil, .tanh)
      copy.threshold(x.matrix.base, at: 0, count: 0, into: x.matrix.base)
      #expect(copy.sumOfSquares(x.matrix.base, count: 0) == 0)
      #expect(copy.firstNonFinite(x.matrix.base, count: 0) == nil)
      #expect(copy.map(.exp, []).isEmpty)
      #expect(x.isIntactAround)
    }
  }
}
