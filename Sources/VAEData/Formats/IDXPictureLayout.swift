/// How the pictures of an IDX file lie in it, and how they come to lie as an `ImageShape` has them: rows from the top,
/// pixels from the left, channels innermost.
struct IDXPictureLayout {
  /// The pictures as they are to be.
  let imageShape: ImageShape
  /// How far apart, in the file, two numbers are that are to be neighbours in a column, in a row and in a pixel.
  private let steps: (row: Int, column: Int, channel: Int)

  /// The layout of an array of this shape, the examples first; nil where that is an array of vectors.
  ///
  /// `transposed`: whether the rows of the file are columns of the picture.
  init?(shape: [Int], transposed: Bool) {
    switch shape.count {
    case 3: self.init(height: shape[1], width: shape[2], channels: 1, channelsFirst: false, transposed: transposed)
    case 4 where Self.hasChannelsFirst(shape):
      self.init(height: shape[2], width: shape[3], channels: shape[1], channelsFirst: true, transposed: transposed)
    case 4:
      self.init(
        height: shape[1], width: shape[2], channels: shape[3], channelsFirst: false, transposed: transposed)
    default: return nil
    }
  }

  /// Where both ends could be channels, as in 3 × 32 × 3, the usual order is taken: they come last.
  private static func hasChannelsFirst(_ shape: [Int]) -> Bool {
    let channelCounts = [1, 3]
    return channelCounts.contains(shape[1]) && !channelCounts.contains(shape[3])
  }

  /// `height` and `width` are the file's.
  private init(height: Int, width: Int, channels: Int, channelsFirst: Bool, transposed: Bool) {
    let row = channelsFirst ? width : width * channels
    let column = channelsFirst ? 1 : channels
    let channel = channelsFirst ? height * width : 1
    if transposed {
      imageShape = ImageShape(width: height, height: width, channels: channels)
      steps = (row: column, column: row, channel)
    } else {
      imageShape = ImageShape(width: width, height: height, channels: channels)
      steps = (row, column, channel)
    }
  }

  /// Whether the pictures lie in the file as they are to be, so that a row may be read where it lies. Of a single channel
  /// the step does not matter.
  var isInOrder: Bool {
    let (width, channels) = (imageShape.width, imageShape.channels)
    return steps.row == width * channels && steps.column == channels && (steps.channel == 1 || channels == 1)
  }

  /// Puts pictures, one after another as they lie in the file, in order.
  func arrange<Number: BitwiseCopyable>(_ pictures: inout UnsafeMutableBufferPointer<Number>) {
    guard !isInOrder, var picture = pictures.baseAddress else { return }
    let count = imageShape.featureCount
    let source = UnsafeMutablePointer<Number>.allocate(capacity: count)
    defer { source.deallocate() }
    for _ in 0..<pictures.count / count {
      source.update(from: picture, count: count)
      for y in 0..<imageShape.height {
        for x in 0..<imageShape.width {
          let pixel = source + (y * steps.row + x * steps.column)
          for channel in 0..<imageShape.channels {
            picture.pointee = pixel[channel * steps.channel]
            picture += 1
          }
        }
      }
    }
  }
}
