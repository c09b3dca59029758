/// How a picture was held when it was taken: the tag 0x0112 of EXIF 2.32 (CIPA DC-008), which says where the first row
/// and the first column of the file belong.
enum Orientation: Int, CaseIterable, Sendable {
  case upright = 1
  case mirrored, upsideDown, flipped, transposed, turnedLeft, transversed, turnedRight

  /// Whether rows become columns.
  private var swapsSides: Bool { rawValue >= 5 }

  /// `picture`, stored in this way, as it is to be looked at.
  func upright(_ picture: Picture) -> Picture {
    guard self != .upright else { return picture }
    let (width, height, channels) = (picture.width, picture.height, picture.channels)
    // A pixel (x, y) of the result is at `start + x · right + y · down` in the file, counted in pixels.
    let (last, lastRow) = (width - 1, (height - 1) * width)
    let (start, right, down) =
      switch self {
      case .upright: (0, 1, width)
      case .mirrored: (last, -1, width)
      case .upsideDown: (last + lastRow, -1, -width)
      case .flipped: (lastRow, 1, -width)
      case .transposed: (0, width, 1)
      case .turnedLeft: (lastRow, -width, 1)
      case .transversed: (last + lastRow, -width, -1)
      case .turnedRight: (last, width, -1)
      }
    let (newWidth, newHeight) = swapsSides ? (height, width) : (width, height)
    let bytes = [UInt8](unsafeUninitializedCapacity: picture.bytes.count) { target, count in
      picture.bytes.withUnsafeBufferPointer { source in
        var place = 0
        for y in 0..<newHeight {
          var pixel = (start + y * down) * channels
          for _ in 0..<newWidth {
            for channel in 0..<channels { target[place + channel] = source[pixel + channel] }
            place += channels
            pixel += right * channels
          }
        }
      }
      count = picture.bytes.count
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, bytes: bytes)
  }
}
