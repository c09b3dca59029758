/// The words after the name of a `Described` member, read one by one.
///
///     var settings = …                       // "conv 32x3 stride 2", after "conv"
///     let width = try settings.wholeNumber("a number of outputs", in: 1...4096)
///
/// Every method takes the next word, and throws a `DescriptionError` that points at it where it is not what was expected.
public struct Settings {
  /// A word and where it begins.
  struct Word {
    let text: String
    let position: Int
  }

  /// The name before them.
  public let name: String
  let text: String
  private let words: ArraySlice<Word>
  private var next: Int
  /// The words that could have stood where the next one is.
  private var alternatives: [String] = []
  private let end: Int

  init(_ words: ArraySlice<Word>, after name: String, of text: String, end: Int) {
    self.name = name
    self.words = words
    self.text = text
    self.end = end
    next = words.startIndex
  }

  /// None, for a member with defaults.
  public init() { self.init([], after: "", of: "", end: 0) }

  /// Whether all words are read.
  public var isAtEnd: Bool { next == words.endIndex }

  /// The next word, which is not taken.
  public var peek: String? { isAtEnd ? nil : words[next].text }

  /// Takes the next word where it is `word`.
  public mutating func take(_ word: String) -> Bool {
    guard peek == word else {
      alternatives.append(word)
      return false
    }
    advance()
    return true
  }

  /// The next word, one of some.
  public mutating func word(_ choices: [String]) throws -> String {
    guard let word = peek, choices.contains(word) else { throw unexpected("one of \(choices.joined(separator: ", "))") }
    advance()
    return word
  }

  /// The next word as a whole number; where there are no more words, `otherwise`, if it is given.
  public mutating func wholeNumber(_ what: String, in range: ClosedRange<Int>, otherwise: Int? = nil) throws -> Int {
    if isAtEnd, let otherwise { return otherwise }
    guard let word = peek, let number = Int(word), range.contains(number) else {
      throw unexpected("\(what) from \(range.lowerBound) to \(range.upperBound)")
    }
    advance()
    return number
  }

  /// The next word as a finite number for which `holds` is true; where there are no more words, `otherwise`, if it is
  /// given.
  public mutating func number(
    _ what: String, otherwise: Float? = nil, where holds: (Float) -> Bool = { _ in true }
  ) throws -> Float {
    if isAtEnd, let otherwise { return otherwise }
    guard let word = peek, let number = Float(word), number.isFinite, holds(number) else { throw unexpected(what) }
    advance()
    return number
  }

  /// Throws where a word is left over.
  func finish() throws {
    if !isAtEnd { throw unexpected((alternatives + ["nothing more of \(name)"]).joined(separator: ", or ")) }
  }

  private mutating func advance() {
    next += 1
    alternatives = []
  }

  /// An error about the next word, or about the end.
  public func unexpected(_ expected: String) -> DescriptionError {
    isAtEnd
      ? DescriptionError(text: text, position: end, expected: expected, found: "the end")
      : DescriptionError(
        text: text, position: words[next].position, expected: expected, found: "\"\(words[next].text)\"")
  }
}
