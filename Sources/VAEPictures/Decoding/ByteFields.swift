/// Numbers in a file's bytes, each nil where it would reach beyond their end: what a file says of itself is not believed.
struct ByteFields {
  let bytes: ArraySlice<UInt8>
  let isBigEndian: Bool

  init(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool = true) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  /// The `count` bytes from `offset`, counted from the first.
  func slice(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
    return bytes[bytes.startIndex + offset..<bytes.startIndex + offset + count]
  }

  /// The unsigned number of `width` bytes at `offset`.
  func number(_ offset: Int, width: Int) -> Int? {
    slice(offset, width).map { bytes in
      isBigEndian
        ? bytes.reduce(0) { $0 << 8 | Int($1) } : bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
  }

  /// Whether `text` stands at `offset`.
  func has(_ text: [UInt8], at offset: Int = 0) -> Bool {
    slice(offset, text.count).map { $0.elementsEqual(text) } ?? false
  }
}
