import CPNG
import VAEData

// The only file of this module that sees libpng, and only its simplified interface: the other one reports errors by
// longjmp, which must not pass through Swift.

/// PNG of every colour type and depth, interlaced or not.
///
/// Fewer than 8 bits are spread to the whole range, 16 are rounded to the nearest of 255 steps: v · 255 / 65535. (Pillow
/// and others take the upper byte, which is less by 1 for half of all values.) What a file says of gamma or of colour
/// profiles is left alone. Of an animation it is the still picture.
enum PNGDecoder {
  /// The picture in `file`, over `background` where it is transparent.
  static func decode(_ file: [UInt8], path: String, background: PictureColor) throws(DataError) -> Picture {
    let chunks = try PNGChunks(file, path: path)
    // 16 bits are read as they are, which libpng calls linear, and not as 8: several of its versions, Debian's 1.6.39 among
    // them, make wrong ones of an interlaced picture (issue 853 of pnggroup/libpng).
    let picture =
      if chunks.depth == 16 {
        try pixels(UInt16.self, png_uint_32(PNG_FORMAT_FLAG_LINEAR), chunks, path: path).picture(over: background)
      } else {
        try pixels(UInt8.self, 0, chunks, path: path).picture(over: background)
      }
    return chunks.orientation.upright(picture)
  }

  /// The pixels as libpng reads them, in grey or colours and with or without a channel that says how much they cover, as the
  /// file has them.
  private static func pixels<Number: BitwiseCopyable>(
    _ type: Number.Type, _ depthFlag: png_uint_32, _ chunks: PNGChunks, path: String
  ) throws(DataError) -> PNGPixels<Number> {
    let (colourFlag, alphaFlag) = (png_uint_32(PNG_FORMAT_FLAG_COLOR), png_uint_32(PNG_FORMAT_FLAG_ALPHA))
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    // libpng keeps the address it is given until it has finished reading.
    let pixels: PNGPixels<Number>? = chunks.pixelFile.withUnsafeBytes { file in
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else { return nil }
      defer { png_image_free(&image) }
      // The buffer is of the size that was checked.
      guard Int(image.width) == chunks.width, Int(image.height) == chunks.height else { return nil }
      // Without the flag of a palette: its entries.
      image.format = image.format & (colourFlag | alphaFlag) | depthFlag
      let hasAlpha = image.format & alphaFlag != 0
      let channels = (image.format & colourFlag != 0 ? 3 : 1) + (hasAlpha ? 1 : 0)
      var isRead = false
      let numbers = [Number](unsafeUninitializedCapacity: chunks.width * chunks.height * channels) { numbers, count in
        isRead = png_image_finish_read(&image, nil, numbers.baseAddress, 0, nil) != 0
        count = isRead ? numbers.count : 0
      }
      // A warning is of damage that libpng has gone round.
      guard isRead, image.warning_or_error == 0 else { return nil }
      return PNGPixels(
        width: chunks.width, height: chunks.height, channels: channels, hasAlpha: hasAlpha, numbers: numbers)
    }
    guard let pixels else {
      let words = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw DataError(path: path, expected: "a whole PNG", found: "damage: \(words)")
    }
    return pixels
  }
}
