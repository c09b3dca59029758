import Foundation

/// A mark on an axis and what stands beside it.
public struct Tick: Sendable, Hashable {
  /// Where.
  public var value: Double
  /// What stands there.
  public var label: String

  /// A mark at `value`.
  public init(_ value: Double, _ label: String) {
    self.value = value
    self.label = label
  }
}

/// Round numbers for an axis: 1, 2 or 5 times a power of ten apart (Heckbert 1990, "Nice numbers for graph labels").
public enum Ticks {
  /// About `count` ticks inside `range`, and none outside.
  public static func linear(_ range: ClosedRange<Double>, count: Int, wholeNumbers: Bool = false) -> [Tick] {
    let length = range.upperBound - range.lowerBound
    guard length > 0, length.isFinite, count > 0 else {
      return [Tick(range.lowerBound, label(range.lowerBound, step: 0))]
    }
    var step = niceStep(length / Double(count))
    if wholeNumbers { step = max(1, step.rounded(.up)) }
    // A hair wider, so that a bound which is a round number keeps its tick.
    let slack = step * 1e-9
    let first = ((range.lowerBound - slack) / step).rounded(.up)
    let last = ((range.upperBound + slack) / step).rounded(.down)
    guard first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { Tick($0 * step, label($0 * step, step: step)) }
  }

  /// The powers of ten inside `range`, every few of them where there are more than `count`; where there are fewer than
  /// two, 2 and 5 times them as well.
  public static func logarithmic(_ range: ClosedRange<Double>, count: Int) -> [Tick] {
    precondition(range.lowerBound > 0, "a logarithmic axis from \(range.lowerBound)")
    let slack = 1e-9
    let first = Int((log10(range.lowerBound) - slack).rounded(.up))
    let last = Int((log10(range.upperBound) + slack).rounded(.down))
    if last - first >= 1 {
      let every = max(1, (last - first + count) / max(count, 1))
      return stride(from: first, through: last, by: every).map { power(1, $0) }
    }
    return (first - 1...last + 1).flatMap { exponent in [1, 2, 5].map { power($0, exponent) } }
      .filter { range.lowerBound * (1 - slack) <= $0.value && $0.value <= range.upperBound * (1 + slack) }
  }

  private static func power(_ digit: Double, _ exponent: Int) -> Tick {
    let value = digit * pow(10, Double(exponent))
    return Tick(value, label(value, step: value))
  }

  private static func niceStep(_ rough: Double) -> Double {
    let power = pow(10, log10(rough).rounded(.down))
    let share = rough / power
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10)
  }

  /// `value` in three digits, or as many as it has before the point.
  static func label(ofThreeDigits value: Double) -> String {
    let size = abs(value)
    return label(value, step: size > 0 && size.isFinite ? pow(10, log10(size).rounded(.down) - 2) : 1)
  }

  /// `value` with as many decimals as `step` has, a true minus sign, and a thin space between thousands.
  static func label(_ value: Double, step: Double) -> String {
    // −0 would have a sign.
    let value = value == 0 || abs(value) < step * 1e-6 ? 0 : value
    let size = max(abs(value), step)
    if size >= 1e7 || (size > 0 && size < 1e-4) {
      return String(format: "%.3g", value).replacing("-", with: "−").replacing("e+0", with: "e").replacing(
        "e+", with: "e")
    }
    let decimals = step > 0 ? max(0, Int(-log10(step * 1.000001).rounded(.down))) : 2
    let digits = String(format: "%.\(decimals)f", abs(value))
    let point = digits.firstIndex(of: ".") ?? digits.endIndex
    var whole = String(digits[..<point])
    if whole.count > 4 {
      for place in stride(from: whole.count - 3, to: 0, by: -3) {
        whole.insert("\u{2009}", at: whole.index(whole.startIndex, offsetBy: place))
      }
    }
    return (value < 0 ? "−" : "") + whole + digits[point...]
  }
}
