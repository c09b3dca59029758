import VAEData

/// What stands before the pixels of a JPEG file (ITU-T T.81, annex B): segments of a marker, a length and data.
///
/// The size is read here because TurboJPEG's own way to it refuses a file whose colours are sampled in an unusual way,
/// although it can decode it.
struct JPEGSegments {
  /// Pixels in a row.
  let width: Int
  /// Rows.
  let height: Int
  /// 1 for grey, 3 for colours, 4 for inks.
  let components: Int
  /// How it was held, from the first APP1 segment that has notes of a camera.
  let orientation: Orientation

  /// The segments of `file`, up to the first of the pixels. `path` is for messages.
  init(_ file: [UInt8], path: String) throws(DataError) {
    let fields = ByteFields(file[...])
    var frame: ByteFields?
    var orientation: Orientation?
    var place = 2
    while let marker = fields.number(place, width: 2), marker >> 8 == 0xFF {
      // Any number of 0xFF may stand before a marker.
      if marker == 0xFFFF {
        place += 1
        continue
      }
      // The pixels, and the end.
      if marker == 0xFFDA || marker == 0xFFD9 { break }
      // TEM and the restart markers stand alone.
      if marker == 0xFF01 || (0xFFD0...0xFFD7).contains(marker) {
        place += 2
        continue
      }
      guard let length = fields.number(place + 2, width: 2), length >= 2,
        let data = fields.slice(place + 4, length - 2)
      else { break }
      // C4, C8 and CC are tables and no frames.
      if frame == nil, (0xFFC0...0xFFCF).contains(marker), ![0xFFC4, 0xFFC8, 0xFFCC].contains(marker) {
        frame = ByteFields(data)
      }
      let name = Array("Exif\0\0".utf8)
      if orientation == nil, marker == 0xFFE1, ByteFields(data).has(name) {
        orientation = Exif.orientation(data.dropFirst(name.count)) ?? .upright
      }
      place += 2 + length
    }
    guard let height = frame?.number(1, width: 2), let width = frame?.number(3, width: 2),
      let components = frame?.number(5, width: 1)
    else {
      throw DataError(
        path: path, place: "header", expected: "a JPEG that says its size", found: "none before byte \(place)")
    }
    try PictureLimits.check(width: width, height: height, path: path)
    // Every block of 8 × 8 pixels takes a bit or more. (Less is possible with arithmetic coding, which no browser reads.)
    guard ((width + 7) / 8) * ((height + 7) / 8) <= file.count * 8 else {
      throw DataError(
        path: path, expected: "the pixels of a JPEG of \(width) × \(height)",
        found: "a file of only \(file.count) bytes")
    }
    self.width = width
    self.height = height
    self.components = components
    self.orientation = orientation ?? .upright
  }
}
