import VAEKernels

/// A table in text: records of as many cells each, columns by name where the table has a header, and numbers in the
/// columns that are asked for. The cells of the others may hold anything.
///
/// Empty lines at the end do not count. Lines that begin with "#" are comments, unless the file begins with a header; the
/// last of those before the rows that is one is the header, as NumPy's `savetxt` writes it: "# mean_0,mean_1".
public struct TableText {
  /// Where it is, for messages.
  public let path: String
  /// The columns' names, where it has any.
  public let header: [String]?
  /// The line that they stand in, or where there are none that of the first row.
  public let headerLine: Int
  /// The number of columns.
  public let columnCount: Int
  /// At the first row.
  private let rows: DelimitedText
  private let hasComments: Bool
  /// Whether the first row might be a header all the same.
  private let firstRowCounts: Bool

  /// Reads the file at `path`, gzip or not.
  public init(path: String, isKnown: (String) -> Bool = { _ in false }) throws {
    try self.init(Contents(path: path).readAll(), path: path, isKnown: isKnown)
  }

  /// Reads what comes before the rows.
  ///
  /// - Parameters:
  ///   - path: For messages alone.
  ///   - isKnown: Whether a name is one that the reader looks for; see `TableHeader`.
  public init(_ bytes: [UInt8], path: String, isKnown: (String) -> Bool = { _ in false }) throws {
    var reader = try DelimitedText(bytes, path: path)
    var comments: [(line: Int, cells: [String])] = []
    while reader.nextLineBegins(with: Self.commentMark) {
      let line = reader.line
      comments.append((line, Self.cells(ofComment: reader.skipLine(), path)))
    }
    var rows = reader
    guard try Self.readRow(&reader, hasComments: true) else {
      throw DataError(path: path, expected: "rows of numbers", found: comments.isEmpty ? "nothing" : "comments alone")
    }
    let first = reader.cells.map { reader.text(of: $0) }
    var header: [String]?
    var headerLine = reader.recordLine
    if TableHeader.isHeader(first, isKnown: isKnown) {
      header = first
      rows = reader
    } else if let comment = comments.last(where: {
      $0.cells.count == first.count && TableHeader.isHeader($0.cells, isKnown: isKnown)
    }) {
      (headerLine, header) = comment
    }
    self.path = path
    self.header = header
    self.headerLine = headerLine
    self.rows = rows
    columnCount = first.count
    hasComments = header == nil || !comments.isEmpty
    firstRowCounts = header == nil && TableHeader.counts(first)
  }

  /// The numbers of some columns, row after row; at least one row.
  ///
  /// Throws `DataError` with the line and the column where a cell of them holds no finite number, and where a row has
  /// more or fewer cells than the first line.
  public func numbers(in columns: [Int]) throws -> [Float] {
    var reader = rows
    var numbers: [Float] = []
    var isFirst = true
    while try Self.readRow(&reader, hasComments: hasComments) {
      guard reader.cells.count == columnCount else {
        throw DataError(
          path: path, place: "line \(reader.recordLine)",
          expected: "\(columnCount.counted("column")), as in the first line",
          found: "\(reader.cells.count)")
      }
      for column in columns {
        guard let number = reader.number(in: reader.cells[column]), number.isFinite else {
          let orHeader = isFirst && header == nil ? ", or a line of names above" : ""
          throw reader.error(in: column, expected: "a finite number\(orHeader)")
        }
        numbers.append(number)
      }
      if firstRowCounts, !isFirst, reader.cells.contains(where: { reader.contains(anyOf: ".eE", in: $0) }) {
        throw DataError(
          path: path, place: "line \(headerLine)",
          expected: "names of columns (mean_0, …), or numbers like those below (0.0, …)",
          found: "whole numbers in order, which may be either")
      }
      isFirst = false
    }
    guard !isFirst else { throw DataError(path: path, expected: "rows of numbers", found: "a header alone") }
    return numbers
  }

  /// What is wrong with the name of a column.
  public func headerError(column: Int, expected: String, found: String) -> DataError {
    DataError(path: path, place: "line \(headerLine), column \(column + 1)", expected: expected, found: found)
  }

  // MARK: Lines

  private static let commentMark = UInt8(ascii: "#")

  /// Reads the next row that is neither a comment nor one of the empty lines at the end.
  private static func readRow(_ reader: inout DelimitedText, hasComments: Bool) throws -> Bool {
    var emptyLine: Int?
    while true {
      if hasComments, reader.nextLineBegins(with: commentMark) {
        _ = reader.skipLine()
        continue
      }
      guard try reader.readRecord() else { return false }
      if reader.recordIsBlank {
        emptyLine = emptyLine ?? reader.recordLine
      } else if let emptyLine {
        throw DataError(
          path: reader.path, place: "line \(emptyLine)", expected: "a row of the table", found: "an empty line")
      } else {
        return true
      }
    }
  }

  /// None where it is prose, whose quotes need not come in pairs.
  private static func cells(ofComment line: ArraySlice<UInt8>, _ path: String) -> [String] {
    guard var reader = try? DelimitedText(Array(line.drop { $0 == commentMark }), path: path),
      (try? reader.readRecord()) == true
    else { return [] }
    return reader.cells.map { reader.text(of: $0) }
  }
}
