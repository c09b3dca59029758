/// A cell of delimited text: where it is among the bytes.
struct DelimitedCell {
  /// All that is between the delimiters or line ends on either side.
  let extent: Range<Int>
  /// Its text, without quotes and without the spaces around it. Where `hasDoubledQuotes`, each quote in it stands twice.
  let content: Range<Int>
  let isQuoted: Bool
  let hasDoubledQuotes: Bool
  /// Whether it is the last of its record.
  let endsRecord: Bool
  /// The line that it begins in.
  let line: Int

  /// Its text in `bytes`; what is no UTF-8 in it becomes U+FFFD.
  func text(in bytes: UnsafeBufferPointer<UInt8>) -> String {
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[content]), as: UTF8.self)
    return hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// As it is named in a message.
  func description(in bytes: UnsafeBufferPointer<UInt8>) -> String {
    content.isEmpty ? "an empty cell" : "\"\(text(in: bytes).onOneLine)\""
  }
}

/// Finds the cells of delimited text, one after another, as RFC 4180 has them; what they mean is another's matter.
///
/// A cell in double quotes may hold delimiters, line ends and, doubled, quotes; some programs put spaces before and after the
/// quotes. Where spaces delimit, several are one. A line ends with LF, CRLF or CR. Where a quote does not end as it should,
/// nobody knows where the cells are: that is an error. The scanner goes over the bytes once and makes no string.
struct CellScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  let delimiter: UInt8
  /// The byte at hand.
  var position: Int
  /// The line at hand.
  private(set) var line: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, position: Int = 0, line: Int = 1) {
    (self.bytes, self.delimiter, self.position, self.line) = (bytes, delimiter, position, line)
  }

  /// The next cell of a record. Behind a delimiter there always is one, at the end of the bytes an empty one.
  @inline(__always)
  mutating func next() throws(TableFault) -> DelimitedCell {
    let first = position
    var start = first
    while start < bytes.count, isSpace(bytes[start]) { start += 1 }
    if start < bytes.count, bytes[start] == Self.quote { return try quoted(start) }
    var end = start
    while end < bytes.count, bytes[end] != delimiter, !Self.isLineEnd(bytes[end]) { end += 1 }
    var last = end
    while last > start, isSpace(bytes[last - 1]) { last -= 1 }
    let line = line
    position = end
    return DelimitedCell(
      extent: Range(uncheckedBounds: (first, end)), content: Range(uncheckedBounds: (start, last)), isQuoted: false,
      hasDoubledQuotes: false, endsRecord: passDelimiter(), line: line)
  }

  @inline(never)
  private mutating func quoted(_ opening: Int) throws(TableFault) -> DelimitedCell {
    let (first, firstLine) = (position, line)
    var end = opening + 1
    var hasDoubledQuotes = false
    while true {
      guard end < bytes.count else {
        throw TableFault(
          line: firstLine, expected: "a quote at the cell's end", found: "none: the file ends within it",
          isUnclosed: true)
      }
      if bytes[end] == Self.quote {
        if end + 1 == bytes.count || bytes[end + 1] != Self.quote { break }
        hasDoubledQuotes = true
        end += 1
      } else if bytes[end] == Self.lineFeed
        || bytes[end] == Self.carriageReturn && (end + 1 == bytes.count || bytes[end + 1] != Self.lineFeed)
      {
        line += 1
      }
      end += 1
    }
    var (start, last) = (opening + 1, end)
    while start < last, isSpace(bytes[start]) { start += 1 }
    while start < last, isSpace(bytes[last - 1]) { last -= 1 }
    position = end + 1
    while position < bytes.count, bytes[position] != delimiter, isSpace(bytes[position]) { position += 1 }
    guard position == bytes.count || bytes[position] == delimiter || Self.isLineEnd(bytes[position]) else {
      throw TableFault(line: firstLine, expected: "the end of the cell after its closing quote", found: "more text")
    }
    let extent = first..<position
    return DelimitedCell(
      extent: extent, content: start..<last, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes,
      endsRecord: passDelimiter(), line: firstLine)
  }

  /// Passes over what ends a cell; true where that ends the record too.
  @inline(__always)
  private mutating func passDelimiter() -> Bool {
    if position < bytes.count, bytes[position] == delimiter {
      position += 1
      return delimiter == Self.space ? passSpaces() : false
    }
    passLineEnd()
    return true
  }

  /// Passes over the other spaces of a run; where no cell is behind them they end the record.
  @inline(never)
  private mutating func passSpaces() -> Bool {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    guard position == bytes.count || Self.isLineEnd(bytes[position]) else { return false }
    passLineEnd()
    return true
  }

  // MARK: Lines

  /// Whether the next line begins with `byte`.
  func nextLineBegins(with byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

  /// Whether there is nothing on the next line but spaces.
  func nextLineIsBlank() -> Bool {
    var end = position
    while end < bytes.count, isSpace(bytes[end]) { end += 1 }
    return end == bytes.count || Self.isLineEnd(bytes[end])
  }

  /// Passes over the next line, whatever is on it, and returns where it is.
  @discardableResult
  mutating func skipLine() -> Range<Int> {
    let start = position
    while position < bytes.count, !Self.isLineEnd(bytes[position]) { position += 1 }
    let text = start..<position
    passLineEnd()
    return text
  }

  private mutating func passLineEnd() {
    guard position < bytes.count else { return }
    let isReturn = bytes[position] == Self.carriageReturn
    position += 1
    if isReturn, position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
    line += 1
  }

  // MARK: Bytes

  static let quote = UInt8(ascii: "\"")
  private static let space = UInt8(ascii: " ")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  @inline(__always)
  static func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

  @inline(__always)
  private func isSpace(_ byte: UInt8) -> Bool {
    byte == Self.space || byte == UInt8(ascii: "\t") && delimiter != UInt8(ascii: "\t")
  }
}
