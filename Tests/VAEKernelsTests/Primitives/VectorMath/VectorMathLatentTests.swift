import Foundation
import Testing

@testable import VAEKernels

/// The sample, the KL divergence and their gradients against plain formulas in `Double`.
@Suite struct VectorMathLatentTests {
  typealias Fixture = LoopFixture

  /// Mean and log-variance as the encoder leaves them: halves of one matrix.
  static func head(_ columns: Int, logVariances: ClosedRange<Float> = -5...3) -> GuardedMatrix {
    let means = Fixture.numbers(-3, 3, seed: 10)
    let others = Fixture.numbers(logVariances.lowerBound, logVariances.upperBound, seed: 11)
    return GuardedMatrix(rows: Fixture.rows, columns: 2 * columns) { row, column in
      column < columns ? means(row, column) : others(row, column)
    }
  }

  @Test(arguments: LoopFixture.columns)
  func sample(columns: Int) {
    for copy in VectorMath.supported {
      let head = Self.head(columns)
      let noise = GuardedMatrix(rows: Fixture.rows, columns: columns, Fixture.numbers(-3, 3, seed: 12))
      let z = GuardedMatrix(rows: Fixture.rows, columns: columns, gap: 1) { _, _ in -1 }
      let mean = head.matrix.columns(0..<columns)
      let logVariance = head.matrix.columns(columns..<2 * columns)
      copy.reparameterize(mean: mean, logVariance: logVariance, noise: noise.matrix, into: z.matrix)

      let dZ = GuardedMatrix(rows: Fixture.rows, columns: columns, gap: 2, Fixture.numbers(-1, 1, seed: 13))
      let gradient = GuardedMatrix(rows: Fixture.rows, columns: 2 * columns) { _, _ in 0.5 }
      copy.reparameterizeGradient(
        dLatent: dZ.matrix, logVariance: logVariance, noise: noise.matrix,
        accumulatingInto: gradient.matrix.columns(0..<columns), gradient.matrix.columns(columns..<2 * columns))

      #expect(z.isIntactAround && gradient.isIntactAround && head.isIntactAround)
      for row in 0..<Fixture.rows {
        for column in 0..<columns {
          let deviation = exp(Double(logVariance[row, column]) / 2)
          let noise = Double(noise.matrix[row, column])
          let d = Double(dZ.matrix[row, column])
          let exact = Double(mean[row, column]) + deviation * noise
          let slope = d * noise * deviation / 2
          let isRight =
            Fixture.isNear(z.matrix[row, column], exact, scale: abs(exact) + abs(deviation * noise))
            && Fixture.isNear(gradient.matrix[row, column], 0.5 + d, scale: 1)
            && Fixture.isNear(gradient.matrix[row, columns + column], 0.5 + slope, scale: 1 + abs(slope))
          if !isRight { Issue.record("\(copy.instructionSet) at \(row), \(column)") }
        }
      }
    }
  }

  @Test(arguments: LoopFixture.columns)
  func divergence(columns: Int) {
    let scale: Float = 0.25
    for copy in VectorMath.supported {
      let head = Self.head(columns)
      let mean = head.matrix.columns(0..<columns)
      let logVariance = head.matrix.columns(columns..<2 * columns)
      let kl = GuardedMatrix(rows: 1, columns: Fixture.rows) { _, _ in -1 }
      let gradient = GuardedMatrix(rows: Fixture.rows, columns: 2 * columns) { _, _ in -1 }
      copy.klDivergence(mean: mean, logVariance: logVariance, into: kl.matrix)
      copy.klDivergenceGradient(
        mean: mean, logVariance: logVariance, scale: scale, into: gradient.matrix.columns(0..<columns),
        gradient.matrix.columns(columns..<2 * columns))
      #expect(kl.isIntactAround && gradient.isIntactAround)
      for row in 0..<Fixture.rows {
        var exact = 0.0
        for column in 0..<columns {
          let mu = Double(mean[row, column])
          let s = Double(logVariance[row, column])
          exact += (expm1(s) - s + mu * mu) / 2
          let isRight =
            Fixture.isNear(gradient.matrix[row, column], Double(scale) * mu)
            && Fixture.isNear(gradient.matrix[row, columns + column], Double(scale) * expm1(s) / 2)
          if !isRight { Issue.record("\(copy.instructionSet) at \(row), \(column)") }
        }
        #expect(Fixture.isNear(kl.row(0)[row], exact, tolerance: Fixture.sumTolerance), "\(copy.instructionSet)")
      }
    }
  }

  /// Near the prior the divergence is s² / 4, which a difference of rounded numbers would lose.
  @Test(arguments: [-80, -18.5, -1, -0.3466, -1e-3, -1e-6, 0, 1e-5, 1e-3, 0.3465, 1, 80] as [Float])
  func divergenceOfOneLogVariance(_ s: Float) {
    let s64 = Double(s)
    let exact =
      abs(s64) < 1e-2 ? s64 * s64 * (0.25 + s64 / 12 + s64 * s64 / 48 + s64 * s64 * s64 / 240) : (expm1(s64) - s64) / 2
    for copy in VectorMath.supported {
      let head = GuardedMatrix(rows: 1, columns: 2) { _, column in column == 0 ? 0 : s }
      let kl = GuardedMatrix(rows: 1, columns: 1) { _, _ in -1 }
      copy.klDivergence(mean: head.matrix.columns(0..<1), logVariance: head.matrix.columns(1..<2), into: kl.matrix)
      #expect(Fixture.isNear(kl.row(0)[0], exact), "\(copy.instructionSet): \(kl.row(0)[0]), not \(exact)")
    }
  }
}
