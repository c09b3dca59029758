import TestSupport
import Testing
import VAEKernels
import VAEReference

/// The sample and the KL divergence against their reference.
@Suite struct LatentGradientTests {
  static let shapes = [(1, 1), (3, 2), (5, 7), (1, 17), (4, 33), (2, 100)]

  /// μ and s as the encoder's head has them, side by side.
  private struct Posterior {
    let rows: Int
    let columns: Int
    let head: TestMatrix
    let noise: TestMatrix
    var mean: Matrix { head.matrix.columns(0..<columns) }
    var logVariance: Matrix { head.matrix.columns(columns..<2 * columns) }

    init(_ shape: (rows: Int, columns: Int)) {
      rows = shape.rows
      columns = shape.columns
      head = TestMatrix(normal: 1, rows: rows, columns: 2 * columns)
      noise = TestMatrix(normal: 2, rows: rows, columns: columns)
    }

    /// Room for dμ and ds, in halves like μ and s.
    func gradients(filledWith value: Float) -> (both: TestMatrix, dMean: Matrix, dLogVariance: Matrix) {
      let both = TestMatrix(filledWith: value, rows: rows, columns: 2 * columns)
      return (both, both.matrix.columns(0..<columns), both.matrix.columns(columns..<2 * columns))
    }

    /// `f(μ, s, ε)` of each row of a point of [B, 2L] numbers.
    func eachRow<Result>(of head: [Double], _ f: ([Double], [Double], [Double]) -> Result) -> [Result] {
      (0..<rows).map { row in
        let start = row * 2 * columns
        return f(
          Array(head[start..<start + columns]), Array(head[start + columns..<start + 2 * columns]),
          Array(noise.doubles[row * columns..<(row + 1) * columns]))
      }
    }
  }

  @Test(arguments: shapes) func sampleForward(rows: Int, columns: Int) {
    let posterior = Posterior((rows, columns))
    let z = TestMatrix(rows: rows, columns: columns)
    VectorMath.active.reparameterize(
      mean: posterior.mean, logVariance: posterior.logVariance, noise: posterior.noise.matrix, into: z.matrix)
    let expected = posterior.eachRow(of: posterior.head.doubles) {
      Reference.sample(mean: $0, logVariance: $1, noise: $2)
    }
    #expect(relativeError(of: z.elements, from: expected.flatMap { $0 }) <= GradientTolerance.perLayer)
  }

  @Test(arguments: shapes) func sampleBackwardAccumulates(rows: Int, columns: Int) {
    let posterior = Posterior((rows, columns))
    let dZ = TestMatrix(normal: 3, rows: rows, columns: columns)
    // What is there already is a gradient too: that of 2 times every number.
    let (both, dMean, dLogVariance) = posterior.gradients(filledWith: 2)
    VectorMath.active.reparameterizeGradient(
      dLatent: dZ.matrix, logVariance: posterior.logVariance, noise: posterior.noise.matrix, accumulatingInto: dMean,
      dLogVariance)
    let w = dZ.doubles
    let report = GradientCheck.compare(
      name: "dμ and ds, \(rows) × \(columns)", analytic: both.elements, point: posterior.head.doubles,
      tolerance: GradientTolerance.perLayer
    ) { head in
      let z = posterior.eachRow(of: head) { Reference.sample(mean: $0, logVariance: $1, noise: $2) }
      return weightedSum(z.joined(), w) + 2 * head.reduce(0, +)
    }
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: shapes) func klForward(rows: Int, columns: Int) {
    let posterior = Posterior((rows, columns))
    let kl = TestMatrix(rows: 1, columns: rows)
    VectorMath.active.klDivergence(mean: posterior.mean, logVariance: posterior.logVariance, into: kl.matrix)
    let expected = posterior.eachRow(of: posterior.head.doubles) { mean, logVariance, _ in
      Reference.klDivergence(mean: mean, logVariance: logVariance)
    }
    #expect(relativeError(of: kl.elements, from: expected) <= GradientTolerance.perLayer)
  }

  @Test(arguments: shapes) func klBackwardOverwrites(rows: Int, columns: Int) {
    let posterior = Posterior((rows, columns))
    let scale: Float = 0.375
    let (both, dMean, dLogVariance) = posterior.gradients(filledWith: .nan)
    VectorMath.active.klDivergenceGradient(
      mean: posterior.mean, logVariance: posterior.logVariance, scale: scale, into: dMean, dLogVariance)
    let report = GradientCheck.compare(
      name: "dμ and ds of the KL, \(rows) × \(columns)", analytic: both.elements, point: posterior.head.doubles,
      tolerance: GradientTolerance.perLayer
    ) { head in
      Double(scale)
        * posterior.eachRow(of: head) { mean, logVariance, _ in
          Reference.klDivergence(mean: mean, logVariance: logVariance)
        }.reduce(0, +)
    }
    #expect(report.passed, "\(report)")
  }
}
