import CStandardLibrary

/// Whether bytes are text at all, and in UTF-8.
enum TextBytes {
  /// Throws where the first bytes of the file at `path` say that it is UTF-16.
  static func refuseUTF16(in bytes: UnsafeBufferPointer<UInt8>, path: String) throws {
    if isUTF16(bytes) { throw DataError(path: path, expected: "text in UTF-8", found: "text in UTF-16") }
  }

  /// Throws where there is a zero among `bytes`, which begin at byte `offset` of what is to be text.
  static func refuseZero(in bytes: UnsafeBufferPointer<UInt8>, after offset: Int = 0, path: String) throws {
    guard let start = bytes.baseAddress, let zero = memchr(start, 0, bytes.count) else { return }
    throw DataError(
      path: path, place: "byte \(offset + (UnsafeRawPointer(zero) - UnsafeRawPointer(start)))", expected: "text",
      found: "a zero byte, which no text has")
  }

  static func isUTF16(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
  }

  /// Whether a file that begins so is to be taken for text: there is no byte of control in it that text does not have. Also of
  /// UTF-16, so that what reads text can say that it is.
  static func looksLikeText(_ bytes: some Collection<UInt8>) -> Bool {
    // Tab to carriage return, and the escape of terminals.
    isUTF16(bytes) || bytes.allSatisfy { $0 >= 0x20 || (0x09...0x0D).contains($0) || $0 == 0x1B }
  }

  /// Whether what begins so is surely text with numbers in it: UTF-8 with an end of a line and a digit. The last character may
  /// be cut off.
  static func looksLikeRows(_ bytes: [UInt8]) -> Bool {
    guard !isUTF16(bytes), bytes.contains(where: CellScanner.isLineEnd),
      bytes.contains(where: { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return false }
    return (0...3).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
  }

  /// The text of a cell. Throws where it is no UTF-8.
  static func text(of cell: DelimitedCell, in bytes: UnsafeBufferPointer<UInt8>) throws(TableFault) -> String {
    let content = UnsafeBufferPointer(rebasing: bytes[cell.content])
    guard let text = String(validating: content, as: UTF8.self) else { throw fault(of: cell, in: bytes) }
    return cell.hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// Of a cell that is no UTF-8, which of its bytes is none.
  static func fault(of cell: DelimitedCell, in bytes: UnsafeBufferPointer<UInt8>) -> TableFault {
    let content = bytes[cell.content]
    // The text before the first byte that is none is the longest that is valid.
    var valid = content.startIndex
    var decoder = UTF8()
    var rest = content.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&rest) { valid += UTF8.width(scalar) }
    let byte = valid < content.endIndex ? content[valid] : 0
    return TableFault(
      line: cell.line, expected: "text in UTF-8 (from Latin-1: iconv -f latin1 -t utf-8)",
      found: "the byte 0x\(String(byte, radix: 16, uppercase: true)) in "
        + "\"\(String(decoding: content, as: UTF8.self).onOneLine)\"")
  }
}
