import VAEKernels

/// A strided matrix with a float that must not change on either side of every row.
final class GuardedMatrix {
  private static let guardValue: Float = -12345.5
  private let storage: UnsafeMutablePointer<Float>
  private let count: Int
  let matrix: Matrix

  init(rows: Int, columns: Int, gap: Int = 3, _ element: (Int, Int) -> Float) {
    let stride = columns + gap
    count = 1 + rows * stride
    storage = .allocate(capacity: count)
    storage.initialize(repeating: Self.guardValue, count: count)
    matrix = Matrix(storage + 1, rows: rows, columns: columns, stride: stride)
    for row in 0..<rows {
      for column in 0..<columns { matrix[row, column] = element(row, column) }
    }
  }

  deinit { storage.deallocate() }

  func row(_ index: Int) -> [Float] {
    (0..<matrix.columns).map { matrix[index, $0] }
  }

  /// No float outside the rows has changed.
  var isIntactAround: Bool {
    (0..<count).allSatisfy { index in
      let isInside = index > 0 && (index - 1) % matrix.stride < matrix.columns
      return isInside || storage[index] == Self.guardValue
    }
  }
}

/// What the tests of the loops share: shapes, inputs, and how near is near.
enum LoopFixture {
  /// One, odd, around every vector width, and an image.
  static let columns = [1, 2, 3, 7, 15, 16, 17, 31, 33, 100, 784]
  static let rows = 5

  /// Of an element, relative to its exact value: a few roundings and a function good to 3 ulp.
  static let elementTolerance = 8 * Double(Float.ulpOfOne)

  /// Of a row's sum of terms of one sign, relative to it.
  static let sumTolerance = 1e-6

  /// Numbers in [low, high), scattered; the same for the same seed.
  static func numbers(_ low: Float, _ high: Float, seed: Int) -> (Int, Int) -> Float {
    { row, column in
      let word = UInt32(truncatingIfNeeded: (row * 7919 + column + seed * 104_729) &* 2_654_435_761)
      return low + (high - low) * (Float(word >> 8) * 0x1p-24)
    }
  }

  static func isNear(
    _ y: Float, _ exact: Double, scale: Double? = nil, tolerance: Double = elementTolerance
  ) -> Bool {
    abs(Double(y) - exact) <= tolerance * (scale ?? abs(exact)) + Double(Float.leastNonzeroMagnitude)
  }
}
