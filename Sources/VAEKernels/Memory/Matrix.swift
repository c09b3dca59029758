/// A window on floats owned elsewhere, seen as a row-major matrix.
///
/// Row `i` starts at `base + i * stride`; a window on some columns of a wider matrix has `stride > columns`, and one in
/// which the same row is repeated has `stride` 0. A
/// vector is a matrix of one row. Copying a `Matrix` copies the window, never the floats, and the owner (an
/// `AlignedBuffer`, or an array inside `withUnsafeMutableBufferPointer`) must outlive it.
///
/// It is `Sendable` on the terms of `AlignedBuffer`: threads that share one write disjoint parts.
public struct Matrix: @unchecked Sendable {
  /// The float in row 0, column 0.
  public let base: UnsafeMutablePointer<Float>
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The distance between the starts of two rows, in floats.
  public let stride: Int

  /// A window on `rows` × `columns` floats at `base`, the rows `stride` floats apart (by default, touching).
  @inlinable
  public init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    let stride = stride ?? columns
    precondition(
      rows >= 0 && columns >= 0 && (stride >= columns || stride == 0),
      "no matrix has \(rows) rows and \(columns) columns, \(stride) apart")
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// The window on some of the rows.
  @inlinable
  public func rows(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of a matrix that has \(rows)")
    return Matrix(base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride)
  }

  /// The window on some of the columns.
  @inlinable
  public func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of a matrix that has \(columns)")
    return Matrix(base + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }

  /// A window in which row `row` stands `count` times: the example of several samples. Functions that add to each row
  /// in turn add to it `count` times.
  @inlinable
  public func repeating(row: Int, count: Int) -> Matrix {
    precondition(row >= 0 && row < rows, "row \(row) of a matrix that has \(rows)")
    return Matrix(base + row * stride, rows: count, columns: columns, stride: 0)
  }

  /// Sets every element.
  @inlinable
  public func fill(_ value: Float) {
    for row in 0..<rows { (base + row * stride).update(repeating: value, count: columns) }
  }

  /// Copies `source`, of the same shape.
  @inlinable
  public func copy(_ source: Matrix) {
    precondition(
      source.rows == rows && source.columns == columns, "\(source.shapeDescription) for \(shapeDescription)")
    for row in 0..<rows { (base + row * stride).update(from: source.base + row * source.stride, count: columns) }
  }

  /// One element; for tests and small loops, since each access is checked in debug builds.
  @inlinable
  public subscript(row: Int, column: Int) -> Float {
    get {
      assert(row >= 0 && row < rows && column >= 0 && column < columns)
      return base[row * stride + column]
    }
    nonmutating set {
      assert(row >= 0 && row < rows && column >= 0 && column < columns)
      base[row * stride + column] = newValue
    }
  }

  /// "rows × columns", for messages.
  public var shapeDescription: String { "\(rows) × \(columns)" }

  /// A copy of the elements, row after row.
  public func copyElements() -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      for row in 0..<rows where columns > 0 {
        (buffer.baseAddress! + row * columns).initialize(from: base + row * stride, count: columns)
      }
      count = rows * columns
    }
  }

  /// Overwrites the elements with `source`, row after row; the counts must agree.
  public func setElements(_ source: [Float]) {
    precondition(source.count == rows * columns, "\(source.count) numbers for a matrix of \(shapeDescription)")
    source.withUnsafeBufferPointer { buffer in
      for row in 0..<rows where columns > 0 {
        (base + row * stride).update(from: buffer.baseAddress! + row * columns, count: columns)
      }
    }
  }
}
