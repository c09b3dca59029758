/// What is wrong with a table of text, before it is known what stands above it in the file: an error that counts its lines
/// from where its reader began.
struct TableFault: Error {
  /// The line, from where the reader began.
  var line: Int
  /// The column in the file, from 0.
  var column: Int?
  var expected: String
  var found: String
  /// Whether all that is wrong is that the bytes end within quotes: with more of them it might be right.
  var isUnclosed = false

  /// The same, in `column`.
  func inColumn(_ column: Int) -> TableFault {
    var fault = self
    fault.column = column
    return fault
  }

  /// The error in the file at `path`, after `line` more lines; `names` are those of its columns, where it has any.
  func error(path: String, after line: Int = 0, names: [String]? = nil) -> DataError {
    var place = "line \(self.line + line)"
    if let column {
      place += ", column \(column + 1)"
      if let names, names.indices.contains(column) { place += " \"\(names[column].onOneLine)\"" }
    }
    return DataError(path: path, place: place, expected: expected, found: found)
  }
}

extension String {
  /// Of text from a file, what fits into a line of a message.
  package var onOneLine: String {
    let text = prefix(40).unicodeScalars.reduce(into: "") { $0 += $1.escaped(asASCII: $1.value < 0x20) }
    return endIndex > index(startIndex, offsetBy: 40, limitedBy: endIndex) ?? endIndex ? text + "…" : text
  }

  /// As one word of a shell's, for a suggestion.
  var asShellWord: String {
    let isPlain = !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
    return isPlain ? self : "'\(onOneLine.replacing("'", with: "'\\''"))'"
  }
}
