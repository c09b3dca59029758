import VAEKernels

/// What is said of pictures that are not as they should be, and how others are read so that they are.
extension Dataset {
  /// "pictures of 12 × 10", or "examples of 120 numbers" of what are none.
  package var shapeInWords: String {
    imageShape.map { "pictures of \($0)" } ?? "examples of \(rawWidth.counted("number"))"
  }
}

extension ImageShape {
  /// What to do about pictures of a folder that are of `other` size; empty where the size is the same, or not known.
  package func advice(toPicturesOf other: ImageShape?) -> String {
    guard let other, (width, height) != (other.width, other.height) else { return "" }
    return " (--image-size \(width)x\(height) brings them to it)"
  }
}

extension PictureReading {
  /// Has pictures grey or in colours as those of `shape` are, unless it is said already.
  package mutating func takeChannels(of shape: ImageShape?) {
    guard let shape, channels == .automatic, [1, 3].contains(shape.channels) else { return }
    channels = shape.channels == 1 ? .grey : .color
  }
}
