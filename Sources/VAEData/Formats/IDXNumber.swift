/// How an IDX file stores a number: its third byte. All are big-endian.
public enum IDXNumber: UInt8, Sendable, CaseIterable {
  case unsignedByte = 0x08
  case signedByte = 0x09
  case short = 0x0B
  case int = 0x0C
  case float = 0x0D
  case double = 0x0E

  /// The number of bytes.
  public var width: Int {
    switch self {
    case .unsignedByte, .signedByte: 1
    case .short: 2
    case .int, .float: 4
    case .double: 8
    }
  }

  /// Whether it may be no number, or infinite.
  var isFloatingPoint: Bool { self == .float || self == .double }

  /// The same type as NumPy calls it, for rows that are read where they lie.
  var inNumPy: NPYNumber {
    switch self {
    case .unsignedByte: NPYNumber("|u1")!
    case .signedByte: NPYNumber("|i1")!
    case .short: NPYNumber(">i2")!
    case .int: NPYNumber(">i4")!
    case .float: NPYNumber(">f4")!
    case .double: NPYNumber(">f8")!
    }
  }

  /// For messages, in the plural.
  var name: String {
    switch self {
    case .unsignedByte: "unsigned bytes"
    case .signedByte: "signed bytes"
    case .short: "16-bit integers"
    case .int: "32-bit integers"
    case .float: "32-bit floats"
    case .double: "64-bit floats"
    }
  }

  /// The number at place `index` of those that lie in `bytes` one after another, exactly.
  func value(at index: Int, in bytes: UnsafeRawBufferPointer) -> Double {
    func word<Word: FixedWidthInteger>(_: Word.Type) -> Word { Self.word(at: index, in: bytes) }
    return switch self {
    case .unsignedByte: Double(word(UInt8.self))
    case .signedByte: Double(word(Int8.self))
    case .short: Double(word(Int16.self))
    case .int: Double(word(Int32.self))
    case .float: Double(Float(bitPattern: word(UInt32.self)))
    case .double: Double(bitPattern: word(UInt64.self))
    }
  }

  /// All the numbers that lie in `bytes`, aligned as their type wants it, each as the nearest 32-bit float; `floats` has
  /// room for as many.
  func convert(_ bytes: UnsafeRawBufferPointer, into floats: UnsafeMutablePointer<Float>) {
    switch self {
    case .unsignedByte: fill(floats, bytes.bindMemory(to: UInt8.self)) { Float($0) }
    case .signedByte: fill(floats, bytes.bindMemory(to: Int8.self)) { Float($0) }
    case .short: fill(floats, bytes.bindMemory(to: Int16.self)) { Float($0.bigEndian) }
    case .int: fill(floats, bytes.bindMemory(to: Int32.self)) { Float($0.bigEndian) }
    case .float: fill(floats, bytes.bindMemory(to: UInt32.self)) { Float(bitPattern: $0.bigEndian) }
    case .double: fill(floats, bytes.bindMemory(to: UInt64.self)) { Float(Double(bitPattern: $0.bigEndian)) }
    }
  }

  private func fill<Word>(
    _ floats: UnsafeMutablePointer<Float>, _ words: UnsafeBufferPointer<Word>, _ float: (Word) -> Float
  ) {
    for index in 0..<words.count { floats[index] = float(words[index]) }
  }

  private static func word<Word: FixedWidthInteger>(at index: Int, in bytes: UnsafeRawBufferPointer) -> Word {
    Word(bigEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self))
  }
}
