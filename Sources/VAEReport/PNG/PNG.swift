import CPNG
import VAEData

// The only file that sees libpng, and only its simplified interface: the other one reports errors by longjmp, which
// must not pass through Swift.

extension PNGImage {
  /// The PNG file of this picture, 8 bits a channel.
  public func encoded() throws(PNGError) -> [UInt8] {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(width)
    image.height = png_uint_32(height)
    image.format = Self.format(channels: channels)
    // Never longer than the pixels as they are and what the format adds: a byte for each row, a few for each block
    // of the compressor, and the chunks around them.
    let raw = bytes.count + height
    var count = png_alloc_size_t(raw + raw / 1000 + 4096)
    var file = [UInt8](repeating: 0, count: Int(count))
    guard png_image_write_to_memory(&image, &file, &count, 0, bytes, 0, nil) != 0 else {
      throw PNGError(image, whileDoing: "write a PNG of \(width) × \(height) pixels")
    }
    file.removeLast(file.count - Int(count))
    return file
  }

  /// Writes the PNG file of this picture: wholly, or not at all.
  public func write(to path: String) throws {
    try AtomicFile.write(try encoded(), to: path)
  }

  /// The picture in a PNG `file`, of 3 channels if it has colours and 1 if not. Transparent places become black.
  public init(decoding file: [UInt8]) throws(PNGError) {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    // libpng keeps the address it is given until it has finished reading.
    let picture: Self? = file.withUnsafeBytes { file in
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else { return nil }
      defer { png_image_free(&image) }
      let channels = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0 ? 3 : 1
      image.format = Self.format(channels: channels)
      let (width, height) = (Int(image.width), Int(image.height))
      guard width * height <= Self.maximumPixelCount else { return nil }
      var bytes = [UInt8](repeating: 0, count: width * height * channels)
      var black = png_color()
      guard png_image_finish_read(&image, &black, &bytes, 0, nil) != 0 else { return nil }
      return Self(width: width, height: height, channels: channels, bytes: bytes)
    }
    guard let picture else { throw PNGError(image, whileDoing: "read the PNG") }
    self = picture
  }

  /// A header may claim anything; this is more than any picture of ours.
  private static let maximumPixelCount = 1 << 28

  private static func format(channels: Int) -> png_uint_32 {
    channels == 3 ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
  }
}

/// What libpng said went wrong.
public struct PNGError: Error, Hashable, CustomStringConvertible {
  /// One line: what was being done, and libpng's words.
  public let description: String

  fileprivate init(_ image: png_image, whileDoing action: String) {
    let words = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let reason = words.isEmpty ? "it has too many pixels" : words
    description = "cannot \(action): \(reason)"
  }
}
