import VAEData

/// What a header may claim before anything is allocated for it.
enum PictureLimits {
  /// 200 megapixels, a little more than the largest cameras in telephones have; 600 MB in colour, 800 MB
  /// with a channel of transparency.
  static let pixels = 200_000_000
  /// As libpng has it; JPEG ends at 65,535.
  static let side = 1_000_000
  /// The bytes of a file. A photograph of that many pixels is smaller.
  static let fileBytes = 1 << 29

  /// Throws where a header that says `width` × `height` is not to be believed.
  static func check(width: Int, height: Int, pixels: Int = pixels, path: String) throws(DataError) {
    guard width > 0, height > 0 else {
      throw DataError(
        path: path, place: "header", expected: "a picture of at least one pixel", found: "\(width) × \(height) pixels")
    }
    guard width <= side, height <= side, width * height <= pixels else {
      throw DataError(
        path: path, place: "header",
        expected: "a picture of at most \(pixels / 1_000_000) megapixels and \(side) pixels a side",
        found: "\(width) × \(height) pixels")
    }
  }
}
