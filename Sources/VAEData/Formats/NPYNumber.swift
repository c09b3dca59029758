/// How an NPY file stores a number: the kind, the width in bytes and the order of the bytes, as in `<f4`.
package struct NPYNumber: Equatable, Sendable {
  package enum Kind: Character, Sendable {
    case bool = "b"
    case signed = "i"
    case unsigned = "u"
    case float = "f"
  }

  package let kind: Kind
  package let width: Int
  package let isBigEndian: Bool

  /// Of every kind, the widths that are read. A `float128` is whatever the processor of its writer had.
  private static let widths: [Kind: Set<Int>] = [
    .bool: [1], .signed: [1, 2, 4, 8], .unsigned: [1, 2, 4, 8], .float: [2, 4, 8],
  ]

  /// For messages.
  static let known = "b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 and f8"

  /// Reads NumPy's word for a type. A number of one byte has no order, "|"; "=" is the order of the machine, which is "<"
  /// on all that this package is for.
  init?(_ word: String) {
    var word = Substring(word)
    let orders: Set<Character> = ["<", ">", "|", "="]
    let order = word.first.flatMap { orders.contains($0) ? $0 : nil }
    if order != nil { word.removeFirst() }
    if word == "?" { word = "b1" }
    guard let letter = word.first, let kind = Kind(rawValue: letter), let width = Int(word.dropFirst()),
      Self.widths[kind, default: []].contains(width)
    else { return nil }
    (self.kind, self.width, isBigEndian) = (kind, width, order == ">")
  }

  /// Whether the numbers lie in a file as floats lie in memory.
  var isFloat: Bool { kind == .float && width == 4 && !isBigEndian }

  /// The numbers that lie in `bytes`, one after another and anywhere, each as the nearest 32-bit float.
  package func floats(in bytes: UnsafeRawBufferPointer, into floats: UnsafeMutablePointer<Float>) {
    switch (kind, width) {
    case (.bool, _): words(bytes, UInt8.self, floats) { $0 == 0 ? 0 : 1 }
    case (.signed, 1): words(bytes, Int8.self, floats) { Float($0) }
    case (.signed, 2): words(bytes, Int16.self, floats) { Float($0) }
    case (.signed, 4): words(bytes, Int32.self, floats) { Float($0) }
    case (.signed, _): words(bytes, Int64.self, floats) { Float($0) }
    case (.unsigned, 1): words(bytes, UInt8.self, floats) { Float($0) }
    case (.unsigned, 2): words(bytes, UInt16.self, floats) { Float($0) }
    case (.unsigned, 4): words(bytes, UInt32.self, floats) { Float($0) }
    case (.unsigned, _): words(bytes, UInt64.self, floats) { Float($0) }
    case (.float, 2): words(bytes, UInt16.self, floats) { Float(halfBits: $0) }
    case (.float, 4): words(bytes, UInt32.self, floats) { Float(bitPattern: $0) }
    case (.float, _): words(bytes, UInt64.self, floats) { Float(Double(bitPattern: $0)) }
    }
  }

  /// The same of whole numbers; one that no `Int` holds is `Int.max`. The kind is not `float`.
  func integers(in bytes: UnsafeRawBufferPointer, into integers: UnsafeMutablePointer<Int>) {
    switch (kind, width) {
    case (.float, _): preconditionFailure("floats are no whole numbers")
    case (.bool, _): words(bytes, UInt8.self, integers) { $0 == 0 ? 0 : 1 }
    case (.signed, 1): words(bytes, Int8.self, integers) { Int($0) }
    case (.signed, 2): words(bytes, Int16.self, integers) { Int($0) }
    case (.signed, 4): words(bytes, Int32.self, integers) { Int($0) }
    case (.signed, _): words(bytes, Int64.self, integers) { Int($0) }
    case (.unsigned, 1): words(bytes, UInt8.self, integers) { Int($0) }
    case (.unsigned, 2): words(bytes, UInt16.self, integers) { Int($0) }
    case (.unsigned, 4): words(bytes, UInt32.self, integers) { Int($0) }
    case (.unsigned, _): words(bytes, UInt64.self, integers) { Int(clamping: $0) }
    }
  }

  /// The same of numbers of all kinds, each as the nearest 64-bit float.
  func doubles(in bytes: UnsafeRawBufferPointer, into doubles: UnsafeMutablePointer<Double>) {
    switch (kind, width) {
    case (.float, 2): words(bytes, UInt16.self, doubles) { Double(Float(halfBits: $0)) }
    case (.float, 4): words(bytes, UInt32.self, doubles) { Double(Float(bitPattern: $0)) }
    case (.float, _): words(bytes, UInt64.self, doubles) { Double(bitPattern: $0) }
    default:
      let count = bytes.count / width
      withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { whole in
        integers(in: bytes, into: whole.baseAddress!)
        for index in 0..<count { (doubles + index).initialize(to: Double(whole[index])) }
      }
    }
  }

  /// The digits of whole numbers of eight bytes.
  func digits(of bytes: UnsafeRawBufferPointer, into texts: UnsafeMutablePointer<String>) {
    switch kind {
    case .signed: words(bytes, Int64.self, texts) { String($0) }
    case .unsigned: words(bytes, UInt64.self, texts) { String($0) }
    case .bool, .float: preconditionFailure("\(kind) is no whole number of eight bytes")
    }
  }

  private func words<Word: FixedWidthInteger, Value>(
    _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, _ values: UnsafeMutablePointer<Value>, _ value: (Word) -> Value
  ) {
    for index in 0..<bytes.count / MemoryLayout<Word>.size {
      let word = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
      (values + index).initialize(to: value(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)))
    }
  }
}
