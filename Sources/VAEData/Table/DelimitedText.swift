/// Text in cells with a delimiter between, a record a line, as RFC 4180 has it; what the cells mean is another's matter.
///
/// A cell in double quotes may hold delimiters, line ends and, doubled, quotes. A line ends with LF, CRLF or CR. A byte
/// order mark before the first record is skipped. Where a quote does not end as it should, nobody knows where the cells
/// are: that is an error. The reader goes over the bytes once and makes no string.
struct DelimitedText {
  /// Where a cell's text is, without its quotes.
  struct Cell {
    let bytes: Range<Int>
    let isQuoted: Bool
    /// Whether quotes in it are doubled.
    let hasDoubledQuotes: Bool
    /// The line that it begins in, from 1.
    let line: Int
  }

  let path: String
  /// The cells of the record read last.
  private(set) var cells: [Cell] = []
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var position: Int
  /// The line at hand, from 1.
  private(set) var line = 1

  /// `path` is for messages alone. Throws where the bytes are no UTF-8 text.
  init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ","), path: String) throws {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw DataError(path: path, expected: "text in UTF-8", found: "text in UTF-16")
    }
    if let zero = bytes.firstIndex(of: 0) {
      throw DataError(path: path, place: "byte \(zero)", expected: "text", found: "a zero byte, which no text has")
    }
    (self.bytes, self.delimiter, self.path) = (bytes, delimiter, path)
    position = ByteOrderMark.length(in: bytes)
  }

  // MARK: Records

  /// Reads the next record; false where there is none.
  mutating func readRecord() throws -> Bool {
    cells.removeAll(keepingCapacity: true)
    guard position < bytes.count else { return false }
    while true {
      try readCell()
      guard position < bytes.count else { return true }
      if bytes[position] != delimiter { break }
      position += 1
    }
    skipLineEnd()
    return true
  }

  /// Whether the record read last is a line with nothing on it.
  var recordIsBlank: Bool { cells.count == 1 && !cells[0].isQuoted && content(of: cells[0]).isEmpty }

  /// The line that the record read last begins in.
  var recordLine: Int { cells.first?.line ?? line }

  private mutating func readCell() throws {
    let quote = UInt8(ascii: "\"")
    let bytes = bytes
    // Some programs put spaces between a delimiter and a quote.
    var start = position
    while start < bytes.count, isSpace(bytes[start]) { start += 1 }
    guard start < bytes.count, bytes[start] == quote else {
      let end = bytes.withUnsafeBufferPointer { [delimiter, position] bytes in
        var end = position
        while end < bytes.count, bytes[end] != delimiter, bytes[end] != Self.lineFeed, bytes[end] != Self.carriageReturn
        {
          end += 1
        }
        return end
      }
      cells.append(Cell(bytes: position..<end, isQuoted: false, hasDoubledQuotes: false, line: line))
      position = end
      return
    }
    let firstLine = line
    var end = start + 1
    var hasDoubledQuotes = false
    while true {
      guard end < bytes.count else {
        throw error(column: cells.count, line: firstLine, "a quote at the cell's end", "none: the file ends within it")
      }
      if bytes[end] == quote {
        if end + 1 == bytes.count || bytes[end + 1] != quote { break }
        hasDoubledQuotes = true
        end += 1
      } else if bytes[end] == Self.lineFeed
        || bytes[end] == Self.carriageReturn && (end + 1 == bytes.count || bytes[end + 1] != Self.lineFeed)
      {
        line += 1
      }
      end += 1
    }
    cells.append(Cell(bytes: start + 1..<end, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes, line: firstLine))
    position = end + 1
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    guard position == bytes.count || bytes[position] == delimiter || isLineEnd(bytes[position]) else {
      throw error(column: cells.count - 1, line: firstLine, "the end of the cell after its closing quote", "more text")
    }
  }

  // MARK: Lines

  /// Whether the next line begins with `byte`.
  func nextLineBegins(with byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

  /// Passes over the next line, whatever is on it, and returns it.
  mutating func skipLine() -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, !isLineEnd(bytes[position]) { position += 1 }
    let text = bytes[start..<position]
    skipLineEnd()
    return text
  }

  private mutating func skipLineEnd() {
    guard position < bytes.count else { return }
    let isReturn = bytes[position] == Self.carriageReturn
    position += 1
    if isReturn, position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
    line += 1
  }

  // MARK: Cells

  /// Where the cell's text is without the spaces around it.
  func content(of cell: Cell) -> Range<Int> {
    var (start, end) = (cell.bytes.lowerBound, cell.bytes.upperBound)
    while start < end, isSpace(bytes[start]) { start += 1 }
    while start < end, isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// The cell's text without the spaces around it.
  func text(of cell: Cell) -> String {
    let text = String(decoding: bytes[content(of: cell)], as: UTF8.self)
    return cell.hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// The number that the cell holds; nil where it holds something else.
  func number(in cell: Cell) -> Float? {
    let content = content(of: cell)
    return bytes.withUnsafeBufferPointer { NumberText.float(UnsafeBufferPointer(rebasing: $0[content])) }
  }

  /// Whether the cell's text has one of `characters` in it.
  func contains(anyOf characters: StaticString, in cell: Cell) -> Bool {
    characters.withUTF8Buffer { characters in bytes[cell.bytes].contains { characters.contains($0) } }
  }

  /// What a cell of the record read last should have been.
  func error(in column: Int, expected: String) -> DataError {
    let cell = cells[column]
    let text = text(of: cell)
    return error(
      column: column, line: cell.line, expected, text.isEmpty ? "an empty cell" : "\"\(shortened(text))\"")
  }

  private func error(column: Int, line: Int, _ expected: String, _ found: String) -> DataError {
    DataError(path: path, place: "line \(line), column \(column + 1)", expected: expected, found: found)
  }

  /// Fit for one line.
  private func shortened(_ text: String) -> String {
    text.prefix(40).unicodeScalars.reduce(into: "") { $0 += $1.escaped(asASCII: $1.value < 0x20) }
  }

  // MARK: Bytes

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == Self.lineFeed || byte == Self.carriageReturn }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") && delimiter != UInt8(ascii: "\t")
  }
}
