import Foundation

/// Numbers as a page holds them: whole ones of 16 bits with a scale, in base64.
enum PackedNumbers {
  /// `rows` × `columns` numbers, row after row, as whole numbers from −32,767 to 32,767 times a scale for each column.
  ///
  /// The error is at most half a scale, 1.5e-5 of the largest number of its column: ten times less than that of
  /// half-precision floats, which take as much room.
  static func quantize(_ numbers: [Float], columns: Int) -> (whole: [Int16], scales: [Float]) {
    var scales = [Float](repeating: 0, count: columns)
    for (index, number) in numbers.enumerated() where number.isFinite {
      scales[index % columns] = max(scales[index % columns], abs(number))
    }
    for column in 0..<columns { scales[column] = scales[column] > 0 ? scales[column] / 32_767 : 1 }
    let whole = numbers.enumerated().map { index, number in
      number.isFinite ? Int16((number / scales[index % columns]).rounded()) : 0
    }
    return (whole, scales)
  }

  /// The numbers' bytes in memory's order, which is little-endian wherever this runs.
  static func base64<Number: BitwiseCopyable>(_ numbers: [Number]) -> String {
    numbers.withUnsafeBytes { Data($0) }.base64EncodedString()
  }

  /// Two pixels a byte, of 16 greys each, the first in the upper half.
  static func fourBits(_ pixels: [Float]) -> [UInt8] {
    let grey = { (pixel: Float) in UInt8((min(max(pixel, 0), 1) * 15).rounded()) }
    return stride(from: 0, to: pixels.count, by: 2).map { index in
      grey(pixels[index]) << 4 | (index + 1 < pixels.count ? grey(pixels[index + 1]) : 0)
    }
  }
}
