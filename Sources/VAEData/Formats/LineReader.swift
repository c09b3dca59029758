/// The lines of a text file, gzip or not, one at a time from where they lie in a buffer. They end with LF, CRLF or CR, the
/// last one perhaps with nothing, and a byte order mark is no part of the first; see `TextLines`, which makes strings.
package final class LineReader {
  /// The number of the line read last, from 1.
  package private(set) var line = 0
  package let path: String
  private let contents: Contents
  private var buffer: UnsafeMutableBufferPointer<UInt8>
  /// What of the buffer has been read from the file and is not used yet.
  private var rest = 0..<0
  private var isAtEnd = false

  /// A longer line is none of numbers: it would fill the memory.
  private static let longestLine = 1 << 28
  /// How much text may come out of a file that is far smaller, in which all lines say the same.
  private let unquestionedByteCount: Int

  package init(path: String, unquestionedByteCount: Int = 1 << 28) throws {
    contents = try Contents(ByteSource(path: path))
    self.path = contents.path
    self.unquestionedByteCount = unquestionedByteCount
    buffer = .allocate(capacity: 1 << 18)
    try fill()
    let start = buffer[rest].prefix(4)
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      throw DataError(path: path, expected: "text in UTF-8", found: "text in UTF-16")
    }
    rest = rest.dropFirst(ByteOrderMark.length(in: start))
  }

  deinit { buffer.deallocate() }

  /// The next line without its end, good until the next call; nil where there is none.
  package func next() throws -> UnsafeBufferPointer<UInt8>? {
    var length = 0
    while true {
      let (start, end) = (rest.lowerBound, rest.upperBound)
      var place = start + length
      while place < end, buffer[place] != Self.lineFeed, buffer[place] != Self.carriageReturn { place += 1 }
      length = place - start
      // Whether a line feed belongs to the return before it is seen only when it is there.
      let isWhole = place < end && (buffer[place] == Self.lineFeed || place + 1 < end)
      if isWhole || isAtEnd {
        if start == end { return nil }
        let isPair = place + 1 < end && buffer[place] == Self.carriageReturn && buffer[place + 1] == Self.lineFeed
        rest = min(place + (isPair ? 2 : 1), end)..<end
        line += 1
        return UnsafeBufferPointer(rebasing: buffer[start..<place])
      }
      try fill()
    }
  }

  /// An error in the line read last.
  package func error(_ expected: String, _ found: String) -> DataError {
    DataError(path: path, place: line == 0 ? nil : "line \(line)", expected: expected, found: found)
  }

  /// Reads on behind what is not used yet, which moves to the beginning of the buffer.
  private func fill() throws {
    if rest.count == buffer.count {
      guard buffer.count < Self.longestLine else {
        throw DataError(
          path: path, place: "line \(line + 1)", expected: "a line of at most \(buffer.count) bytes", found: "more")
      }
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * buffer.count)
      _ = larger.moveUpdate(fromContentsOf: buffer[rest])
      buffer.deallocate()
      buffer = larger
    } else if rest.lowerBound > 0 {
      buffer.baseAddress!.update(from: buffer.baseAddress! + rest.lowerBound, count: rest.count)
    }
    rest = 0..<rest.count
    let got = try contents.read(
      into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[rest.count...]))
    rest = 0..<rest.count + got
    isAtEnd = got == 0
    guard
      contents.offset < unquestionedByteCount
        || contents.offset / ByteClaim.commonRatio < contents.fileByteCount
    else {
      throw DataError(
        path: path, place: "line \(line + 1)",
        expected: "text that gzip makes at most \(ByteClaim.commonRatio) times smaller",
        found: "\(contents.offset) bytes of it so far, in a file of \(contents.fileByteCount)")
    }
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}

/// The words of a line, with spaces or tabs between them.
package struct LineWords {
  private let line: UnsafeBufferPointer<UInt8>
  private var place = 0

  package init(_ line: UnsafeBufferPointer<UInt8>) { self.line = line }

  /// The next one; nil where there is none.
  package mutating func next() -> UnsafeBufferPointer<UInt8>? {
    while place < line.count, Self.isSpace(line[place]) { place += 1 }
    let start = place
    while place < line.count, !Self.isSpace(line[place]) { place += 1 }
    return start == place ? nil : UnsafeBufferPointer(rebasing: line[start..<place])
  }

  /// Whether there is none left.
  package var isAtEnd: Bool { line[place...].allSatisfy(Self.isSpace) }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension UnsafeBufferPointer<UInt8> {
  /// A piece of a strange file, in quotes and fit for one line.
  package var quoted: String {
    "\"" + String(decoding: prefix(40), as: UTF8.self).filter { $0 >= " " && !$0.isNewline } + "\""
  }
}
