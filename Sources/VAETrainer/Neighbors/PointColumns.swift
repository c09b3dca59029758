import VAEKernels

/// Points as columns, [dimensions, count], as distances are computed from.
final class PointColumns: Sendable {
  let count: Int
  let dimension: Int
  private let buffer: AlignedBuffer
  private let stride: Int

  /// Of points [count, dimension], row after row, all finite.
  init(_ points: [Float], dimension: Int) {
    Self.check(points, dimension)
    count = points.count / dimension
    self.dimension = dimension
    // Not a multiple of a page, in which all rows would fall into the same places of a cache.
    let rounded = AlignedBuffer.roundedUp(count)
    stride = rounded % 1024 == 0 ? rounded + AlignedBuffer.alignedCount : rounded
    buffer = AlignedBuffer(count: stride * dimension)
    points.withUnsafeBufferPointer { points in
      for row in 0..<count {
        for column in 0..<dimension { buffer.base[column * stride + row] = points[row * dimension + column] }
      }
    }
  }

  /// Some of the points [dimension, range].
  func columns(_ range: Range<Int>) -> Matrix {
    Matrix(buffer.base, rows: dimension, columns: count, stride: stride).columns(range)
  }

  static func check(_ points: [Float], _ dimension: Int) {
    precondition(
      dimension > 0 && points.count % dimension == 0,
      "\(points.count) numbers are no whole number of points in \(dimension) dimensions")
    precondition(points.count / dimension <= Int(Int32.max), "too many points: \(points.count / dimension)")
    let odd = points.withUnsafeBufferPointer { points in
      points.baseAddress.flatMap { VectorMath.active.firstNonFinite($0, count: points.count) }
    }
    precondition(odd == nil, "point \((odd ?? 0) / dimension) is not finite")
  }
}
