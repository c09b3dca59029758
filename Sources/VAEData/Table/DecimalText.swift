import Foundation

/// Numbers as text for tables that people read.
public enum DecimalText {
  /// The most digits behind the point that numbers need; `shortest` where they are more than a person would write.
  static func decimals(of values: [Float]) -> Int {
    values.reduce(0) { most, value in
      guard value.isFinite, most < shortest else { return most }
      let text = value.description
      guard !text.contains("e"), let point = text.firstIndex(of: ".") else {
        return text.contains("e") ? shortest : most
      }
      let digits = text[text.index(after: point)...]
      return digits == "0" ? most : max(most, digits.count)
    }
  }

  /// So many decimals stand for the shortest text that is read as the same float.
  static let shortest = 12

  /// "12.30" with two decimals, "12" with none; "" for what is missing. Never "-0".
  public static func of(_ value: Float, decimals: Int) -> String {
    if value.isNaN { return "" }
    if decimals >= shortest { return value.description }
    let text = String(format: "%.\(decimals)f", Double(value))
    return text.hasPrefix("-") && !text.contains(where: { ("1"..."9").contains($0) }) ? String(text.dropFirst()) : text
  }

  /// "3", "0.25", "1234.57", "1.2e+10": with at most so many digits that count, for narrow columns; "" for what is missing.
  public static func short(_ value: Float, digits: Int = 6) -> String {
    if value.isNaN { return "" }
    if value == value.rounded(), value.magnitude < 1e7 { return String(Int(value)) }
    return String(format: "%.\(digits)g", Double(value))
  }
}
