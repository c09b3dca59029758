import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Each activation's gradient against finite differences of its reference, with the loss Σ w·f(x).
@Suite struct ActivationGradientTests {
  @Test(arguments: Activation.allCases, [(1, 1), (3, 7), (2, 33), (5, 100)])
  func gradient(activation: Activation, shape: (rows: Int, columns: Int)) {
    let x = TestMatrix(normal: 1, scale: 3, rows: shape.rows, columns: shape.columns)
    let w = TestMatrix(normal: 2, rows: shape.rows, columns: shape.columns)
    for copy in VectorMath.supported {
      let y = TestMatrix(rows: shape.rows, columns: shape.columns)
      copy.activate(x.matrix, into: y.matrix, activation)
      let expected = x.doubles.map { Reference.activate($0, activation) }
      #expect(relativeError(of: y.elements, from: expected) <= GradientTolerance.perLayer)

      let dX = TestMatrix(w.elements, rows: shape.rows, columns: shape.columns)
      copy.multiplyByGradient(of: activation, at: (activation.gradientIsOfInput ? x : y).matrix, dX.matrix)
      let report = GradientCheck.compare(
        name: "\(copy.instructionSet), \(activation)", analytic: dX.elements, point: x.doubles,
        coordinates: coordinates(of: x.doubles.count), tolerance: GradientTolerance.perLayer
      ) { point in weightedSum(point.map { Reference.activate($0, activation) }, w.doubles) }
      #expect(report.passed, "\(report)")
    }
  }
}
