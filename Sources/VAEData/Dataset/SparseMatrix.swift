import VAEKernels

/// A matrix of which only some elements are stored, and all others are 0: compressed rows (CSR).
///
/// Row r is `columns[rowStarts[r]..<rowStarts[r + 1]]` and the `values` there. Within a row the columns rise, each at most
/// once, whatever the order of what the matrix was made of. Elements that come several times are added up, in their order,
/// as SciPy does in all that it does with them: in its files that is what they mean. A 0 that was stored stays stored.
public struct SparseMatrix: Sendable, Equatable {
  /// The number of rows, at most 2³² - 1.
  public let rowCount: Int
  /// The number of columns, at most 2³² - 1.
  public let columnCount: Int
  /// Where each row begins, and behind the last one the end: `rowCount` + 1 numbers, the first of them 0.
  public let rowStarts: [Int]
  /// The column of each stored element.
  public let columns: [UInt32]
  /// The stored elements.
  public let values: [Float]

  /// The number of stored elements.
  public var stored: Int { values.count }

  // MARK: Making one

  /// The matrix of compressed rows, in which columns may come in any order. Traps where a place lies outside.
  public init(rowCount: Int, columnCount: Int, rowStarts: [Int], columns: [UInt32], values: [Float]) {
    let fault = Self.fault(rowCount, columnCount, rowStarts, columns, values.count)
    precondition(fault == nil, "expected \(fault!.expected), found \(fault!.found)")
    self = SparseMatrix(asIs: rowCount, columnCount, rowStarts, columns, values).inOrder
  }

  /// The matrix of compressed columns (CSC): column c is `rows[columnStarts[c]..<columnStarts[c + 1]]` and the `values`
  /// there. Traps where a place lies outside.
  public init(columnMajor columnStarts: [Int], rows: [UInt32], values: [Float], rowCount: Int, columnCount: Int) {
    self =
      SparseMatrix(
        rowCount: columnCount, columnCount: rowCount, rowStarts: columnStarts, columns: rows, values: values
      ).transposed
  }

  /// The matrix of elements in any order, each by its row and its column (COO). Traps where a place lies outside.
  public init(rowCount: Int, columnCount: Int, rows: [UInt32], columns: [UInt32], values: [Float]) {
    precondition(
      rows.count == values.count && columns.count == values.count,
      "\(rows.count) rows and \(columns.count) columns for \(values.count) elements")
    precondition(rows.allSatisfy { $0 < rowCount }, "row \(rows.max() ?? 0) of a matrix that has \(rowCount)")
    let sorted = Self.sorted(by: rows, below: rowCount, columns, values)
    self.init(
      rowCount: rowCount, columnCount: columnCount, rowStarts: sorted.starts, columns: sorted.places,
      values: sorted.values)
  }

  /// The matrix of compressed rows that the file at `path` holds; everything in it is checked.
  init(rowCount: Int, columnCount: Int, rowStarts: [Int], columns: [Int], values: [Float], path: String) throws {
    try Self.checkSize(rowCount, columnCount, stored: values.count, path: path)
    if let fault = Self.fault(rowCount, columnCount, rowStarts, columns, values.count) {
      throw DataError(path: path, expected: fault.expected, found: fault.found)
    }
    self =
      SparseMatrix(asIs: rowCount, columnCount, rowStarts, columns.map { UInt32($0) }, values).inOrder
  }

  /// What is right and in order.
  init(asIs rowCount: Int, _ columnCount: Int, _ rowStarts: [Int], _ columns: [UInt32], _ values: [Float]) {
    (self.rowCount, self.columnCount) = (rowCount, columnCount)
    (self.rowStarts, self.columns, self.values) = (rowStarts, columns, values)
  }

  // MARK: Checks

  /// Throws `DataError` where a file claims so many rows or columns, for so few elements, that to write down where they
  /// begin would take gigabytes.
  static func checkSize(
    _ rowCount: Int, _ columnCount: Int, stored: Int, path: String, place: String? = nil
  ) throws {
    // The most barcodes of a chip for single cells are 7 million, and hashed features are 2²⁰ or 2²⁴.
    let most = min(Int(UInt32.max), max(1 << 24, stored < 1 << 26 ? 64 * stored : .max))
    guard rowCount <= most, columnCount <= most else {
      throw DataError(
        path: path, place: place, expected: "at most \(most) rows and columns for \(stored.counted("element"))",
        found: "\(rowCount) × \(columnCount)")
    }
  }

  /// What is wrong with the starts of the rows of so many elements, if anything is.
  static func fault(ofStarts rowStarts: [Int], rowCount: Int, stored: Int) -> (expected: String, found: String)? {
    guard rowStarts.count == rowCount + 1, rowStarts.first == 0, rowStarts.last == stored else {
      return (
        "\(rowCount + 1) starts of rows, from 0 to \(stored)",
        "\(rowStarts.count), from \(rowStarts.first ?? 0) to \(rowStarts.last ?? 0)"
      )
    }
    let fall = rowStarts.withUnsafeBufferPointer { starts in
      (0..<rowCount).first { starts[$0] > starts[$0 + 1] }
    }
    return fall.map { ("starts of rows that rise", "\(rowStarts[$0 + 1]) after \(rowStarts[$0])") }
  }

  private static func fault<Index: BinaryInteger>(
    _ rowCount: Int, _ columnCount: Int, _ rowStarts: [Int], _ columns: [Index], _ valueCount: Int
  ) -> (expected: String, found: String)? {
    let sizes = 0...Int(UInt32.max)
    guard sizes.contains(rowCount), sizes.contains(columnCount) else {
      return ("at most \(UInt32.max) rows and columns", "\(rowCount) × \(columnCount)")
    }
    guard columns.count == valueCount else { return ("\(columns.count.counted("element"))", "\(valueCount)") }
    if let fault = fault(ofStarts: rowStarts, rowCount: rowCount, stored: columns.count) { return fault }
    let outside = columns.withUnsafeBufferPointer { $0.first { $0 < 0 || $0 >= columnCount } }
    return outside.map { ("columns from 0 to \(columnCount - 1)", "\($0)") }
  }
}
