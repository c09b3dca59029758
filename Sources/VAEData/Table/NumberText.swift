/// Numbers in decimal notation, from bytes: `-1.5e3`, `.5`, `+2.`, `nan`, `inf` and `infinity` in any case.
///
/// Nothing else is one, so that no file is read otherwise than it was meant: no hexadecimal, no commas.
package enum NumberText {
  /// The usual decimal point.
  package static let point = UInt8(ascii: ".")

  /// The float nearest to the number, whose fraction begins with `point`; nil where the bytes are no number. Numbers too
  /// large for a float are infinite.
  ///
  /// The digits make a `Double`, with an error of a few units of its last place: one in conversion, one in the power of
  /// ten, one in their product. It has 29 bits more than a float, so both round to the same float, but near the middle
  /// between two floats: there, and beyond the ordinary, the C library decides.
  package static func float(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8 = point) -> Float? {
    guard let decimal = Decimal(bytes, point: point) else { return word(bytes) }
    if decimal.digits == 0 { return decimal.isNegative ? -0.0 : 0 }
    guard abs(decimal.exponent) < powersOfTen.count else { return exactly(bytes, point) }
    let power = powersOfTen[abs(decimal.exponent)]
    let magnitude = decimal.exponent < 0 ? Double(decimal.digits) / power : Double(decimal.digits) * power
    let beyond = Int(magnitude.bitPattern & 0x1FFF_FFFF)
    guard abs(beyond - 0x1000_0000) > 16, magnitude > 2 * Double(Float.leastNormalMagnitude), magnitude < 1e38 else {
      return exactly(bytes, point)
    }
    return Float(decimal.isNegative ? -magnitude : magnitude)
  }

  /// The whole number, without a sign, that the bytes are; nil where they are none, or one that no `Int` holds.
  package static func wholeNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard !bytes.isEmpty else { return nil }
    var number = 0
    for byte in bytes {
      let digit = byte &- UInt8(ascii: "0")
      // Another digit fits below this.
      guard digit < 10, number < Int.max / 10 else { return nil }
      number = number * 10 + Int(digit)
    }
    return number
  }

  /// How many digits the number has behind its point, or would have if it were written without an exponent, 19 at most; nil
  /// where the bytes are no number in digits.
  ///
  /// With an exponent they are at least one, even of 2e3: such a number was measured, and neither counts nor names anything.
  static func decimals(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8 = point) -> Int? {
    Decimal(bytes, point: point).map { min(max($0.hasExponent ? 1 : 0, -$0.exponent), 19) }
  }

  /// What is said of a number with a comma where none is expected. Three digits behind it may be those of thousands.
  static func expectedPoint(of text: String) -> String {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let isInThousands =
      (1...3).contains(parts[0].count) && parts[0].first != "0" && parts.dropFirst().allSatisfy { $0.count == 3 }
      && parts.allSatisfy { $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
    guard isInThousands else {
      return "a number with a point, as in 1.5 (--decimal-comma if these have commas)"
    }
    let number = parts.joined()
    return "a number without a comma, as in \(number) (--decimal-comma if \(text) is \(parts.joined(separator: ".")))"
  }

  private static func exactly(_ bytes: UnsafeBufferPointer<UInt8>, _ point: UInt8) -> Float? {
    Float(String(decoding: bytes.map { $0 == point ? Self.point : $0 }, as: UTF8.self))
  }

  static let powersOfTen: [Double] = (0...40).map { Double("1e\($0)")! }

  private static func word(_ bytes: UnsafeBufferPointer<UInt8>) -> Float? {
    guard (3...9).contains(bytes.count) else { return nil }
    let isNegative = bytes[0] == UInt8(ascii: "-")
    let hasSign = isNegative || bytes[0] == UInt8(ascii: "+")
    switch String(decoding: bytes.dropFirst(hasSign ? 1 : 0), as: UTF8.self).lowercased() {
    case "nan": return .nan
    case "inf", "infinity": return isNegative ? -.infinity : .infinity
    default: return nil
    }
  }

  /// digits · 10^exponent, the digits being at most the first 19 that count.
  private struct Decimal {
    var isNegative = false
    var digits: UInt64 = 0
    var exponent = 0
    var hasExponent = false

    @inline(__always)
    init?(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8) {
      var position = 0
      if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        isNegative = sign == UInt8(ascii: "-")
        position = 1
      }
      var hasDigits = false
      var isFraction = false
      while position < bytes.count {
        let value = bytes[position] &- UInt8(ascii: "0")
        if value < 10 {
          hasDigits = true
          // Another digit always fits below this; a later one is worth less than the last bit of a double.
          if digits < 1_000_000_000_000_000_000 {
            digits = digits * 10 + UInt64(value)
            if isFraction { exponent -= 1 }
          } else if !isFraction {
            exponent += 1
          }
        } else if bytes[position] == point, !isFraction {
          isFraction = true
        } else {
          break
        }
        position += 1
      }
      guard hasDigits else { return nil }
      if position == bytes.count { return }
      guard bytes[position] | 0x20 == UInt8(ascii: "e"), let written = Self.integer(bytes[(position + 1)...]) else {
        return nil
      }
      exponent += written
      hasExponent = true
    }

    /// A whole number with or without a sign; one of many digits is as good as any other.
    private static func integer(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
      var bytes = bytes
      let isNegative = bytes.first == UInt8(ascii: "-")
      if isNegative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
      if bytes.isEmpty { return nil }
      var number = 0
      for byte in bytes {
        let value = byte &- UInt8(ascii: "0")
        guard value < 10 else { return nil }
        number = min(number * 10 + Int(value), 100_000)
      }
      return isNegative ? -number : number
    }
  }
}
