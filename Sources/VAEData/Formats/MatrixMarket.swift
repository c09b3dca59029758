/// Matrices in the Matrix Market's format (Boisvert, Pozo and Remington 1996), as single-cell pipelines and SciPy write them.
///
///     %%MatrixMarket matrix coordinate integer general
///     % a comment
///     3 4 2              rows, columns, and how many entries follow
///     1 1 5              row, column, number; both counted from 1
///     3 2 1
///
/// or, in full (`array`), the numbers alone, column after column. Of a symmetric matrix what is on and below the diagonal is
/// there, of a skew-symmetric one what is below. Entries of one place are added up; see `SparseMatrix`. Numbers that no
/// 32-bit float holds are rounded to the nearest. The file may be compressed by gzip.
public enum MatrixMarket {
  /// What a file holds.
  public enum Contents: Sendable {
    /// Of a file of entries with places.
    case sparse(SparseMatrix)
    /// Of a file in full: row after row.
    case dense([Float], rowCount: Int, columnCount: Int)
  }

  /// How a file begins. Some writers lose one of the two signs.
  static let banners = ["%%MatrixMarket", "%MatrixMarket"]

  /// Reads the file at `path`. Throws `DataError` with the line of what is wrong, and `FileError`.
  public static func read(path: String) throws -> Contents {
    let reader = try LineReader(path: path)
    let banner = try MatrixMarketBanner(reader)
    guard let sizes = try nextLine(reader) else {
      throw reader.error("a line with the sizes of the matrix", "the end of the file")
    }
    return try banner.isSparse ? readEntries(reader, banner, sizes) : readColumns(reader, banner, sizes)
  }

  /// The next line that is neither empty nor a comment.
  private static func nextLine(_ reader: LineReader) throws -> UnsafeBufferPointer<UInt8>? {
    while let line = try reader.next() {
      var words = LineWords(line)
      if let word = words.next(), word[0] != UInt8(ascii: "%") { return line }
    }
    return nil
  }

  private static func sizes(
    _ line: UnsafeBufferPointer<UInt8>, _ names: String, count: Int, _ reader: LineReader, _ banner: MatrixMarketBanner
  ) throws -> [Int] {
    var words = LineWords(line)
    var sizes: [Int] = []
    while let word = words.next(), let size = NumberText.wholeNumber(word) { sizes.append(size) }
    guard sizes.count == count, words.isAtEnd else { throw reader.error("\(names), as whole numbers", line.quoted) }
    guard banner.symmetry == .general || sizes[0] == sizes[1] else {
      throw reader.error("as many rows as columns, as the matrix is \(banner.symmetry)", "\(sizes[0]) × \(sizes[1])")
    }
    return sizes
  }

  // MARK: Entries with places

  private static func readEntries(
    _ reader: LineReader, _ banner: MatrixMarketBanner, _ line: UnsafeBufferPointer<UInt8>
  ) throws -> Contents {
    let sizes = try sizes(line, "the numbers of rows, columns and entries", count: 3, reader, banner)
    let (rowCount, columnCount, entryCount) = (sizes[0], sizes[1], sizes[2])
    try SparseMatrix.checkSize(
      rowCount, columnCount, stored: entryCount, path: reader.path, place: "line \(reader.line)")
    var rows: [UInt32] = []
    var columns: [UInt32] = []
    var values: [Float] = []
    // The file's word is good for some megabytes; beyond that they grow with what is there.
    let capacity = min(entryCount, 1 << 20)
    rows.reserveCapacity(capacity)
    columns.reserveCapacity(capacity)
    values.reserveCapacity(capacity)
    var count = 0
    while let line = try nextLine(reader) {
      guard count < entryCount else {
        throw reader.error("the end after \(entryCount.counted("entry", plural: "entries"))", line.quoted)
      }
      var words = LineWords(line)
      guard let first = words.next().flatMap(NumberText.wholeNumber),
        let second = words.next().flatMap(NumberText.wholeNumber),
        let value = banner.isPattern ? 1 : words.next().flatMap(banner.number), words.isAtEnd
      else {
        throw reader.error(
          banner.isPattern ? "a row and a column" : "a row, a column and \(banner.numberName)", line.quoted)
      }
      guard first >= 1, first <= rowCount, second >= 1, second <= columnCount else {
        throw reader.error(
          "a row from 1 to \(rowCount) and a column from 1 to \(columnCount)", "\(first) and \(second)")
      }
      guard banner.symmetry == .general || first > second || first == second && banner.symmetry == .symmetric else {
        throw reader.error(
          "a place \(banner.symmetry == .symmetric ? "on or below" : "below") the diagonal, as the matrix is"
            + " \(banner.symmetry)", "row \(first) and column \(second)")
      }
      rows.append(UInt32(first - 1))
      columns.append(UInt32(second - 1))
      values.append(value)
      if banner.symmetry != .general, first != second {
        rows.append(UInt32(second - 1))
        columns.append(UInt32(first - 1))
        values.append(banner.symmetry == .symmetric ? value : -value)
      }
      count += 1
    }
    guard count == entryCount else {
      throw reader.error("\(entryCount.counted("entry", plural: "entries"))", "the end of the file after \(count)")
    }
    try SparseMatrix.checkSize(rowCount, columnCount, stored: values.count, path: reader.path)
    return .sparse(
      SparseMatrix(rowCount: rowCount, columnCount: columnCount, rows: rows, columns: columns, values: values))
  }

  // MARK: In full

  private static func readColumns(
    _ reader: LineReader, _ banner: MatrixMarketBanner, _ line: UnsafeBufferPointer<UInt8>
  ) throws -> Contents {
    let sizes = try sizes(line, "the numbers of rows and columns", count: 2, reader, banner)
    let (rowCount, columnCount) = (sizes[0], sizes[1])
    // How many of a column's rows are there.
    func firstRow(_ column: Int) -> Int {
      switch banner.symmetry {
      case .general: 0
      case .symmetric: column
      case .skewSymmetric: column + 1
      }
    }
    let (product, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard !overflow else { throw reader.error("a matrix that fits in memory", "\(rowCount) × \(columnCount) numbers") }
    let expected =
      switch banner.symmetry {
      case .general: product
      case .symmetric: (product + rowCount) / 2
      case .skewSymmetric: (product - rowCount) / 2
      }
    var numbers: [Float] = []
    while let line = try nextLine(reader) {
      var words = LineWords(line)
      while let word = words.next() {
        guard let number = banner.number(word) else { throw reader.error(banner.numberName, word.quoted) }
        guard numbers.count < expected else {
          throw reader.error("the end after \(expected.counted("number"))", word.quoted)
        }
        numbers.append(number)
      }
    }
    guard numbers.count == expected else {
      throw reader.error(
        "\(rowCount) × \(columnCount), and so \(expected.counted("number"))",
        "the end of the file after \(numbers.count)")
    }
    guard product > 0 else { return .dense([], rowCount: rowCount, columnCount: columnCount) }
    var matrix = [Float](repeating: 0, count: product)
    matrix.withUnsafeMutableBufferPointer { matrix in
      numbers.withUnsafeBufferPointer { numbers in
        var next = 0
        for column in 0..<columnCount {
          for row in min(firstRow(column), rowCount)..<rowCount {
            matrix[row * columnCount + column] = numbers[next]
            if banner.symmetry != .general, row != column {
              matrix[column * columnCount + row] = banner.symmetry == .symmetric ? numbers[next] : -numbers[next]
            }
            next += 1
          }
        }
      }
    }
    return .dense(matrix, rowCount: rowCount, columnCount: columnCount)
  }
}
