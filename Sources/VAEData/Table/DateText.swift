/// Dates as tables have them: 2024-01-31, 2024/01/31, 31.01.2024, 01/31/2024, 31-1-2024, 1/31/24, and any of them with a time
/// behind a T or a space.
enum DateText {
  static func isDate(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = text[...]
    guard let first = number(&rest), let separator = rest.popFirst(), "-/.".utf8.contains(separator),
      let second = number(&rest), rest.popFirst() == separator, let third = number(&rest)
    else { return false }
    let isDate: Bool
    if first.digits == 4 {
      isDate = isDayAndMonth(second, third)
    } else {
      // Three short numbers with points between are a version of something.
      isDate =
        isDayAndMonth(first, second) && (third.digits == 4 || third.digits == 2 && separator == UInt8(ascii: "/"))
    }
    return isDate && (rest.isEmpty || isTime(rest))
  }

  private static func isDayAndMonth(_ a: (value: Int, digits: Int), _ b: (value: Int, digits: Int)) -> Bool {
    a.digits <= 2 && b.digits <= 2 && min(a.value, b.value) >= 1 && min(a.value, b.value) <= 12
      && max(a.value, b.value) <= 31
  }

  /// "T10:00", " 10:00:00.5+01:00", " 1:00 PM": an hour, a colon, a minute, and only what may stand in a time.
  private static func isTime(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var rest = text
    guard let separator = rest.popFirst(), separator == UInt8(ascii: "T") || separator == UInt8(ascii: " "),
      let hour = number(&rest), hour.digits <= 2, rest.popFirst() == UInt8(ascii: ":"), number(&rest)?.digits == 2
    else { return false }
    return rest.allSatisfy { "0123456789:.,+- ZAPM".utf8.contains($0) }
  }

  /// The digits that `text` begins with; nil where there are none or too many.
  private static func number(_ text: inout Slice<UnsafeBufferPointer<UInt8>>) -> (value: Int, digits: Int)? {
    var (value, digits) = (0, 0)
    while let byte = text.first, case let digit = byte &- UInt8(ascii: "0"), digit < 10 {
      guard digits < 4 else { return nil }
      (value, digits) = (value * 10 + Int(digit), digits + 1)
      text = text.dropFirst()
    }
    return digits > 0 ? (value, digits) : nil
  }
}
