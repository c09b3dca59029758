import VAEKernels

/// A table in text, all of it in memory: records of as many cells each, columns by name where the table has a header, and
/// numbers or texts in the columns that are asked for. The cells of the others may hold anything.
///
/// For tables of latents, in which no number is missing; of data, `TableFile` reads them. Both have the same cells, rows and
/// headers: see `CellScanner`, `RowScanner` and `TableStart`.
public struct TableText {
  /// Where it is, for messages.
  public let path: String
  /// The columns' names, where it has any.
  public var header: [String]? { start.header }
  /// The line that they stand in, or where there are none that of the first row.
  public var headerLine: Int { start.headerLine }
  /// The number of columns.
  public var columnCount: Int { start.columnCount }
  private let start: TableStart
  private let bytes: [UInt8]

  /// Reads the file at `path`, gzip or not.
  public init(
    path: String, delimiter: TableFormat.Delimiter = .comma, isKnown: (String) -> Bool = { _ in false }
  ) throws {
    try self.init(Contents(path: path).readAll(), path: path, delimiter: delimiter, isKnown: isKnown)
  }

  /// Reads the file at `path`, gzip or not, written down as `format` has it.
  public init(path: String, format: TableFormat, isKnown: (String) -> Bool = { _ in false }) throws {
    try self.init(Contents(path: path).readAll(), path: path, format: format, isKnown: isKnown)
  }

  /// Reads what comes before the rows.
  ///
  /// - Parameters:
  ///   - path: For messages alone.
  ///   - delimiter: What stands between its cells.
  ///   - isKnown: Whether a name is one that the reader looks for; see `TableHeader`.
  public init(
    _ bytes: [UInt8], path: String, delimiter: TableFormat.Delimiter = .comma,
    isKnown: (String) -> Bool = { _ in false }
  ) throws {
    var format = TableFormat()
    format.delimiter = delimiter
    try self.init(bytes, path: path, format: format, isKnown: isKnown)
  }

  private init(_ bytes: [UInt8], path: String, format: TableFormat, isKnown: (String) -> Bool) throws {
    start = try bytes.withUnsafeBufferPointer { bytes in
      try TextBytes.refuseUTF16(in: bytes, path: path)
      try TextBytes.refuseZero(in: bytes, path: path)
      return try TableStart(bytes, path: path, format: format, isKnown: isKnown)!
    }
    (self.path, self.bytes) = (path, bytes)
  }

  /// The numbers of some columns, row after row; at least one row.
  ///
  /// Throws `DataError` with the line and the column where a cell of them holds no finite number, and where a row has
  /// more or fewer cells than the first line.
  public func numbers(in columns: [Int]) throws -> [Float] {
    var numbers: [Float] = []
    do throws(TableFault) {
      try bytes.withUnsafeBufferPointer { bytes throws(TableFault) in
        try append(columns, of: start.rows(in: bytes), in: bytes, to: &numbers)
      }
    } catch {
      throw error.error(path: path)
    }
    guard !numbers.isEmpty || columns.isEmpty else {
      throw DataError(path: path, expected: "rows of numbers", found: "a header alone")
    }
    return numbers
  }

  /// The texts of a column, each with the line that it stands in.
  ///
  /// Throws `DataError` where a text is no UTF-8, and where a row has more or fewer cells than the first line.
  public func texts(in column: Int) throws -> [(line: Int, text: String)] {
    do throws(TableFault) {
      return try bytes.withUnsafeBufferPointer { bytes throws(TableFault) in
        var rows = start.rows(in: bytes)
        var cells: [DelimitedCell] = []
        var texts: [(line: Int, text: String)] = []
        while try rows.readRow(into: &cells) {
          do throws(TableFault) {
            texts.append((cells[column].line, try TextBytes.text(of: cells[column], in: bytes)))
          } catch {
            throw error.inColumn(column)
          }
        }
        return texts
      }
    } catch {
      throw error.error(path: path)
    }
  }

  private func append(
    _ columns: [Int], of rows: RowScanner, in bytes: UnsafeBufferPointer<UInt8>, to numbers: inout [Float]
  ) throws(TableFault) {
    var rows = rows
    var cells: [DelimitedCell] = []
    var isFirst = true
    while try rows.readRow(into: &cells) {
      for column in columns {
        let text = UnsafeBufferPointer(rebasing: bytes[cells[column].content])
        guard let number = NumberText.float(text), number.isFinite else {
          let orHeader = isFirst && header == nil ? ", or a line of names above" : ""
          throw TableFault(
            line: cells[column].line, column: column, expected: "a finite number\(orHeader)",
            found: cells[column].description(in: bytes))
        }
        numbers.append(number)
      }
      if start.firstRowCounts, !isFirst, cells.contains(where: { Self.isFraction(bytes[$0.content]) }) {
        throw TableHeader.countingFault(line: headerLine)
      }
      isFirst = false
    }
  }

  private static func isFraction(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    text.contains { $0 == NumberText.point || $0 | 0x20 == UInt8(ascii: "e") }
  }

  /// What is wrong with the name of a column.
  public func headerError(column: Int, expected: String, found: String) -> DataError {
    DataError(path: path, place: "line \(headerLine), column \(column + 1)", expected: expected, found: found)
  }
}
