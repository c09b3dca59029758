import Foundation

/// How the values along an axis become places on a sheet.
struct Scale: Sendable, Hashable {
  /// What it shows, lowest first.
  var range: ClosedRange<Double>
  var isLogarithmic = false
  /// Where the ends of the range lie on the sheet.
  var start = 0.0
  var end = 1.0

  /// The scale that shows the finite `values`, with a little air around them, or the axis's own range.
  ///
  /// `fromZero` says that the marks stand on zero: no air below it.
  init(_ axis: Axis, showing values: [Double], fromZero: Bool = false) {
    isLogarithmic = axis.isLogarithmic
    if let range = axis.range, range.lowerBound < range.upperBound, !isLogarithmic || range.lowerBound > 0 {
      self.range = range
      return
    }
    let shown = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
    guard let least = shown.min(), let most = shown.max() else {
      range = axis.isLogarithmic ? 0.1...1 : 0...1
      return
    }
    if axis.isLogarithmic {
      let air = max(1.1, pow(most / least, 0.04))
      range = least / air...most * air
      return
    }
    // One value alone gets a range in which it has a place.
    let length = most > least ? most - least : max(abs(most) * 0.1, 1)
    let air = most > least ? 0.04 * length : length / 2
    range = (fromZero && least >= 0 ? least : least - air)...(fromZero && most <= 0 ? most : most + air)
  }

  /// Where `value` lies; NaN for what has no place.
  func place(_ value: Double) -> Double {
    if isLogarithmic {
      guard value > 0 else { return .nan }
      let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
      return start + (log10(value) - low) / (high - low) * (end - start)
    }
    return start + (value - range.lowerBound) / (range.upperBound - range.lowerBound) * (end - start)
  }

  /// Shows `factor` times as much, with the same middle.
  mutating func widen(by factor: Double) {
    let middle = (range.lowerBound + range.upperBound) / 2
    let half = (range.upperBound - range.lowerBound) / 2 * factor
    range = middle - half...middle + half
  }

  var length: Double { range.upperBound - range.lowerBound }
}
