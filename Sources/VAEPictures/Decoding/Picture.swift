/// A picture in memory, grey or red-green-blue, 8 bits a channel.
public struct Picture: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows of pixels.
  public let height: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// [height, width, channels]: rows from the top, pixels from the left, the channels of a pixel side by side.
  public let bytes: [UInt8]

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

  /// "28 × 28".
  var size: String { "\(width) × \(height)" }

  /// Whether a pixel is of another colour than grey, by its numbers and not by how the file is made: a drawing in black
  /// and white is often stored with three channels.
  public var hasColor: Bool {
    guard channels == 3 else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      var place = 0
      while place < bytes.count {
        if bytes[place] != bytes[place + 1] || bytes[place] != bytes[place + 2] { return true }
        place += 3
      }
      return false
    }
  }

  /// The same in grey: the luma of Recommendation ITU-R BT.601, see `PictureColor.luma`.
  public func grey() -> Picture {
    guard channels == 3 else { return self }
    let count = width * height
    let grey = [UInt8](unsafeUninitializedCapacity: count) { grey, greyCount in
      bytes.withUnsafeBufferPointer { bytes in
        for pixel in 0..<count {
          grey[pixel] = PictureColor.luma(bytes[3 * pixel], bytes[3 * pixel + 1], bytes[3 * pixel + 2])
        }
      }
      greyCount = count
    }
    return Picture(width: width, height: height, channels: 1, bytes: grey)
  }

  /// The same in three channels.
  public func colored() -> Picture {
    guard channels == 1 else { return self }
    let colours = [UInt8](unsafeUninitializedCapacity: 3 * bytes.count) { colours, count in
      bytes.withUnsafeBufferPointer { bytes in
        for pixel in bytes.indices {
          colours[3 * pixel] = bytes[pixel]
          colours[3 * pixel + 1] = bytes[pixel]
          colours[3 * pixel + 2] = bytes[pixel]
        }
      }
      count = 3 * bytes.count
    }
    return Picture(width: width, height: height, channels: 3, bytes: colours)
  }
}
