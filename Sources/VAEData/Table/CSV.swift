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
  ///   - header: The columns' names, in quotes where they need them.
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
    var text: [UInt8] = []
    for (column, name) in header.enumerated() {
      if column > 0 { text.append(comma) }
      CellText.append(name, delimiter: comma, beginsLine: column == 0, to: &text)
    }
    text.append(newline)
    for row in 0..<rowCount {
      for column in wholeNumbers { text.append(contentsOf: "\(column[row]),".utf8) }
      for column in 0..<columnCount {
        if column > 0 { text.append(comma) }
        text.append(contentsOf: values[row * columnCount + column].description.utf8)
      }
      text.append(newline)
    }
    return Data(text)
  }

  // MARK: Reading

  /// Reads a table that holds numbers alone; `path` is for messages. `TableText` says what is understood.
  public static func decode(_ data: Data, path: String) throws -> Table {
    try numbers(in: TableText(Array(data), path: path))
  }

  /// Reads the file at `path`, gzip or not.
  public static func read(path: String) throws -> Table { try numbers(in: TableText(path: path)) }

  private static func numbers(in text: TableText) throws -> Table {
    Table(
      header: text.header, values: try text.numbers(in: Array(0..<text.columnCount)), columnCount: text.columnCount)
  }

  private static let newline = UInt8(ascii: "\n")
  private static let comma = UInt8(ascii: ",")
}
