import Foundation
import VAEKernels

/// Writes tables as text (RFC 4180): names in the first line, then a line a row, cells in quotes where they need them.
public enum TableWriter {
  /// The cells of a column, one a row.
  public enum Cells: Sendable, Hashable {
    /// Texts; an empty one is an empty cell, as one that is missing.
    case texts([String])
    /// Numbers; NaN is an empty cell. With so many digits behind the point, or each as the shortest text that is read as the
    /// same float.
    case numbers([Float], decimals: Int?)
    case wholeNumbers([Int])

    /// Some of them.
    public subscript(rows: Range<Int>) -> Cells {
      switch self {
      case .texts(let texts): .texts(Array(texts[rows]))
      case .numbers(let numbers, let decimals): .numbers(Array(numbers[rows]), decimals: decimals)
      case .wholeNumbers(let numbers): .wholeNumbers(Array(numbers[rows]))
      }
    }

    /// The number of rows.
    public var count: Int {
      switch self {
      case .texts(let texts): texts.count
      case .numbers(let numbers, _): numbers.count
      case .wholeNumbers(let numbers): numbers.count
      }
    }
  }

  /// The table as text.
  ///
  /// - Parameter format: Commas between the cells where it says `automatic`, or semicolons where commas begin fractions; no
  ///   names where `hasHeader` is false.
  public static func encode(
    columns: [(name: String, cells: Cells)], format: TableFormat = TableFormat()
  ) -> Data {
    var data = Data()
    write(columns: columns, format: format) { data.append(contentsOf: $0) }
    return data
  }

  /// Hands the same text to `append`, part by part.
  public static func write(
    columns: [(name: String, cells: Cells)], format: TableFormat = TableFormat(),
    _ append: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    let rowCount = columns.first?.cells.count ?? 0
    for column in columns {
      precondition(
        column.cells.count == rowCount, "\(column.cells.count) cells of \(column.name) for \(rowCount.counted("row"))")
    }
    let delimiter = format.delimiter.byte ?? UInt8(ascii: format.hasDecimalComma ? ";" : ",")
    var bytes: [UInt8] = []
    func endLine(isEmpty: Bool) {
      // An empty line is no row.
      if isEmpty { bytes += [CellScanner.quote, CellScanner.quote] }
      bytes.append(CellScanner.lineFeed)
    }
    if format.hasHeader != false {
      for (index, column) in columns.enumerated() {
        if index > 0 { bytes.append(delimiter) }
        CellText.append(column.name, delimiter: delimiter, beginsLine: index == 0, to: &bytes)
      }
      endLine(isEmpty: bytes.isEmpty)
    }
    for row in 0..<rowCount {
      let start = bytes.count
      for (index, column) in columns.enumerated() {
        if index > 0 { bytes.append(delimiter) }
        appendCell(column.cells, row, format, delimiter, beginsLine: index == 0, to: &bytes)
      }
      endLine(isEmpty: bytes.count == start)
      if bytes.count >= 1 << 16 {
        try bytes.withUnsafeBytes { try append($0) }
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try bytes.withUnsafeBytes { try append($0) }
  }

  private static func appendCell(
    _ cells: Cells, _ row: Int, _ format: TableFormat, _ delimiter: UInt8, beginsLine: Bool, to bytes: inout [UInt8]
  ) {
    switch cells {
    case .texts(let texts):
      CellText.append(texts[row], delimiter: delimiter, beginsLine: beginsLine, to: &bytes)
    case .wholeNumbers(let numbers):
      bytes.append(contentsOf: String(numbers[row]).utf8)
    case .numbers(let numbers, let decimals):
      if numbers[row].isNaN { return }
      // A fraction that begins with the delimiter needs quotes.
      let needsQuotes = format.decimalPoint == delimiter
      if needsQuotes { bytes.append(CellScanner.quote) }
      NumberText.append(numbers[row], decimals: decimals, point: format.decimalPoint, to: &bytes)
      if needsQuotes { bytes.append(CellScanner.quote) }
    }
  }
}
