/// What many numbers come to.
extension VectorMath {
  /// The sum of each column of `x`, written or added to `sums` [1, columns].
  public func sumColumns(_ x: Matrix, into sums: Matrix, accumulating: Bool) {
    precondition(sums.columns == x.columns, "\(sums.columns) sums for \(x.columns) columns")
    table.pointee.column_sums(x.base, x.stride, x.rows, x.columns, sums.base, accumulating)
  }

  /// The sum of the squared deviations of each column of `x` from `center` [1, columns], into `sums` [1, columns].
  package func sumSquaredDeviations(_ x: Matrix, from center: Matrix, into sums: Matrix) {
    precondition(
      center.columns == x.columns && sums.columns == x.columns,
      "\(center.columns) centers and \(sums.columns) sums for \(x.columns) columns")
    table.pointee.squared_deviations(x.base, x.stride, center.base, x.rows, x.columns, sums.base)
  }

  /// Σ x², accumulated in double precision.
  public func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    table.pointee.sum_of_squares(x, count)
  }

  /// The index of the first number that is NaN or infinite.
  public func firstNonFinite(_ x: UnsafePointer<Float>, count: Int) -> Int? {
    let index = table.pointee.first_non_finite(x, count)
    return index < 0 ? nil : index
  }
}
