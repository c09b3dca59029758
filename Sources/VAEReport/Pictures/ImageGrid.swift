/// Lays out pictures of one size in rows and columns of a larger one.
public struct ImageGrid: Sendable, Hashable {
  /// Pixels in a row of each picture.
  public let imageWidth: Int
  /// Rows of pixels of each picture.
  public let imageHeight: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// Pictures in a column of the grid.
  public let rows: Int
  /// Pictures in a row of the grid.
  public let columns: Int
  /// The pixels a pixel of a picture becomes, along each side.
  public var scale = 1
  /// The pixels between two pictures, and around them all.
  public var gap = 2
  /// The value of the gaps, and of places without a picture: a grey that parts black pictures, and white ones.
  public var gapValue: UInt8 = 72

  /// A grid of `rows` × `columns` pictures.
  public init(imageWidth: Int, imageHeight: Int, channels: Int = 1, rows: Int, columns: Int) {
    precondition(
      imageWidth > 0 && imageHeight > 0, "no picture has \(imageWidth) × \(imageHeight) pixels")
    precondition(rows > 0 && columns > 0, "no grid has \(rows) rows and \(columns) columns")
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    self.channels = channels
    self.rows = rows
    self.columns = columns
  }

  /// The grid filled with `pixels`, picture after picture along the rows of the grid, as many as there are; those
  /// of each picture as in `PNGImage.bytes`, but from 0 to 1. Beyond that range they are clamped; NaN becomes 0.
  public func image(of pixels: [Float]) -> PNGImage {
    let imageCount = imageWidth * imageHeight * channels
    precondition(
      pixels.count % imageCount == 0 && pixels.count / imageCount <= rows * columns,
      "\(pixels.count) pixels do not make up to \(rows * columns) pictures of \(imageCount)")
    precondition(scale > 0 && gap >= 0, "no grid has a scale of \(scale) and gaps of \(gap)")
    var grid = PNGImage(
      width: columns * (imageWidth * scale + gap) + gap, height: rows * (imageHeight * scale + gap) + gap,
      channels: channels, filledWith: gapValue)
    for index in 0..<pixels.count / imageCount {
      let left = gap + index % columns * (imageWidth * scale + gap)
      let top = gap + index / columns * (imageHeight * scale + gap)
      draw(pixels[index * imageCount..<(index + 1) * imageCount], left: left, top: top, into: &grid)
    }
    return grid
  }

  private func draw(_ pixels: ArraySlice<Float>, left: Int, top: Int, into grid: inout PNGImage) {
    for y in 0..<imageHeight * scale {
      for x in 0..<imageWidth * scale {
        let source = pixels.startIndex + (y / scale * imageWidth + x / scale) * channels
        let target = ((top + y) * grid.width + left + x) * channels
        for channel in 0..<channels {
          grid.bytes[target + channel] = Self.byte(pixels[source + channel])
        }
      }
    }
  }

  /// The nearest of the 256 values, for a pixel from 0 to 1.
  static func byte(_ pixel: Float) -> UInt8 {
    // A comparison with NaN is false.
    pixel > 0 ? UInt8((min(pixel, 1) * 255).rounded()) : 0
  }
}
