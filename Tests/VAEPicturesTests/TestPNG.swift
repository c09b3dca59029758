import CPNG
import VAEPictures

extension Picture {
  /// A picture that tells its pixels apart, and itself from those of other seeds.
  static func test(_ width: Int, _ height: Int, channels: Int = 1, seed: Int = 0) -> Picture {
    let bytes = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: ($0 + 1) &* (37 + 2 * seed) &+ seed) }
    return Picture(width: width, height: height, channels: channels, bytes: bytes)
  }

  /// A PNG file of it.
  var png: [UInt8] {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(width)
    image.height = png_uint_32(height)
    image.format = channels == 3 ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
    var file = [UInt8](repeating: 0, count: 2 * bytes.count + 4096)
    var count = png_alloc_size_t(file.count)
    precondition(png_image_write_to_memory(&image, &file, &count, 0, bytes, 0, nil) != 0, "libpng wrote no picture")
    return Array(file[..<Int(count)])
  }
}
