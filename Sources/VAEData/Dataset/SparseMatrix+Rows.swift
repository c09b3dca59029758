import VAEKernels

extension SparseMatrix {
  /// Writes consecutive rows, zeros and all.
  ///
  /// `batch` has as many rows as `range`, and `columnCount` columns. Allocates nothing, as the others here.
  public func rows(_ range: Range<Int>, into batch: Matrix) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows \(range) of \(rowCount)")
    checkShape(batch, count: range.count)
    withPointers { starts, columns, values in
      for row in range {
        Self.write(
          columns, values, starts[row]..<starts[row + 1], columnCount,
          into: batch.base + (row - range.lowerBound) * batch.stride)
      }
    }
  }

  /// Writes some of the rows: row i of `batch` is row `rows[i]`.
  public func rows(_ rows: UnsafeBufferPointer<UInt32>, into batch: Matrix) {
    checkShape(batch, count: rows.count)
    withPointers { starts, columns, values in
      for index in 0..<rows.count {
        let row = Int(rows[index])
        precondition(row < rowCount, "row \(row) of \(rowCount)")
        Self.write(
          columns, values, starts[row]..<starts[row + 1], columnCount, into: batch.base + index * batch.stride)
      }
    }
  }

  /// Consecutive rows, zeros and all, one after another.
  public func rows(_ range: Range<Int>) -> [Float] {
    let count = range.count * columnCount
    return [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      if count > 0 {
        rows(range, into: Matrix(buffer.baseAddress!, rows: range.count, columns: columnCount))
      }
      initializedCount = count
    }
  }

  private func checkShape(_ batch: Matrix, count: Int) {
    precondition(
      batch.rows == count && batch.columns == columnCount,
      "a matrix of \(batch.shapeDescription) for \(count) rows of \(columnCount) columns")
  }

  private static func write(
    _ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>, _ elements: Range<Int>,
    _ columnCount: Int, into row: UnsafeMutablePointer<Float>
  ) {
    row.update(repeating: 0, count: columnCount)
    for index in elements { row[Int(columns[index])] = values[index] }
  }

  private func withPointers(
    _ body: (
      _ starts: UnsafeBufferPointer<Int>, _ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>
    ) -> Void
  ) {
    rowStarts.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        values.withUnsafeBufferPointer { body(starts, columns, $0) }
      }
    }
  }
}
