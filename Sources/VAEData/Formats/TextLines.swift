/// The lines of text that any program may have written: they end with LF, CRLF or CR, the last one perhaps with nothing,
/// and a byte order mark is no part of the first.
///
/// Not Swift's own splitting: to it CRLF is one character, which is no "\n".
public enum TextLines {
  /// The lines of `bytes`, UTF-8; the first is number 1, and the end of the last one begins no other.
  public static func split(_ bytes: some Collection<UInt8>) -> [String] {
    let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    var lines: [String] = []
    var rest = bytes.dropFirst(ByteOrderMark.length(in: bytes))
    while !rest.isEmpty {
      let end = rest.firstIndex { $0 == lineFeed || $0 == carriageReturn } ?? rest.endIndex
      lines.append(String(decoding: rest[..<end], as: UTF8.self))
      let isReturn = end < rest.endIndex && rest[end] == carriageReturn
      rest = rest[end...].dropFirst()
      if isReturn, rest.first == lineFeed { rest = rest.dropFirst() }
    }
    return lines
  }
}
