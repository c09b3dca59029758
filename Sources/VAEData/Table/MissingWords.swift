import CStandardLibrary

/// What stands in a cell for a value that is missing: nothing, a word that programs write for it, or one that a person gave.
struct MissingWords {
  /// Those of pandas, which others write too, and the question mark of the UCI repository. Not in any case: "Na" is sodium.
  static let usual = [
    "NA", "N/A", "#N/A", "<NA>", "NaN", "nan", "-nan", "null", "NULL", "None", "none", "nil", "missing", "?",
  ]

  /// All of them but the empty one, each in UTF-8.
  let words: [[UInt8]]
  /// The words given that are numbers, such as -999: in a column of numbers it is the number that counts, however written.
  let numbers: [Float]

  init(_ format: TableFormat = TableFormat()) {
    words = (Self.usual + format.missing).map { Array($0.utf8) }
    numbers = words.dropFirst(Self.usual.count).compactMap { word in
      word.withUnsafeBufferPointer { NumberText.float($0, point: format.decimalPoint) }
    }
  }

  /// Whether a cell with this text is missing.
  func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.isEmpty { return true }
    for word in words where word.count == text.count {
      if word.withUnsafeBytes({ memcmp($0.baseAddress!, text.baseAddress!, text.count) }) == 0 { return true }
    }
    return false
  }

  /// Whether a cell with this number is missing.
  func contains(_ number: Float) -> Bool { number.isNaN || numbers.contains(number) }
}
