/// Cells as they are written (RFC 4180): in quotes where without them they would be read as something else.
enum CellText {
  /// Appends `text`. A cell that begins a line and with "#" would make it a comment.
  static func append(_ text: String, delimiter: UInt8, beginsLine: Bool, to bytes: inout [UInt8]) {
    guard needsQuotes(text, delimiter: delimiter, beginsLine: beginsLine) else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(CellScanner.quote)
    for byte in text.utf8 {
      if byte == CellScanner.quote { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(CellScanner.quote)
  }

  static func needsQuotes(_ text: String, delimiter: UInt8, beginsLine: Bool) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    if beginsLine, first == RowScanner.commentMark { return true }
    if [first, last].contains(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { return true }
    return text.utf8.contains { $0 == delimiter || $0 == CellScanner.quote || CellScanner.isLineEnd($0) }
  }
}
