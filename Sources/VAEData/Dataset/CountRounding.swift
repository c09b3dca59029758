/// Counts as programs write them: whole numbers up to 2³² − 1. Those that differ from a whole one in their last digits alone, as
/// 0.999999 does, are rounded, and a remark says so; beyond 2²⁴ a float has only their first digits, which is said too.
public struct CountRounding: Sendable {
  /// How many numbers were rounded.
  public private(set) var count = 0
  private var first: Float = 0
  private var largest: Float = 0

  /// Nothing rounded yet.
  public init() {}

  /// The count that a number is, or is but for its last digits; nil where it is none.
  public mutating func count(_ value: Float) -> Float? {
    if value.isCount { return value }
    guard Self.isAsGoodAsCount(value) else { return nil }
    if value > Self.largestExact {
      largest = max(largest, value)
      return value.rounded()
    }
    if count == 0 { first = value }
    count += 1
    return value.rounded()
  }

  /// Rounds the numbers up to the first that is no count, and says where that is.
  mutating func round(_ values: UnsafeMutableBufferPointer<Float>) -> Int? {
    for index in values.indices where !values[index].isCount {
      guard let count = count(values[index]) else { return index }
      values[index] = count
    }
    return nil
  }

  /// Beyond it a float is no longer every whole number.
  fileprivate static let largestExact: Float = 0x1p24
  /// What no count comes to.
  private static let end: Float = 0x1p32

  /// Whether a number is a count but for its last digits: within 1e-5 of its size.
  public static func isAsGoodAsCount(_ value: Float) -> Bool {
    let whole = value.rounded()
    return value >= 0 && value < end && abs(value - whole) <= 1e-5 * whole
  }

  /// What a number that is none should have been: "a whole number from 0 up, as counts are".
  public static func expected(insteadOf value: Float) -> String {
    value >= end ? "a count of at most \(UInt32.max)" : "a whole number from 0 up, as counts are"
  }

  /// What is to be said of them, a sentence each.
  public var remarks: [String] {
    var remarks: [String] = []
    if count > 0 {
      remarks.append(
        count == 1
          ? "1 number, \(first), was rounded to the whole number that it is but for its last digits"
          : "\(count) numbers, the first of them \(first), were rounded to the whole numbers that they are but for their last digits"
      )
    }
    if largest > 0 {
      remarks.append(
        "counts beyond 16777216, of which the largest is \(DecimalText.short(largest)), are kept to 7 digits")
    }
    return remarks
  }
}

extension Float {
  /// Whether it is a count as it is: whole, not negative, and not too large to be told from its neighbours.
  var isCount: Bool { self >= 0 && self == rounded(.towardZero) && self <= CountRounding.largestExact }
}
