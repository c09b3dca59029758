/// How the numbers of one example lie on a picture: rows from the top, pixels from the left, channels innermost.
public struct ImageShape: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Pixels in a row.
  public var width: Int
  /// Rows.
  public var height: Int
  /// Numbers in a pixel: 1 for grey, 3 for colour.
  public var channels: Int

  /// A shape, grey unless said otherwise.
  public init(width: Int, height: Int, channels: Int = 1) {
    precondition(
      width > 0 && height > 0 && channels > 0, "no picture has \(width) × \(height) pixels of \(channels) channels")
    self.width = width
    self.height = height
    self.channels = channels
  }

  /// The number of numbers in one picture.
  public var featureCount: Int { width * height * channels }

  /// "28 × 28", or "32 × 32 × 3" where there is more than one channel.
  public var description: String {
    channels == 1 ? "\(width) × \(height)" : "\(width) × \(height) × \(channels)"
  }
}
