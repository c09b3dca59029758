import TestSupport
import Testing
import VAEKernels
import VAEReference

/// Layer and batch normalisation against finite differences, with the loss Σ w·Y, for which dY = w.
@Suite struct NormalizationGradientTests {
  static let epsilon: Float = 1e-3
  // Of two numbers the normalised ones are ±1 whatever they are, and the slopes nothing but rounding.
  static let shapes = [(3, 3), (3, 7), (5, 17), (33, 4)]

  /// γ (x − m) / √(v + ε) + β of each group of numbers, in `Double`.
  static func normalize(
    _ x: [Double], rows: Int, columns: Int, ofRows: Bool, _ scale: [Double], _ shift: [Double]
  ) -> [Double] {
    func group(_ row: Int, _ column: Int) -> [Double] {
      ofRows ? (0..<columns).map { x[row * columns + $0] } : (0..<rows).map { x[$0 * columns + column] }
    }
    return (0..<rows).flatMap { row in
      (0..<columns).map { column in
        let numbers = group(row, column)
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
        let normalized = (x[row * columns + column] - mean) / (variance + Double(epsilon)).squareRoot()
        return scale[column] * normalized + shift[column]
      }
    }
  }

  @Test(arguments: shapes, [true, false])
  func gradients(shape: (rows: Int, columns: Int), ofRows: Bool) {
    let (rows, columns) = shape
    let x = TestMatrix(normal: 1, scale: 2, rows: rows, columns: columns)
    let scale = TestMatrix(normal: 2, rows: 1, columns: columns)
    let shift = TestMatrix(normal: 3, rows: 1, columns: columns)
    let w = TestMatrix(normal: 4, rows: rows, columns: columns)
    for copy in VectorMath.supported {
      let count = ofRows ? rows : columns
      let (mean, r) = (TestMatrix(rows: 1, columns: count), TestMatrix(rows: 1, columns: count))
      let (y, dX) = (TestMatrix(rows: rows, columns: columns), TestMatrix(rows: rows, columns: columns))
      let (dScale, dShift) = (TestMatrix(rows: 1, columns: columns), TestMatrix(rows: 1, columns: columns))
      if ofRows {
        copy.layerNorm(
          x.matrix, scale: scale.matrix, shift: shift.matrix, epsilon: Self.epsilon, into: y.matrix,
          mean: mean.matrix, inverseDeviation: r.matrix)
        copy.layerNormParameterGradient(
          w.matrix, x: x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, dScale: dScale.matrix,
          dShift: dShift.matrix)
        copy.layerNormGradient(
          w.matrix, x: x.matrix, scale: scale.matrix, mean: mean.matrix, inverseDeviation: r.matrix, into: dX.matrix)
      } else {
        copy.columnStatistics(x.matrix, mean: mean.matrix, variance: r.matrix)
        r.matrix.setElements(r.elements.map { 1 / ($0 + Self.epsilon).squareRoot() })
        copy.normalizeColumns(
          x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, scale: scale.matrix, shift: shift.matrix,
          into: y.matrix)
        copy.batchNormParameterGradient(
          w.matrix, x: x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, dScale: dScale.matrix,
          dShift: dShift.matrix)
        copy.batchNormGradient(
          w.matrix, x: x.matrix, mean: mean.matrix, inverseDeviation: r.matrix, scale: scale.matrix,
          dScale: dScale.matrix, dShift: dShift.matrix, into: dX.matrix)
      }
      let (points, scales, shifts, weights) = (x.doubles, scale.doubles, shift.doubles, w.doubles)
      func value(_ x: [Double], _ scale: [Double], _ shift: [Double]) -> [Double] {
        Self.normalize(x, rows: rows, columns: columns, ofRows: ofRows, scale, shift)
      }
      #expect(relativeError(of: y.elements, from: value(points, scales, shifts)) <= GradientTolerance.perLayer)
      let losses: [(String, TestMatrix, [Double], ([Double]) -> [Double])] = [
        ("dX", dX, points, { value($0, scales, shifts) }),
        ("dγ", dScale, scales, { value(points, $0, shifts) }),
        ("dβ", dShift, shifts, { value(points, scales, $0) }),
      ]
      for (name, gradient, point, output) in losses {
        let report = GradientCheck.compare(
          name: "\(copy.instructionSet), \(name)", analytic: gradient.elements, point: point,
          coordinates: coordinates(of: point.count), tolerance: GradientTolerance.perLayer
        ) { weightedSum(output($0), weights) }
        #expect(report.passed, "\(report)")
      }
    }
  }
}
