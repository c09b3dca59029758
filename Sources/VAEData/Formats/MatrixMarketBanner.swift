/// The first line of a Matrix Market file: what the numbers are and where they go.
///
///     %%MatrixMarket matrix coordinate|array integer|real|pattern general|symmetric|skew-symmetric
package struct MatrixMarketBanner {
  package enum Symmetry: String, CustomStringConvertible {
    case general
    case symmetric
    case skewSymmetric = "skew-symmetric"

    package var description: String { rawValue }
  }

  /// Whether entries come with their places, and not all in full.
  package let isSparse: Bool
  /// Whether the numbers are whole.
  package let isInteger: Bool
  /// Whether there are places alone, each of a 1.
  package let isPattern: Bool
  package let symmetry: Symmetry

  package init(_ reader: LineReader) throws {
    let line = try reader.next()
    let text = line.map { String(decoding: $0.prefix(200), as: UTF8.self) } ?? ""
    let words = text.split(separator: " ", omittingEmptySubsequences: true).map { $0.lowercased() }
    guard let first = words.first, MatrixMarket.banners.contains(where: { $0.lowercased() == first }) else {
      throw reader.error(
        "a Matrix Market file, which begins with \(MatrixMarket.banners[0])", line?.quoted ?? "nothing")
    }
    guard words.count == 5, words[1] == "matrix", words[2] == "coordinate" || words[2] == "array" else {
      throw reader.error("\(MatrixMarket.banners[0]) matrix coordinate or array, numbers, symmetry", line!.quoted)
    }
    guard ["integer", "real", "double", "pattern"].contains(words[3]) else {
      let found = words[3] == "complex" ? "complex, and a model has no use for two numbers in one" : words[3]
      throw reader.error("numbers that are integer, real or pattern", found)
    }
    guard let symmetry = Symmetry(rawValue: words[4]) else {
      let found = words[4] == "hermitian" ? "hermitian, which is for complex numbers" : words[4]
      throw reader.error("a matrix that is general, symmetric or skew-symmetric", found)
    }
    (isSparse, self.symmetry) = (words[2] == "coordinate", symmetry)
    (isInteger, isPattern) = (words[3] == "integer", words[3] == "pattern")
    guard isSparse || !isPattern else { throw reader.error("an array of numbers", "a pattern, which has none") }
  }

  /// For messages.
  package var numberName: String { isInteger ? "a whole number" : "a number" }

  /// The number that a word is.
  package func number(_ word: UnsafeBufferPointer<UInt8>) -> Float? {
    guard let number = NumberText.float(word) else { return nil }
    return isInteger && number != number.rounded() ? nil : number
  }
}
