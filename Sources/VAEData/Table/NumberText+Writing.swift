extension NumberText {
  /// Appends a number as text that `float` reads.
  ///
  /// - Parameter decimals: How many digits to write behind the point; nil for the shortest text that is read as the same
  ///   float, which is written too where the number has more digits than count.
  static func append(_ number: Float, decimals: Int?, point: UInt8 = point, to bytes: inout [UInt8]) {
    if let decimals, let digits = digits(of: number, decimals: decimals) {
      append(digits, isNegative: number < 0, decimals: decimals, point: point, to: &bytes)
    } else {
      bytes.append(contentsOf: number.description.utf8.lazy.map { $0 == Self.point ? point : $0 })
    }
  }

  /// |number| · 10^decimals, rounded to the nearest, and between two of them to the even one; nil where it is too large for that
  /// to be exact. The product is: 10^12 is 2^12 · 5^12, 28 bits but for the exponent, and a float has 24.
  private static func digits(of number: Float, decimals: Int) -> Int? {
    guard (0...12).contains(decimals) else { return nil }
    let scaled = (Double(number.magnitude) * powersOfTen[decimals]).rounded(.toNearestOrEven)
    return scaled < 1e15 ? Int(scaled) : nil
  }

  private static func append(_ digits: Int, isNegative: Bool, decimals: Int, point: UInt8, to bytes: inout [UInt8]) {
    // −0.00 is a zero.
    if isNegative, digits > 0 { bytes.append(UInt8(ascii: "-")) }
    let text = String(digits).utf8
    let zeros = max(0, decimals + 1 - text.count)
    let padded = Array(repeating: UInt8(ascii: "0"), count: zeros) + text
    bytes += padded.dropLast(decimals)
    if decimals > 0 {
      bytes.append(point)
      bytes += padded.suffix(decimals)
    }
  }
}
