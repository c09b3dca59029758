/// A picture of bytes, grey or red-green-blue.
public struct PNGImage: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows of pixels.
  public let height: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// The pixels, row by row from the top, the channels of a pixel side by side; 0 is black.
  public var bytes: [UInt8]

  /// A picture of `width` × `height` pixels of 1 or 3 channels, all of the same `value`.
  public init(width: Int, height: Int, channels: Int, filledWith value: UInt8 = 0) {
    self.init(
      width: width, height: height, channels: channels,
      bytes: [UInt8](repeating: value, count: width * height * channels))
  }

  /// A picture of the bytes given.
  public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    precondition(width > 0 && height > 0, "no picture has \(width) × \(height) pixels")
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 channels, not \(channels)")
    precondition(
      bytes.count == width * height * channels,
      "\(bytes.count) bytes for \(width) × \(height) pixels of \(channels) channels")
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }
}
