import Foundation
import Testing

@testable import VAEReport

/// Numbers as a page holds them.
@Suite struct PackedNumbersTests {
  @Test func theErrorIsHalfAScale() {
    let numbers: [Float] = [1, -100, 0.5, 3, -0.25, 0]
    let (whole, scales) = PackedNumbers.quantize(numbers, columns: 2)
    #expect(abs(scales[0] - 1 / 32_767) < 1e-9 && abs(scales[1] - 100 / 32_767) < 1e-7)
    for (index, number) in numbers.enumerated() {
      let scale = scales[index % 2]
      #expect(abs(Float(whole[index]) * scale - number) <= scale * 0.5001)
    }
    #expect(whole[1] == -32_767)
  }

  @Test func whatIsNotANumberIsZero() {
    let (whole, scales) = PackedNumbers.quantize([.nan, .infinity, 0, 0], columns: 2)
    #expect(whole == [0, 0, 0, 0] && scales == [1, 1])
  }

  @Test func twoPixelsAByte() {
    #expect(PackedNumbers.fourBits([0, 1, 0.5, -3, 7]) == [0x0F, 0x80, 0xF0])
    #expect(PackedNumbers.base64([Int16(1), -2]) == Data([1, 0, 0xFE, 0xFF]).base64EncodedString())
  }
}
