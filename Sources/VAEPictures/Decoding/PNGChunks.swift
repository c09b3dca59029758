import VAEData

/// The parts of a PNG file (W3C Portable Network Graphics, third edition): a signature, then chunks of a length, a name of
/// four letters, data and a checksum, the last of them IEND.
///
/// They are walked before libpng sees the file, for three reasons. libpng's simplified interface stops at the last row, so
/// that a file cut off behind it would pass. It turns numbers into other numbers where a file says something of its gamma or
/// its colours, and a picture here is the numbers that are in the file, as in all programs that learn from them. And text
/// and colour profiles unpack to sizes of their own.
struct PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// What the pixels are made of.
  private static let pixelChunks: Set<String> = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]

  /// Pixels in a row.
  let width: Int
  /// Rows.
  let height: Int
  /// Bits of a number.
  let depth: Int
  /// The file with the chunks alone that the pixels are made of, each as it was.
  let pixelFile: [UInt8]
  /// How it was held, from a chunk eXIf.
  let orientation: Orientation

  /// The chunks of `file`, which begins with the signature. `path` is for messages.
  init(_ file: [UInt8], path: String) throws(DataError) {
    let fields = ByteFields(file[...])
    guard fields.number(8, width: 4) == 13, fields.has(Array("IHDR".utf8), at: 12),
      let width = fields.number(16, width: 4), let height = fields.number(20, width: 4),
      let depth = fields.number(24, width: 1), let colourType = fields.number(25, width: 1)
    else { throw DataError(path: path, place: "header", expected: "a PNG that begins with its size", found: "none") }
    // Those of 16 bits are read into twice as many bytes.
    try PictureLimits.check(
      width: width, height: height, pixels: depth == 16 ? PictureLimits.pixels / 2 : PictureLimits.pixels, path: path)

    var pixelFile = Self.signature
    pixelFile.reserveCapacity(file.count)
    var orientation = Orientation.upright
    var (place, compressedCount, isWhole) = (8, 0, false)
    while !isWhole {
      guard let count = fields.number(place, width: 4), let name = fields.slice(place + 4, 4),
        let chunk = fields.slice(place, 12 + count), let data = fields.slice(place + 8, count)
      else {
        throw DataError(path: path, expected: "a whole PNG", found: "one that is cut off behind byte \(file.count)")
      }
      let word = String(decoding: name, as: UTF8.self)
      if Self.pixelChunks.contains(word) {
        pixelFile += chunk
      } else if name.first! & 0x20 == 0 {
        // Chunks with a capital are those without which a file is not to be understood.
        throw DataError(path: path, expected: "chunks that PNG has", found: "one called \(String(reflecting: word))")
      }
      if word == "IDAT" { compressedCount += count }
      if word == "eXIf" { orientation = Exif.orientation(data) ?? .upright }
      isWhole = word == "IEND"
      place += 12 + count
    }
    // Deflate makes no more than 1,032 bytes of one: 258 of two bits. A header that claims more is not worth its memory.
    let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colourType] ?? 1
    let rawCount = height * ((width * samples * depth + 7) / 8)
    guard rawCount / 1032 <= compressedCount else {
      throw DataError(
        path: path, expected: "the pixels of a PNG of \(width) × \(height)",
        found: "only \(compressedCount) bytes of them")
    }
    self.width = width
    self.height = height
    self.depth = depth
    self.pixelFile = pixelFile
    self.orientation = orientation
  }
}
