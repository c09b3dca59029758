/// How an NPY file stores a number: the kind, the width in bytes and the order of the bytes, as in `<f4`.
struct NPYNumber: Equatable {
  enum Kind: Character {
    case bool = "b"
    case signed = "i"
    case unsigned = "u"
    case float = "f"
  }

  let kind: Kind
  let width: Int
  let isBigEndian: Bool

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

  /// "<f4", what a `Float` is.
  static let float32 = NPYNumber("<f4")!

  /// The numbers that lie in `bytes`, one after another, each as the nearest 32-bit float.
  func floats(in bytes: UnsafeRawBufferPointer) -> [Float] {
    let count = bytes.count / width
    return [Float](unsafeUninitializedCapacity: count) { output, initializedCount in
      initializedCount = count
      if let base = output.baseAddress { convert(bytes, into: base) }
    }
  }

  /// Writes the same numbers to `output`.
  func convert(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutablePointer<Float>) {
    switch (kind, width) {
    case (.bool, _): for index in 0..<bytes.count { output[index] = bytes[index] == 0 ? 0 : 1 }
    case (.signed, 1): integers(bytes, Int8.self, output)
    case (.signed, 2): integers(bytes, Int16.self, output)
    case (.signed, 4): integers(bytes, Int32.self, output)
    case (.signed, _): integers(bytes, Int64.self, output)
    case (.unsigned, 1): integers(bytes, UInt8.self, output)
    case (.unsigned, 2): integers(bytes, UInt16.self, output)
    case (.unsigned, 4): integers(bytes, UInt32.self, output)
    case (.unsigned, _): integers(bytes, UInt64.self, output)
    case (.float, 2): words(bytes, UInt16.self, output) { Float(halfBits: $0) }
    case (.float, 4): words(bytes, UInt32.self, output) { Float(bitPattern: $0) }
    case (.float, _): words(bytes, UInt64.self, output) { Float(Double(bitPattern: $0)) }
    }
  }

  private func integers<Integer: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ type: Integer.Type, _ output: UnsafeMutablePointer<Float>
  ) {
    words(bytes, type, output) { Float($0) }
  }

  private func words<Word: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, _ output: UnsafeMutablePointer<Float>, _ float: (Word) -> Float
  ) {
    for index in 0..<bytes.count / MemoryLayout<Word>.size {
      let word = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
      output[index] = float(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word))
    }
  }
}
