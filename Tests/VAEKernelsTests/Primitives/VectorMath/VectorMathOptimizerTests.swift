import Testing

@testable import VAEKernels

/// Steps of AdaMax and RMSProp against plain formulas in `Double`, for every instruction set; that of Adam is among the
/// flat loops.
@Suite struct VectorMathOptimizerTests {
  typealias Fixture = LoopFixture
  static let rows = 3
  static let (rate, scale): (Float, Float) = (1e-2, 0.5)

  static func elements(_ matrix: GuardedMatrix) -> [[Float]] { (0..<rows).map(matrix.row) }

  @Test(arguments: LoopFixture.columns)
  func adamax(columns: Int) {
    let (beta1, beta2, epsilon): (Float, Float, Float) = (0.9, 0.5, 1e-3)
    let correction = Float(1 / (1 - 0.9 * 0.9 * 0.9))
    for copy in VectorMath.supported {
      let w = GuardedMatrix(rows: Self.rows, columns: columns, Fixture.numbers(-1, 1, seed: 50))
      let g = GuardedMatrix(rows: Self.rows, columns: columns, gap: 1, Fixture.numbers(-1, 1, seed: 51))
      let m = GuardedMatrix(rows: Self.rows, columns: columns, Fixture.numbers(-1, 1, seed: 52))
      let u = GuardedMatrix(rows: Self.rows, columns: columns, Fixture.numbers(0, 1, seed: 53))
      let before = [w, g, m, u].map(Self.elements)
      copy.adamax(
        weights: w.matrix, gradient: g.matrix, firstMoment: m.matrix, infinityNorm: u.matrix, learningRate: Self.rate,
        beta1: beta1, beta2: beta2, epsilon: epsilon, firstMomentCorrection: correction, gradientScale: Self.scale)
      #expect(w.isIntactAround && m.isIntactAround && u.isIntactAround && g.isIntactAround)
      #expect(Self.elements(g) == before[1])
      for (i, j) in (0..<Self.rows).flatMap({ i in (0..<columns).map { (i, $0) } }) {
        let gradient = Double(Self.scale) * Double(before[1][i][j])
        let first = Double(beta1) * Double(before[2][i][j]) + Double(1 - beta1) * gradient
        let norm = max(Double(beta2) * Double(before[3][i][j]), abs(gradient) + Double(epsilon))
        // The moment may come out small of large terms.
        let unit = Double(Self.rate) * Double(correction) / norm
        let weight = Double(before[0][i][j])
        let isRight =
          Fixture.isNear(m.matrix[i, j], first, scale: 1) && Fixture.isNear(u.matrix[i, j], norm)
          && Fixture.isNear(w.matrix[i, j], weight - unit * first, scale: abs(weight) + unit)
        if !isRight { Issue.record("\(copy.instructionSet) at \(i), \(j)") }
      }
    }
  }

  @Test(arguments: LoopFixture.columns)
  func rmsprop(columns: Int) {
    let (decay, epsilon): (Float, Float) = (0.99, 1e-8)
    for copy in VectorMath.supported {
      let w = GuardedMatrix(rows: Self.rows, columns: columns, Fixture.numbers(-1, 1, seed: 54))
      let g = GuardedMatrix(rows: Self.rows, columns: columns, gap: 1, Fixture.numbers(-1, 1, seed: 55))
      let v = GuardedMatrix(rows: Self.rows, columns: columns, Fixture.numbers(0, 1, seed: 56))
      let before = [w, g, v].map(Self.elements)
      copy.rmsprop(
        weights: w.matrix, gradient: g.matrix, secondMoment: v.matrix, learningRate: Self.rate, decay: decay,
        epsilon: epsilon, gradientScale: Self.scale)
      #expect(w.isIntactAround && v.isIntactAround && g.isIntactAround)
      #expect(Self.elements(g) == before[1])
      for (i, j) in (0..<Self.rows).flatMap({ i in (0..<columns).map { (i, $0) } }) {
        let gradient = Double(Self.scale) * Double(before[1][i][j])
        let second = Double(decay) * Double(before[2][i][j]) + Double(1 - decay) * gradient * gradient
        let step = Double(Self.rate) * gradient / (second.squareRoot() + Double(epsilon))
        let weight = Double(before[0][i][j])
        let isRight =
          Fixture.isNear(v.matrix[i, j], second)
          && Fixture.isNear(w.matrix[i, j], weight - step, scale: abs(weight) + abs(step))
        if !isRight { Issue.record("\(copy.instructionSet) at \(i), \(j)") }
      }
    }
  }

  /// The first step of both moves every weight by α against the sign of its gradient, but for ε and, in RMSProp, the
  /// √(1 − ρ) that nothing corrects.
  @Test func firstSteps() {
    for copy in VectorMath.supported {
      let g = GuardedMatrix(rows: 1, columns: 5) { _, column in [-4, -0.25, 0, 0.5, 2][column] }
      let w = GuardedMatrix(rows: 1, columns: 5) { _, _ in 0 }
      let (m, u) = (GuardedMatrix(rows: 1, columns: 5) { _, _ in 0 }, GuardedMatrix(rows: 1, columns: 5) { _, _ in 0 })
      copy.adamax(
        weights: w.matrix, gradient: g.matrix, firstMoment: m.matrix, infinityNorm: u.matrix, learningRate: 0.125,
        beta1: 0.9, beta2: 0.999, epsilon: 1e-8, firstMomentCorrection: 10, gradientScale: 1)
      for (w, exact) in zip(w.row(0), [0.125, 0.125, 0, -0.125, -0.125] as [Float]) { #expect(abs(w - exact) <= 1e-6) }
      w.matrix.fill(0)
      u.matrix.fill(0)
      copy.rmsprop(
        weights: w.matrix, gradient: g.matrix, secondMoment: u.matrix, learningRate: 0.125, decay: 0.75, epsilon: 1e-8,
        gradientScale: 1)
      for (w, exact) in zip(w.row(0), [0.25, 0.25, 0, -0.25, -0.25] as [Float]) { #expect(abs(w - exact) <= 1e-6) }
    }
  }

  /// What shrinks at every step ends at 0, not in slow subnormal numbers, and NaN goes on.
  @Test func subnormalMomentsBecomeZeroAndNaNRemains() {
    let tiny = Float.leastNormalMagnitude
    for copy in VectorMath.supported {
      let g = GuardedMatrix(rows: 1, columns: 3) { _, column in column == 2 ? .nan : 0 }
      let w = GuardedMatrix(rows: 1, columns: 3) { _, _ in 1 }
      let (m, u) = (
        GuardedMatrix(rows: 1, columns: 3) { _, _ in tiny }, GuardedMatrix(rows: 1, columns: 3) { _, _ in 1 }
      )
      u.matrix[0, 1] = .nan
      copy.adamax(
        weights: w.matrix, gradient: g.matrix, firstMoment: m.matrix, infinityNorm: u.matrix, learningRate: 1,
        beta1: 0.5, beta2: 0.5, epsilon: 1e-8, firstMomentCorrection: 1, gradientScale: 1)
      #expect(m.row(0)[0] == 0 && m.row(0)[1] == 0 && m.row(0)[2].isNaN)
      #expect(u.row(0)[0] == 0.5 && u.row(0)[1].isNaN && u.row(0)[2].isNaN)
      #expect(w.row(0)[0] == 1 && w.row(0)[1].isNaN && w.row(0)[2].isNaN)

      w.matrix.fill(1)
      m.matrix.fill(tiny)
      copy.rmsprop(
        weights: w.matrix, gradient: g.matrix, secondMoment: m.matrix, learningRate: 1, decay: 0.5, epsilon: 1e-8,
        gradientScale: 1)
      #expect(m.row(0)[0] == 0 && m.row(0)[2].isNaN)
      #expect(w.row(0)[0] == 1 && w.row(0)[2].isNaN)
    }
  }
}
