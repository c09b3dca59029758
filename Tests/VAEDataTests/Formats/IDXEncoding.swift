import VAEData

/// Numbers, each of which the type can hold, as the bytes of an uncompressed IDX file.
func encodeIDX(_ numbers: [Double], as type: IDXNumber, shape: [Int]) -> [UInt8] {
  func bigEndian(_ word: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: word.bigEndian) { Array($0) } }
  let bytes = numbers.flatMap { number in
    switch type {
    case .unsignedByte: bigEndian(UInt8(number))
    case .signedByte: bigEndian(Int8(number))
    case .short: bigEndian(Int16(number))
    case .int: bigEndian(Int32(number))
    case .float: bigEndian(Float(number).bitPattern)
    case .double: bigEndian(number.bitPattern)
    }
  }
  return [0, 0, type.rawValue, UInt8(shape.count)] + shape.flatMap { bigEndian(UInt32($0)) } + bytes
}
