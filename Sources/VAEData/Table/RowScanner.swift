import VAEKernels

/// The rows of a table of text: its records, but for comments, and for empty lines at its end.
///
/// Lines that begin with "#" are comments, where the table has any. An empty line before another row is an error.
struct RowScanner {
  static let commentMark = UInt8(ascii: "#")

  var cells: CellScanner
  /// How many cells there are in a row.
  let columnCount: Int
  let hasComments: Bool
  /// The first of the empty lines behind the row read last.
  private(set) var blankLine: Int?

  init(_ cells: CellScanner, columnCount: Int, hasComments: Bool) {
    (self.cells, self.columnCount, self.hasComments) = (cells, columnCount, hasComments)
  }

  /// Goes to the first cell of the next row; false where there is none.
  @inline(__always)
  mutating func beginRow() throws(TableFault) -> Bool {
    while cells.position < cells.bytes.count {
      let byte = cells.bytes[cells.position]
      if byte == Self.commentMark, hasComments {
        cells.skipLine()
      } else if byte <= UInt8(ascii: " "), cells.nextLineIsBlank() {
        blankLine = blankLine ?? cells.line
        cells.skipLine()
      } else if let blankLine {
        throw Self.blankFault(line: blankLine)
      } else {
        return true
      }
    }
    return false
  }

  /// Reads all cells of the next row; false where there is none. Throws where they are not as many as they should be.
  mutating func readRow(into row: inout [DelimitedCell]) throws(TableFault) -> Bool {
    row.removeAll(keepingCapacity: true)
    guard try beginRow() else { return false }
    do throws(TableFault) {
      repeat { row.append(try cells.next()) } while !row[row.count - 1].endsRecord
    } catch {
      throw error.inColumn(row.count)
    }
    guard row.count == columnCount else { throw raggedFault(line: row[0].line, found: row.count) }
    return true
  }

  static func blankFault(line: Int) -> TableFault {
    TableFault(line: line, expected: "a row of the table", found: "an empty line")
  }

  /// A row that begins in `line` and has `found` cells.
  func raggedFault(line: Int, found: Int) -> TableFault {
    TableFault(line: line, expected: "\(columnCount.counted("column")), as in the first line", found: "\(found)")
  }
}
