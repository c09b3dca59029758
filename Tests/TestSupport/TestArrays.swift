import VAEData

/// Arrays of numbers as files, of any type that NumPy has.
public enum TestArrays {
  /// An NPY file of `numbers`, each of which the type can hold: `word` is NumPy's for it, "<f4" or ">i2".
  public static func npy(_ numbers: [Double], as word: String, shape: [Int]) -> [UInt8] {
    var text =
      "{'descr': '\(word)', 'fortran_order': False, 'shape': (\(shape.map { "\($0)," }.joined(separator: " "))), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    let header = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
    return header + bytes(numbers, as: word)
  }

  /// An IDX file whose type has this code.
  public static func idx(_ numbers: [Double], as word: String, code: UInt8, shape: [Int]) -> [UInt8] {
    [0, 0, code, UInt8(shape.count)] + shape.flatMap { size in [24, 16, 8, 0].map { UInt8(size >> $0 & 255) } }
      + bytes(numbers, as: word)
  }

  private static func bytes(_ numbers: [Double], as word: String) -> [UInt8] {
    let isBig = word.hasPrefix(">")
    func bytes(_ word: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: isBig ? word.bigEndian : word.littleEndian) { Array($0) }
    }
    return numbers.flatMap { number in
      switch word.dropFirst() {
      case "u1": bytes(UInt8(number))
      case "i2": bytes(Int16(number))
      case "i4": bytes(Int32(number))
      case "f4": bytes(Float(number).bitPattern)
      case "f8": bytes(number.bitPattern)
      default: preconditionFailure("no type \(word)")
      }
    }
  }
}
