import VAEData
import VAEKernels

/// The mean and the covariance of some rows of numbers, in double precision:
///
///     m = 1/N Σ x,   S = 1/N Σ (x − m)(x − m)ᵀ
///
/// the maximum-likelihood estimate, which divides by N.
public struct SampleCovariance: Sendable {
  /// N.
  public let count: Int
  /// m [D].
  public let mean: [Double]
  /// S [D, D], row after row.
  public let covariance: [Double]

  /// D.
  public var dimension: Int { mean.count }

  /// Of rows [N, D], row after row; at least one.
  public init(rows: [Float], dimension: Int) {
    precondition(
      dimension > 0 && !rows.isEmpty && rows.count % dimension == 0,
      "\(rows.count) numbers are no whole number of rows of \(dimension)")
    let count = rows.count / dimension
    self.init(count: count, dimension: dimension) { place, block in
      for index in 0..<place.count * dimension { block[index] = Double(rows[place.lowerBound * dimension + index]) }
    }
  }

  /// Of the examples of a data set, as a model sees them without binarisation.
  public init(of dataset: Dataset) {
    let dimension = dataset.featureCount
    let buffer = AlignedBuffer(count: Self.blockRows * dimension)
    self.init(count: dataset.count, dimension: dimension) { place, block in
      let rows = Matrix(buffer.base, rows: place.count, columns: dimension)
      place.map { UInt32($0) }.withUnsafeBufferPointer {
        dataset.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: rows)
      }
      for index in 0..<place.count * dimension { block[index] = Double(buffer.base[index]) }
    }
  }

  private static let blockRows = 1000

  /// Twice through the rows, a block at a time: for the mean, then for the products of the deviations from it.
  private init(count: Int, dimension: Int, fill: (Range<Int>, inout [Double]) -> Void) {
    var block = [Double](repeating: 0, count: min(count, Self.blockRows) * dimension)
    func forEachBlock(_ body: (Int) -> Void) {
      for start in stride(from: 0, to: count, by: Self.blockRows) {
        let place = start..<min(start + Self.blockRows, count)
        fill(place, &block)
        body(place.count)
      }
    }
    var mean = [Double](repeating: 0, count: dimension)
    forEachBlock { rows in
      for row in 0..<rows { for column in 0..<dimension { mean[column] += block[row * dimension + column] } }
    }
    for column in 0..<dimension { mean[column] /= Double(count) }
    var products = [Double](repeating: 0, count: dimension * dimension)
    forEachBlock { rows in
      for row in 0..<rows { for column in 0..<dimension { block[row * dimension + column] -= mean[column] } }
      BLAS.addGram(block, rows: rows, columns: dimension, to: &products)
    }
    self.count = count
    self.mean = mean
    covariance = products.map { $0 / Double(count) }
  }
}
