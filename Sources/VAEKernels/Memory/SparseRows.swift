/// A window on rows of a minibatch of which only what is not zero is stored, in memory owned elsewhere.
///
/// The entries of row i are those from `starts[i]` to `ends[i]`: the numbers `values[e]`, in the columns `places[e]`, which
/// rise. Rows need not touch, so that several workers fill rows of their own.
///
/// It is `Sendable` on the terms of `AlignedBuffer`: threads that share one write disjoint parts.
public struct SparseRows: @unchecked Sendable {
  /// The column of each entry.
  public let places: UnsafeMutablePointer<UInt32>
  /// The number of each entry.
  public let values: UnsafeMutablePointer<Float>
  /// Where the entries of each row begin.
  public let starts: UnsafeMutablePointer<UInt32>
  /// Where they end.
  public let ends: UnsafeMutablePointer<UInt32>
  /// The number of rows.
  public let rows: Int
  /// The number of columns, zeros and all.
  public let columns: Int
  /// The distance of two rows in `starts` and `ends`: 1, or 0 where one row stands for several.
  let step: Int

  /// A window on such memory; `starts` and `ends` have a place for each row.
  public init(
    places: UnsafeMutablePointer<UInt32>, values: UnsafeMutablePointer<Float>, starts: UnsafeMutablePointer<UInt32>,
    ends: UnsafeMutablePointer<UInt32>, rows: Int, columns: Int
  ) {
    self.init(
      places: places, values: values, starts: starts, ends: ends, rows: rows, columns: columns, step: 1)
  }

  private init(
    places: UnsafeMutablePointer<UInt32>, values: UnsafeMutablePointer<Float>, starts: UnsafeMutablePointer<UInt32>,
    ends: UnsafeMutablePointer<UInt32>, rows: Int, columns: Int, step: Int
  ) {
    (self.places, self.values, self.starts, self.ends) = (places, values, starts, ends)
    (self.rows, self.columns, self.step) = (rows, columns, step)
  }

  /// The window on some of the rows.
  public func rows(_ range: Range<Int>) -> SparseRows {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    let first = range.lowerBound * step
    return SparseRows(
      places: places, values: values, starts: starts + first, ends: ends + first, rows: range.count, columns: columns,
      step: step)
  }

  /// A window in which row `row` stands `count` times: the example of several samples.
  public func repeating(row: Int, count: Int) -> SparseRows {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    return SparseRows(
      places: places, values: values, starts: starts + row * step, ends: ends + row * step, rows: count,
      columns: columns, step: 0)
  }

  /// The same entries with other numbers.
  func with(values: UnsafeMutablePointer<Float>) -> SparseRows {
    SparseRows(
      places: places, values: values, starts: starts, ends: ends, rows: rows, columns: columns, step: step)
  }

  /// Where the entries of a row are.
  @inline(__always)
  public func entries(of row: Int) -> Range<Int> {
    assert(row >= 0 && row < rows)
    return Int(starts[row * step])..<Int(ends[row * step])
  }

  /// Writes the rows with their zeros.
  public func write(into matrix: Matrix) {
    precondition(
      matrix.rows == rows && matrix.columns == columns, "\(rows) × \(columns) into \(matrix.shapeDescription)")
    for row in 0..<rows {
      let out = matrix.base + row * matrix.stride
      out.update(repeating: 0, count: columns)
      for entry in entries(of: row) { out[Int(places[entry])] = values[entry] }
    }
  }
}
