import VAEData

/// Names of classes from outside, one a line.
enum LabelFile {
  /// The lines of the file at `path`; empty ones at its end do not count.
  static func read(_ path: String) throws -> [String] {
    var lines = try FileReader.lines(path: path)
    guard lines.allSatisfy({ !$0.contains("\u{FFFD}") }) else {
      throw DataError(path: path, expected: "text in UTF-8", found: "bytes that are none")
    }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines
  }
}
