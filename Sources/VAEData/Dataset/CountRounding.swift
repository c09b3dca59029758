/// Counts as some programs write them: numbers that differ from a whole one in their last digits alone, as 0.999999 does, are
/// rounded, and a remark says so.
public struct CountRounding: Sendable {
  /// How many numbers were rounded.
  public private(set) var count = 0
  private var first: Float = 0

  /// Nothing rounded yet.
  public init() {}

  /// The count that a number is, or is but for its last digits; nil where it is none.
  public mutating func count(_ value: Float) -> Float? {
    if value.isCount { return value }
    guard Self.isAsGoodAsCount(value) else { return nil }
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

  /// Whether a number is a count but for its last digits: within 1e-5 of its size.
  public static func isAsGoodAsCount(_ value: Float) -> Bool {
    let whole = value.rounded()
    return value >= 0 && value.isFinite && abs(value - whole) <= 1e-5 * whole
  }

  /// What is to be said of it, if there is something.
  public var remark: String? {
    switch count {
    case 0: nil
    case 1: "1 number, \(first), was rounded to the whole number that it is but for its last digits"
    default:
      "\(count) numbers, the first of them \(first), were rounded to the whole numbers that they are but for their last digits"
    }
  }
}

extension Float {
  /// Whether it is whole, and not negative.
  var isCount: Bool { self >= 0 && self == rounded(.towardZero) && isFinite }
}
