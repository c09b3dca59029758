import Foundation

/// Numbers as text for tables that people read.
public enum DecimalText {
  /// "12.30" with two decimals, "12" with none; "" for what is missing. Never "-0".
  public static func of(_ value: Float, decimals: Int) -> String {
    if value.isNaN { return "" }
    let text = String(format: "%.\(decimals)f", Double(value))
    return text.hasPrefix("-") && !text.contains(where: { ("1"..."9").contains($0) }) ? String(text.dropFirst()) : text
  }
}
