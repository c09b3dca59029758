import Testing

@testable import VAEKernels

/// Masks of dropout and products of elements, for every instruction set.
@Suite struct VectorMathDropoutTests {
  typealias Fixture = LoopFixture

  @Test(arguments: [0] + LoopFixture.columns, [Float(0), 0.25, 0.999])
  func mask(columns: Int, probability: Float) {
    for copy in VectorMath.supported {
      let u = GuardedMatrix(rows: Fixture.rows, columns: columns, Fixture.numbers(0, 1, seed: 40))
      if columns > 1 {
        u.matrix[1, columns - 1] = .nan
        u.matrix[2, columns - 1] = probability  // what equals it is kept
      }
      let before = (0..<Fixture.rows).map(u.row)
      copy.dropoutMask(inPlace: u.matrix, probability: probability)
      #expect(u.isIntactAround)
      for row in 0..<Fixture.rows {
        for (found, u) in zip(u.row(row), before[row]) {
          #expect(u.isNaN ? found.isNaN : found == (u >= probability ? 1 / (1 - probability) : 0))
        }
      }
    }
  }

  @Test(arguments: [0] + LoopFixture.columns)
  func products(columns: Int) {
    for copy in VectorMath.supported {
      let x = GuardedMatrix(rows: Fixture.rows, columns: columns, Fixture.numbers(-2, 2, seed: 41))
      let y = GuardedMatrix(rows: Fixture.rows, columns: columns, gap: 1, Fixture.numbers(-2, 2, seed: 42))
      let z = GuardedMatrix(rows: Fixture.rows, columns: columns, gap: 2) { _, _ in -7 }
      let exact = (0..<Fixture.rows).map { row in zip(x.row(row), y.row(row)).map { $0 * $1 } }
      copy.multiplyElements(x.matrix, y.matrix, into: z.matrix)
      #expect((0..<Fixture.rows).map(z.row) == exact && z.isIntactAround)
      copy.multiplyElements(z.matrix, y.matrix, into: z.matrix)
      #expect((0..<Fixture.rows).allSatisfy { z.row($0) == zip(exact[$0], y.row($0)).map { $0 * $1 } })
      copy.multiplyElements(x.matrix, y.matrix, into: y.matrix)
      #expect((0..<Fixture.rows).map(y.row) == exact && x.isIntactAround && y.isIntactAround)
      x.matrix.fill(.nan)
      copy.multiplyElements(x.matrix, y.matrix, into: x.matrix)
      #expect((0..<Fixture.rows).allSatisfy { x.row($0).allSatisfy(\.isNaN) })
    }
  }
}
