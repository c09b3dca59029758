/// What of Python's notation for values an NPY header has.
struct PythonLiteral {
  enum Value: CustomStringConvertible {
    case string(String)
    case bool(Bool)
    case tuple([Int])
    /// Anything else, such as the list of fields of a structured array, as it stands there.
    case other(String)

    var description: String {
      switch self {
      case .string(let text): PythonLiteral.quoted(text)
      case .bool(let value): value ? "True" : "False"
      case .tuple(let sizes): "\(sizes)"
      case .other(let text): PythonLiteral.quoted(text)
      }
    }
  }

  private var rest: Substring

  init(_ text: String) { rest = Substring(text) }

  /// The entries of `{'key': value, …}`; nil where the text is no such dictionary.
  mutating func readDictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var entries: [String: Value] = [:]
    while !take("}") {
      guard let key = readString(), take(":"), let value = readValue() else { return nil }
      entries[key] = value
      guard take(",") || rest.first == "}" else { return nil }
    }
    skipSpace()
    return rest.isEmpty ? entries : nil
  }

  private mutating func readValue() -> Value? {
    skipSpace()
    let start = rest
    if let text = readString() { return .string(text) }
    for (word, value) in [("True", true), ("False", false)] where rest.hasPrefix(word) {
      rest = rest.dropFirst(word.count)
      return isAtEndOfValue() ? .bool(value) : nil
    }
    if let sizes = readTuple() { return .tuple(sizes) }
    rest = start
    return skipOther().map { .other(String($0)) }
  }

  /// Python 2 wrote u'…' under `unicode_literals`.
  private mutating func readString() -> String? {
    skipSpace()
    if rest.hasPrefix("u'") || rest.hasPrefix("u\"") { rest = rest.dropFirst() }
    guard let quote = rest.first, quote == "'" || quote == "\"", let end = rest.dropFirst().firstIndex(of: quote) else {
      return nil
    }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[..<end].dropFirst())
  }

  /// `()`, `(3,)` or `(3, 2)`: `(3)` is a number in brackets and no tuple.
  private mutating func readTuple() -> [Int]? {
    guard take("(") else { return nil }
    var sizes: [Int] = []
    var hasComma = false
    while !take(")") {
      guard sizes.isEmpty || hasComma, let size = readInteger() else { return nil }
      sizes.append(size)
      hasComma = take(",")
    }
    return sizes.count == 1 && !hasComma ? nil : sizes
  }

  private mutating func readInteger() -> Int? {
    skipSpace()
    let digits = rest.prefix { $0 == "-" || ("0"..."9").contains($0) }
    rest = rest.dropFirst(digits.count)
    if rest.first == "L" { rest = rest.dropFirst() }
    return Int(digits)
  }

  /// Everything up to the comma or bracket that ends the value.
  private mutating func skipOther() -> Substring? {
    var depth = 0
    for index in rest.indices {
      switch rest[index] {
      case "(", "[", "{": depth += 1
      case ")", "]",
        "}" where depth > 0:
        depth -= 1
      case ",", "}":
        if depth > 0 { continue }
        let value = rest[..<index]
        rest = rest[index...]
        return value.isEmpty ? nil : value
      default: break
      }
    }
    return nil
  }

  private mutating func isAtEndOfValue() -> Bool {
    skipSpace()
    return rest.first == "," || rest.first == "}"
  }

  private mutating func skipSpace() { rest = rest.drop { $0.isWhitespace } }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard rest.first == character else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// A piece of a strange file, fit for one line.
  static func quoted(_ text: String) -> String {
    "\"" + text.prefix(60).filter { $0.isASCII && !$0.isNewline && $0 >= " " } + "\""
  }
}
