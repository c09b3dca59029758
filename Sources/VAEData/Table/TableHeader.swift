/// What the first line of a table is: names of columns, or the first of the rows.
///
/// One definition, for all tables. A line is a header where it holds a name that the reader looks for, or where it holds
/// a name and no number. A name has a letter in it, and is neither what programs write for a missing number ("NA") nor a
/// number with a mistake in it ("O.5", "−1", "3 kg"): a row that begins so must be an error and not vanish. A table
/// without a header has a number in its first line, or something else that is no name.
enum TableHeader {
  static func isHeader(_ cells: [String], isKnown: (String) -> Bool) -> Bool {
    if cells.contains(where: isKnown) { return true }
    return cells.contains(where: isName) && !cells.contains(where: isNumber)
  }

  /// Whether a line counts its columns from 0 or 1, as some programs name columns that have no names.
  static func counts(_ cells: [String]) -> Bool {
    [0, 1].contains { first in cells.enumerated().allSatisfy { $1 == "\($0 + first)" } }
  }

  /// Of a first line that `counts`, above numbers that are not whole.
  static func countingFault(line: Int) -> TableFault {
    TableFault(
      line: line, expected: "names of columns (mean_0, …), or numbers like those below (0.0, …)",
      found: "whole numbers in order, which may be either")
  }

  private static func isNumber(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer { NumberText.float($0) } != nil
  }

  private static let missing = Set(MissingWords.usual.map { $0.lowercased() })

  private static func isName(_ text: String) -> Bool {
    guard text.contains(where: \.isLetter), !missing.contains(text.lowercased()), !isNumber(text) else { return false }
    if text.drop(while: "+-−–—.".contains).first?.isNumber == true { return false }
    let mended = String(text.map { lookalikes[$0] ?? $0 })
    return !(mended.contains(".") && isNumber(mended))
  }

  /// What is written for a sign, a digit or a point by mistake.
  private static let lookalikes: [Character: Character] = [
    "O": "0", "o": "0", "О": "0", "о": "0", "l": "1", "I": "1", "|": "1", "−": "-", "–": "-", "—": "-", ",": ".",
    "·": ".",
  ]
}
