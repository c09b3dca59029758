/// What a file is, by its first bytes: names lie, and a page that says "not found" is often called `picture.jpg`.
enum FileKind: Hashable {
  case png, jpeg
  /// What cannot be read as a picture here, in words.
  case other(String)

  /// How many bytes are looked at.
  static let length = 512

  /// The kind of a file that begins with `bytes`, all of them if it is shorter than `length`.
  init(_ bytes: ArraySlice<UInt8>) {
    let fields = ByteFields(bytes.prefix(Self.length))
    func begins(_ bytes: [UInt8], at offset: Int = 0) -> Bool { fields.has(bytes, at: offset) }
    func begins(_ text: String, at offset: Int = 0) -> Bool { fields.has(Array(text.utf8), at: offset) }
    if begins(PNGChunks.signature) {
      self = .png
    } else if begins([0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.isEmpty {
      self = .other("an empty file")
    } else if begins("GIF8") {
      self = .other("a GIF picture")
    } else if begins("RIFF"), begins("WEBP", at: 8) {
      self = .other("a WebP picture")
    } else if begins("BM"), fields.number(6, width: 4) == 0 {
      self = .other("a BMP picture")
    } else if begins([0x49, 0x49, 42, 0]) || begins([0x4D, 0x4D, 0, 42]) {
      self = .other("a TIFF picture")
    } else if begins("ftypheic", at: 4) || begins("ftypmif1", at: 4) || begins("ftypheix", at: 4) {
      self = .other("an HEIC picture")
    } else if begins("ftypavif", at: 4) {
      self = .other("an AVIF picture")
    } else if begins("jP  ", at: 4) || begins([0xFF, 0x4F, 0xFF, 0x51]) {
      self = .other("a JPEG 2000 picture")
    } else if begins([0xFF, 0x0A]) || begins("JXL ", at: 4) {
      self = .other("a JPEG XL picture")
    } else if begins([0x1F, 0x8B]) {
      self = .other("a gzip file")
    } else if begins([0x50, 0x4B, 3, 4]) {
      self = .other("a ZIP archive")
    } else if begins("%PDF") {
      self = .other("a PDF document")
    } else if begins("version https://git-lfs") {
      self = .other("a pointer of Git LFS, whose file was not fetched")
    } else if begins("<svg") || begins("<?xml") {
      self = .other("XML or an SVG drawing")
    } else if Self.isText(fields.bytes) {
      self = .other("text")
    } else {
      self = .other(Self.words(fields.bytes))
    }
  }

  /// In words, as it follows "found".
  var words: String {
    switch self {
    case .png: "a PNG picture"
    case .jpeg: "a JPEG picture"
    case .other(let words): words
    }
  }

  /// No control characters but white space; a character of several bytes may be cut off at the end.
  private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.allSatisfy({ $0 >= 32 && $0 != 127 || (9...13).contains($0) }) else { return false }
    return (0...3).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
  }

  private static func words(_ bytes: ArraySlice<UInt8>) -> String {
    if bytes.allSatisfy({ $0 == 0 }) { return "zeros" }
    let digits = bytes.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
    return "an unknown format that begins with the bytes \(digits.joined(separator: " "))"
  }
}
