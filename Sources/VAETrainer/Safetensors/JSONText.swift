/// Reads the JSON of a safetensors header from front to back: objects, strings and lists of whole numbers. Values of any
/// kind can be skipped.
///
/// Foundation's readers keep one of two equal keys, forget the order and round large numbers, all of which a header
/// that lies could use; this one stops at the first byte that should not be there. It does not recurse.
struct JSONText {
  let path: String
  private let bytes: [UInt8]
  private let start: Int
  private var position = 0

  /// `start` is where the text begins in the file, for messages.
  init(_ bytes: [UInt8], path: String, start: Int) {
    self.bytes = bytes
    self.path = path
    self.start = start
  }

  /// Where the reader is, for messages.
  var place: String { "byte \(start + position)" }

  /// Reads `{"key": value, …}`; `readValue` must read the value.
  mutating func readObject(
    _ readValue: (inout JSONText, _ key: String) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try read(UInt8(ascii: "{"))
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let key = try readString()
      try read(UInt8(ascii: ":"))
      try readValue(&self, key)
    } while take(UInt8(ascii: ","))
    try read(UInt8(ascii: "}"))
  }

  /// Reads `[1, 2, …]`, whole numbers that are not negative.
  mutating func readIntegers() throws(SafetensorsError) -> [Int] {
    var values: [Int] = []
    try read(UInt8(ascii: "["))
    if take(UInt8(ascii: "]")) { return values }
    repeat {
      values.append(try readInteger())
    } while take(UInt8(ascii: ","))
    try read(UInt8(ascii: "]"))
    return values
  }

  private mutating func readInteger() throws(SafetensorsError) -> Int {
    skipSpace()
    let first = position
    while position < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[position] { position += 1 }
    let digits = bytes[first..<position]
    guard let value = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else {
      position = first
      throw unexpected("a whole number from 0 to 2^63 - 1")
    }
    return value
  }

  /// Reads a string.
  mutating func readString() throws(SafetensorsError) -> String {
    try read(UInt8(ascii: "\""))
    var text: [UInt8] = []
    let first = position
    while let byte = next() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          position = first
          throw unexpected("UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text += try readEscape().utf8
      case 0..<0x20:
        position -= 1
        throw unexpected("a character of a string")
      default: text.append(byte)
      }
    }
    throw unexpected("the end of a string")
  }

  private mutating func readEscape() throws(SafetensorsError) -> String {
    switch next() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      // Characters beyond U+FFFF are two escapes, a pair of UTF-16 surrogates.
      var units = [try readCodeUnit()]
      if UTF16.isLeadSurrogate(units[0]), next() == UInt8(ascii: "\\"), next() == UInt8(ascii: "u") {
        units.append(try readCodeUnit())
      }
      if let string = String(validating: units, as: UTF16.self) { return string }
    default: break
    }
    throw unexpected("an escape sequence before this place")
  }

  private mutating func readCodeUnit() throws(SafetensorsError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits before this place")
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// Reads `null` if that is what comes.
  mutating func takeNull() -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: "null".utf8) else { return false }
    position += 4
    return true
  }

  /// Passes over a value of any kind.
  mutating func skipValue() throws(SafetensorsError) {
    // The brackets that are still open, instead of a call for each.
    var open: [UInt8] = []
    repeat {
      skipSpace()
      guard position < bytes.count else { throw unexpected("a value") }
      switch bytes[position] {
      case UInt8(ascii: "\""): _ = try readString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        // Their closing brackets come two later in ASCII.
        open.append(bytes[position] + 2)
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open.popLast() == bytes[position] else { throw unexpected("a value") }
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        if open.isEmpty { throw unexpected("a value") }
        position += 1
        // What comes after a comma is no end.
        continue
      default: try skipWord()
      }
    } while !open.isEmpty
  }

  /// A number, `true`, `false` or `null`.
  private mutating func skipWord() throws(SafetensorsError) {
    let first = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
        UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        position += 1
      default:
        if position == first { throw unexpected("a value") }
        return
      }
    }
  }

  /// Reads the end of the text; spaces may come before it.
  mutating func readEnd() throws(SafetensorsError) {
    skipSpace()
    guard position == bytes.count else { throw unexpected("the end of the header") }
  }

  // MARK: Bytes

  private mutating func next() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func read(_ byte: UInt8) throws(SafetensorsError) {
    guard take(byte) else { throw unexpected("'\(Character(Unicode.Scalar(byte)))'") }
  }

  private func unexpected(_ expected: String) -> SafetensorsError {
    let rest = bytes[position...].prefix(16)
    return SafetensorsError(
      path: path, place: place, expected: expected,
      found: rest.isEmpty
        ? "the end of the header" : SafetensorsError.quoted(String(decoding: rest, as: UTF8.self)))
  }

  // MARK: Writing

  /// `text` as a JSON string, quotation marks included.
  ///
  /// By bytes: a table's description is a hundred kilobytes and more, and stands in every checkpoint.
  static func quote(_ text: String) -> String {
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    quoted.reserveCapacity(text.utf8.count + text.utf8.count / 8 + 2)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): quoted += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): quoted += "\\n".utf8
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        quoted += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
      default: quoted.append(byte)
      }
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }
}
