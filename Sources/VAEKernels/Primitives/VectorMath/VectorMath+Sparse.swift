import CVectorMath

/// Products with what is not zero.
extension VectorMath {
  /// Y ← X·M, the entries of X alone: with rising columns, and more than half a vector of columns of M, the bits of the dense
  /// product by `multiply`.
  public func multiply(_ x: SparseRows, _ m: Matrix, into y: Matrix) {
    checkProduct(x.rows, x.columns, m.rows, m.columns, y)
    precondition(x.step == 1, "rows that stand for several")
    table.pointee.multiply_entries(
      x.places, x.values, x.starts, x.ends, x.rows, m.base, m.stride, m.columns, y.base, y.stride)
  }

  /// The columns `columns` of X as rows of `transposed`, which has a row for each column of X.
  public func transpose(_ x: SparseRows, columns: Range<Int>, into transposed: SparseRows) {
    precondition(
      transposed.rows == x.columns && x.step == 1 && columns.lowerBound >= 0 && columns.upperBound <= x.columns,
      "columns \(columns) of \(x.rows) × \(x.columns), as rows of \(transposed.rows)")
    table.pointee.transpose_entries(
      x.places, x.values, x.starts, x.ends, x.rows, columns.lowerBound, columns.upperBound, transposed.places,
      transposed.values, transposed.starts, transposed.ends)
  }

  /// Writes what is not zero in each row of `matrix` to the same row of `rows`, which begins where `starts` says and has
  /// room for all of it.
  public func collect(_ matrix: Matrix, into rows: SparseRows) {
    precondition(
      matrix.rows == rows.rows && matrix.columns == rows.columns && rows.step == 1,
      "\(matrix.shapeDescription) into \(rows.rows) × \(rows.columns)")
    for row in 0..<matrix.rows {
      let start = Int(rows.starts[row])
      let found = table.pointee.collect_entries(
        matrix.base + row * matrix.stride, matrix.columns, rows.places + start, rows.values + start)
      rows.ends[row] = UInt32(start + found)
    }
  }

  /// Uniform numbers in [0, 1) of some columns of a row: those that `fillUniform` writes there.
  public func fillUniform(
    _ out: UnsafeMutablePointer<Float>, places: UnsafePointer<UInt32>, count: Int, _ stream: RandomStream,
    example: UInt32
  ) {
    table.pointee.uniform_entries(places, out, count, stream.code, example)
  }
}
