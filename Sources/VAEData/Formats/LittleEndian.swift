extension UnsafeRawBufferPointer {
  /// The whole number of the width of `type` at `offset`, the lowest byte first. One that no `Int` holds is `Int.max`: as a
  /// size or a place it is too large all the same.
  func littleEndian<Word: FixedWidthInteger & UnsignedInteger>(_ type: Word.Type, at offset: Int) -> Int {
    Int(clamping: Word(littleEndian: loadUnaligned(fromByteOffset: offset, as: type)))
  }
}
