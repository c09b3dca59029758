import Foundation
import Testing

@testable import VAEKernels

/// Random rows: their distribution, and that a row depends on its address alone.
@Suite struct VectorMathRandomTests {
  static let stream = RandomStream(seed: 20_260_101, purpose: .user, epoch: 3, sample: 7)

  /// Box and Muller's formula on the scalar generator's words.
  static func normal(example: UInt32, column: Int) -> Double {
    let words = stream.words(example: example, block: UInt32(column / 4))
    let pair = column % 4 / 2 * 2
    let u = Double((words[pair] >> 8) + 1) * 0x1p-24
    let turn = 2 * Double.pi * Double(words[pair + 1] >> 8) * 0x1p-24
    return sqrt(-2 * log(u)) * (column % 2 == 0 ? cos(turn) : sin(turn))
  }

  @Test(arguments: LoopFixture.columns)
  func normalNumbersAreBoxAndMullers(columns: Int) {
    let examples: [UInt32] = [3, 0, .max, 1_000_000, 4]
    for copy in VectorMath.supported {
      let rows = drawNormal(copy, Self.stream, examples: examples, columns: columns)
      for (row, example) in zip(rows, examples) {
        // Up to 5.8 times an error of 1e-7 in the sine, and the rounding of the root.
        let worst = row.enumerated().map { abs(Double($1) - Self.normal(example: example, column: $0)) }.max()!
        #expect(worst < 1e-6, "\(copy.instructionSet)")
      }
    }
  }

  /// Alone, among a hundred others, and in another order, a row has the same bits.
  @Test(arguments: [1, 2, 3, 5, 17, 20, 33, 100])
  func aRowDependsOnItsAddressAlone(columns: Int) {
    let examples = (0..<101).map { UInt32($0 * 31 % 101) }
    for copy in VectorMath.supported {
      for draw in [drawNormal, drawUniform] {
        let rows = draw(copy, Self.stream, examples, columns)
        let reversed = draw(copy, Self.stream, examples.reversed(), columns)
        #expect(rows == reversed.reversed())
        for index in [0, 1, 50, 100] {
          #expect(draw(copy, Self.stream, [examples[index]], columns) == [rows[index]])
        }
        // A shorter row is the beginning of a longer one.
        let longer = draw(copy, Self.stream, [examples[9]], columns + 6)[0]
        #expect(Array(longer.prefix(columns)) == rows[9])
      }
    }
  }

  @Test func momentsAreThoseOfTheDistributions() {
    let count = 200 * 784
    // Five standard errors: one failure in a million seeds, and the seed is fixed.
    func expectMean(_ numbers: [Double], _ mean: Double, deviation: Double, _ what: Comment) {
      let error = abs(numbers.reduce(0, +) / Double(numbers.count) - mean)
      #expect(error < 5 * deviation / Double(numbers.count).squareRoot(), what)
    }
    let copy = VectorMath.active
    let examples = (0..<200).map { UInt32($0) }
    let z = drawNormal(copy, Self.stream, examples: examples, columns: 784).joined().map(Double.init)
    #expect(z.count == count)
    expectMean(z, 0, deviation: 1, "mean")
    expectMean(z.map { $0 * $0 }, 1, deviation: 2.0.squareRoot(), "variance")
    expectMean(z.map { $0 * $0 * $0 }, 0, deviation: 15.0.squareRoot(), "skewness")
    expectMean(z.map { $0 * $0 * $0 * $0 }, 3, deviation: 96.0.squareRoot(), "kurtosis")
    expectMean(zip(z, z.dropFirst()).map { $0 * $1 }, 0, deviation: 1, "correlation of neighbours")
    expectMean(z.map { abs($0) > 3 ? 1 : 0 }, 0.002_699_8, deviation: 0.0519, "tails")
    let u = drawUniform(copy, Self.stream, examples: examples, columns: 784).joined().map(Double.init)
    #expect(u.allSatisfy { (0..<1).contains($0) })
    expectMean(u, 0.5, deviation: (1 / 12.0).squareRoot(), "mean")
    expectMean(u.map { $0 * $0 }, 1 / 3.0, deviation: (4 / 45.0).squareRoot(), "second moment")
  }

  @Test(arguments: LoopFixture.columns)
  func bernoulliDrawsCompareWithTheUniformNumbers(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 51) }  // 0 and 255 among them
    let floats = bytes.map { Float($0) / 255 }
    for copy in VectorMath.supported {
      let u = drawUniform(copy, Self.stream, examples: [42], columns: count)[0]
      let exact = zip(u, floats).map { $0 < $1 ? 1 : 0 as Float }
      let out = GuardedMatrix(rows: 1, columns: count) { _, _ in -1 }
      copy.drawBernoulli(bytes, count: count, Self.stream, example: 42, into: out.matrix.base)
      #expect(out.row(0) == exact)
      copy.drawBernoulli(floats, count: count, Self.stream, example: 42, into: out.matrix.base)
      #expect(out.row(0) == exact)
      #expect(out.isIntactAround)
      #expect(zip(bytes, out.row(0)).allSatisfy { $0 == 0 ? $1 == 0 : $0 == 255 ? $1 == 1 : true })
    }
  }
}
