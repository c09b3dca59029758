import TestSupport
import Testing
import VAEKernels

@testable import VAEData

struct NumberTextTests {
  private func float(_ text: String) -> Float? {
    Array(text.utf8).withUnsafeBufferPointer { NumberText.float($0) }
  }

  @Test(arguments: [
    "0", "-0", "1", "+1", "007", ".5", "5.", "-1.5e3", "1E+05", "1e-05", "3.4028235e38", "3.4028236e38", "-1e39",
    "1e-45", "1.1754944e-38", "1.17549429e-38", "7e-46", "16777217", "16777219", "0.1", "1e400", "1e-400",
    "123456789012345678901234567890", "0.000000000000000000000000000000000000000000123456789e30", "1e99999999999",
    // The middle between two floats, and either side of it.
    "1.000000059604644775390625", "1.0000000596046447753906250000000001", "1.0000000596046447753906249999999999",
  ]) func numbersAreThoseOfTheLibrary(text: String) {
    #expect(float(text)?.bitPattern == Float(text)?.bitPattern)
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "0x10", "1f", "1_000", "O.5", "−1", " 1", "nano", "in", "--1",
  ]) func nothingElseIsANumber(text: String) {
    #expect(float(text) == nil)
  }

  /// The point is a comma where that is asked for, and then a point is none.
  @Test(arguments: [("1,5", 1.5), ("-,5e1", -5), ("16777217,0", 16_777_216), ("1.5", nil), ("1,5,2", nil)])
  func aCommaMayBeThePoint(text: String, expected: Float?) {
    let number = Array(text.utf8).withUnsafeBufferPointer { NumberText.float($0, point: UInt8(ascii: ",")) }
    #expect(number == expected)
  }

  @Test(arguments: [
    ("12", 0), ("1.", 0), ("1.50", 2), ("-.125", 3), ("1e3", 1), ("1.5E-3", 4), ("1.50e1", 1),
    ("2e-8", 8), ("1.234567890123456789e-07", 19), ("1e-9999999999", 19), ("inf", nil), ("a", nil), ("", nil),
  ]) func decimalsAreTheDigitsBehindThePoint(text: String, expected: Int?) {
    #expect(Array(text.utf8).withUnsafeBufferPointer { NumberText.decimals($0) } == expected)
  }

  @Test func wordsAreRead() {
    for text in ["nan", "NaN", "-nan"] { #expect(float(text)?.isNaN == true) }
    #expect(["inf", "-Infinity", "+INF"].map(float) == [.infinity, -.infinity, .infinity])
  }

  /// The shortest text of a float, that of NumPy's `savetxt`, and others near the middle between two floats.
  @Test func everyFloatComesBack() {
    var random = RandomSequence(RandomStream(seed: 1, purpose: .user))
    for _ in 0..<20_000 {
      let value = Float(
        bitPattern: UInt32(random.integer(below: 1 << 16)) << 16 | UInt32(random.integer(below: 1 << 16)))
      guard value.isFinite else { continue }
      #expect(float(value.description)?.bitPattern == value.bitPattern)
      let middle = (Double(value) + Double(value.nextUp)) / 2
      for number in [Double(value), middle, middle.nextUp, middle.nextDown] {
        let text = number.description
        #expect(float(text)?.bitPattern == Float(text)?.bitPattern, "\(text)")
      }
    }
  }

  @Test func aCommaOfThousandsIsTold() {
    for (text, number) in [("1,000", "1000"), ("12,345,678", "12345678")] {
      #expect(NumberText.expectedPoint(of: text).hasPrefix("a number without a comma, as in \(number) "))
    }
    for text in ["0,123", "-0,123", "00,123", ",123", "1,5", "1,5e3", "1234,567", "1,000,5"] {
      #expect(NumberText.expectedPoint(of: text).hasPrefix("a number with a point"), "\(text)")
    }
  }
}
