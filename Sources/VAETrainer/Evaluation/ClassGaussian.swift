import VAEData
import VAEKernels

/// A Gaussian fitted to the codes of one class, to ask an unconditional model for more of it.
///
///     z = m + C ε,   C·Cᵀ = S + r I,   ε ~ N(0, I)
///
/// with m and S the mean and covariance of the posterior means of the class's examples. r is a millionth of the average
/// variance, so that a dimension that never varies does no harm.
public struct ClassGaussian: Sendable {
  /// m [L].
  public let mean: [Double]
  /// C [L, L], lower triangular, row after row.
  public let factor: [Double]

  /// Fitted to `codes` [count, L], row after row.
  ///
  /// Throws `ClassGaussianError` where there are too few, and `LAPACKError` where they do not vary at all.
  public init(codes: [Float], latentCount: Int) throws {
    let count = codes.count / latentCount
    guard count > latentCount else { throw ClassGaussianError(expected: latentCount + 1, found: count) }
    let sample = SampleCovariance(rows: codes, dimension: latentCount)
    let trace = (0..<latentCount).reduce(0) { $0 + sample.covariance[$1 * (latentCount + 1)] }
    var covariance = sample.covariance
    for dimension in 0..<latentCount { covariance[dimension * (latentCount + 1)] += 1e-6 * trace / Double(latentCount) }
    mean = sample.mean
    factor = try LAPACK.cholesky(covariance, order: latentCount)
  }

  /// `count` draws [count, L]; draw i by the numbers of example i of purpose `.priorSample` under `seed`.
  public func draws(_ count: Int, seed: UInt64) -> [Float] {
    let latentCount = mean.count
    var draws = [Float](repeating: 0, count: count * latentCount)
    draws.withUnsafeMutableBufferPointer { buffer in
      (0..<count).map { UInt32($0) }.withUnsafeBufferPointer {
        VectorMath.active.fillNormal(
          Matrix(buffer.baseAddress!, rows: count, columns: latentCount),
          RandomStream(seed: seed, purpose: .priorSample), examples: $0)
      }
      for draw in 0..<count {
        // From the last dimension on, so that no ε is overwritten before it is used.
        for row in (0..<latentCount).reversed() {
          var sum = mean[row]
          for column in 0...row {
            sum += factor[row * latentCount + column] * Double(buffer[draw * latentCount + column])
          }
          buffer[draw * latentCount + row] = Float(sum)
        }
      }
    }
    return draws
  }
}

/// Too few examples to fit a Gaussian to.
public struct ClassGaussianError: Error, Equatable, CustomStringConvertible {
  /// The fewest there may be.
  public var expected: Int
  /// How many there are.
  public var found: Int

  /// One line, for a person.
  public var description: String { "expected \(expected) examples or more to fit a Gaussian to, found \(found)" }
}
