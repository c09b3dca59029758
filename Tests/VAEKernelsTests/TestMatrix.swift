import TestSupport
import VAEKernels

/// A matrix with its floats, as kernels meet them: a window in a wider and taller block, all of whose other floats are
/// NaN, so that reading one of them shows.
struct TestMatrix {
  let matrix: Matrix
  private let buffer: AlignedBuffer

  init(_ elements: [Float], rows: Int, columns: Int) {
    let stride = columns + 3
    buffer = AlignedBuffer(count: (rows + 2) * stride)
    buffer.base.update(repeating: .nan, count: buffer.count)
    matrix = Matrix(buffer.base, rows: rows, columns: columns, stride: stride)
    matrix.setElements(elements)
  }

  /// Every element the same: NaN, where a kernel must overwrite it.
  init(filledWith value: Float = .nan, rows: Int, columns: Int) {
    self.init(Array(repeating: value, count: rows * columns), rows: rows, columns: columns)
  }

  /// Standard normal numbers times `scale`.
  init(normal seed: UInt64, scale: Float = 1, rows: Int, columns: Int) {
    self.init(normalNumbers(rows * columns, seed: seed).map { scale * $0 }, rows: rows, columns: columns)
  }

  var elements: [Float] { matrix.copyElements() }
  var doubles: [Double] { elements.map(Double.init) }
}

/// Σ wᵢ yᵢ: a scalar function of a kernel's outputs, whose gradient with respect to them is w.
func weightedSum(_ y: some Sequence<Double>, _ w: [Double]) -> Double {
  zip(y, w).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Coordinates of `count` to check: all of a few, and of many some forty, spread so that every lane of a vector and
/// its remainder come up.
func coordinates(of count: Int) -> [Int] {
  count <= 120 ? Array(0..<count) : Array(stride(from: 0, to: count, by: count / 40)) + [count - 1]
}
