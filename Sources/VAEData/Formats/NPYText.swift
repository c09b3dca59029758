/// How an NPY file stores a text: as many characters for each, four bytes a character (`<U5`) or one (`|S5`), with zeros behind
/// those that are shorter.
struct NPYText: Equatable {
  /// The characters of a text.
  let length: Int
  /// Whether a character has four bytes, as "U" has, and not one.
  let isWide: Bool
  let isBigEndian: Bool

  /// Bytes of a text.
  var width: Int { length * (isWide ? 4 : 1) }

  /// Reads NumPy's word for a type.
  init?(_ word: String) {
    var word = Substring(word)
    let order = word.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if order != nil { word.removeFirst() }
    guard let letter = word.first, "USa".contains(letter), let length = Int(word.dropFirst()),
      (0..<1 << 24).contains(length)
    else { return nil }
    (self.length, isWide, isBigEndian) = (length, letter == "U", order == ">")
  }

  /// The text in its bytes, `width` of them; what is no character in them is U+FFFD.
  func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
    guard isWide else {
      let end = bytes.lastIndex { $0 != 0 }
      return end.map { String(decoding: bytes[...$0], as: UTF8.self) } ?? ""
    }
    var scalars: [UInt32] = []
    var scalar: (value: UInt32, count: Int) = (0, 0)
    for byte in bytes {
      scalar.value |= UInt32(byte) << UInt32(8 * (isBigEndian ? 3 - scalar.count : scalar.count))
      scalar.count += 1
      if scalar.count == 4 {
        scalars.append(scalar.value)
        scalar = (0, 0)
      }
    }
    while scalars.last == 0 { scalars.removeLast() }
    return String(decoding: scalars, as: UTF32.self)
  }
}

extension NPY {
  /// The texts of an array of any rank, the last index fastest in the file.
  static func readTexts(_ stream: some ByteStream) throws -> [String] {
    let header = try header(stream)
    func error(_ found: String) -> DataError {
      DataError(
        path: stream.path, place: "header",
        expected: "\(header.shape.map(String.init).joined(separator: " × ")) texts of the type \(header.typeName)",
        found: found)
    }
    guard let type = NPYText(header.typeName), let count = header.count else { throw error("another type or shape") }
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: type.width)
    switch try stream.claim(rest: overflow ? .max : byteCount) {
    case .plausible: break
    case .wrong(let left): throw error("\(left) bytes")
    case .impossible(let compressed): throw error("\(compressed) compressed bytes, which cannot hold them")
    }
    let meaning = count.counted("text")
    try LargeAllocation.check(count, of: String.self, path: stream.path, meaning: meaning)
    if type.width == 0 { return Array(repeating: "", count: count) }
    try LargeAllocation.check(byteCount, of: UInt8.self, path: stream.path, meaning: meaning)
    let bytes = try stream.read(atMost: byteCount)
    guard bytes.count == byteCount else { throw error("\(bytes.count) bytes") }
    guard try stream.read(atMost: 1).isEmpty else { throw error("more") }
    return (0..<count).map { type.text(bytes[$0 * type.width..<($0 + 1) * type.width]) }
  }
}
