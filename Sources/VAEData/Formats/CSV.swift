import Foundation

/// Tables of numbers as text: a line a row, commas between, and names in the first line if there are any.
public enum CSV {
  /// A table read.
  public struct Table: Sendable, Equatable {
    /// The columns' names, where the first line holds any.
    public let header: [String]?
    /// The numbers, row after row.
    public let values: [Float]
    /// The number of columns.
    public let columnCount: Int
    /// The number of rows.
    public var rowCount: Int { values.count / columnCount }
  }

  // MARK: Writing

  /// A table as text. Each number is the shortest text that reads back as the same float.
  ///
  /// - Parameters:
  ///   - header: The columns' names, which are written as they are: without commas, quotes or line ends.
  ///   - values: The numbers, row after row.
  ///   - wholeNumbers: Columns of whole numbers, such as labels, written before the others; `header` names them too.
  public static func encode(header: [String], values: [Float], wholeNumbers: [[Int]] = []) -> Data {
    let columnCount = header.count - wholeNumbers.count
    precondition(
      columnCount > 0 && values.count % columnCount == 0, "\(values.count) numbers for \(columnCount) columns")
    let rowCount = values.count / columnCount
    for column in wholeNumbers {
      precondition(column.count == rowCount, "\(column.count) whole numbers for \(rowCount) rows")
    }
    precondition(
      header.allSatisfy { name in !name.contains { $0 == "," || $0 == "\"" || $0.isNewline } },
      "a column's name holds a comma, a quote or a line end")
    var text = Data(header.joined(separator: ",").utf8)
    text.append(newline)
    for row in 0..<rowCount {
      for column in wholeNumbers { text.append(contentsOf: "\(column[row]),".utf8) }
      for column in 0..<columnCount {
        if column > 0 { text.append(comma) }
        text.append(contentsOf: values[row * columnCount + column].description.utf8)
      }
      text.append(newline)
    }
    return text
  }

  // MARK: Reading

  /// Reads a table; `path` is for messages alone.
  ///
  /// The first line is a header where its first field is not a number. What other programs add does not count: empty
  /// lines at the end, quotes around a field, a byte order mark, which would make a header of a row of numbers.
  public static func decode(_ data: Data, path: String) throws -> Table {
    var header: [String]?
    var values: [Float] = []
    var columnCount = 0
    var emptyLine: Int?
    var lineNumber = 0
    let mark = Data([0xEF, 0xBB, 0xBF])
    let data = data.starts(with: mark) ? data.dropFirst(mark.count) : data
    for line in data.split(separator: newline, omittingEmptySubsequences: false) {
      lineNumber += 1
      let fields = line.split(separator: comma, omittingEmptySubsequences: false).map(text(of:))
      if fields == [""] {
        emptyLine = emptyLine ?? lineNumber
        continue
      }
      if let emptyLine {
        throw DataError(path: path, place: "line \(emptyLine)", expected: "a row of numbers", found: "an empty line")
      }
      if lineNumber == 1 {
        columnCount = fields.count
        if Float(fields[0]) == nil {
          header = fields
          continue
        }
      }
      guard fields.count == columnCount else {
        throw DataError(
          path: path, place: "line \(lineNumber)", expected: "\(columnCount) fields, as in the first line",
          found: "\(fields.count)")
      }
      for (column, field) in fields.enumerated() {
        guard let value = Float(field), value.isFinite else {
          throw DataError(
            path: path, place: "line \(lineNumber), field \(column + 1)", expected: "a finite number",
            found: "\"\(field.prefix(40))\"")
        }
        values.append(value)
      }
    }
    guard !values.isEmpty else {
      throw DataError(path: path, expected: "rows of numbers", found: header == nil ? "nothing" : "a header alone")
    }
    return Table(header: header, values: values, columnCount: columnCount)
  }

  private static func text(of field: Data) -> String {
    let text = String(decoding: field, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    let isQuoted = text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
    return isQuoted ? String(text.dropFirst().dropLast()) : text
  }

  /// Reads the file at `path`, gzip or not.
  public static func read(path: String) throws -> Table {
    try decode(Data(Contents(path: path).readAll()), path: path)
  }

  private static let newline = UInt8(ascii: "\n")
  private static let comma = UInt8(ascii: ",")
}
