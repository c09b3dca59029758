import CTurboJPEG
import VAEData

// The only file that sees TurboJPEG, the interface of libjpeg-turbo that needs no longjmp. Of its functions, those that
// versions 2 and 3 both have.

/// JPEG of one or three components, sequential or progressive, upright by its EXIF orientation.
///
/// Four components are inks (CMYK), whose colours only a profile could tell, and are refused. All that the library warns of
/// is an error too: it fills with grey what a file lacks.
enum JPEGDecoder {
  /// The picture in `file`.
  static func decode(_ file: [UInt8], path: String) throws(DataError) -> Picture {
    let segments = try JPEGSegments(file, path: path)
    let (width, height, channels) = (segments.width, segments.height, segments.components)
    guard channels == 1 || channels == 3 else {
      throw DataError(
        path: path, expected: "a JPEG in grey or in red, green and blue",
        found: channels == 4 ? "one in CMYK, for print; convert it to RGB first" : "one of \(channels) components")
    }
    guard let decoder = tjInitDecompress() else {
      throw DataError(path: path, expected: "memory to decode a JPEG", found: "none")
    }
    defer { tjDestroy(decoder) }
    let format = channels == 1 ? TJPF_GRAY : TJPF_RGB
    // With width, height and length of a row given it writes nothing beyond, whatever the file says.
    var bytes = [UInt8](repeating: 0, count: width * height * channels)
    let status = tjDecompress2(
      decoder, file, UInt(file.count), &bytes, Int32(width), Int32(width * channels), Int32(height),
      Int32(format.rawValue), TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
    guard status == 0 else {
      let words = String(cString: tjGetErrorStr2(decoder))
      throw DataError(path: path, expected: "a whole JPEG", found: "damage: \(words)")
    }
    return segments.orientation.upright(Picture(width: width, height: height, channels: channels, bytes: bytes))
  }
}
