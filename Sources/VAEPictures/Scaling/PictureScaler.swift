import VAEData

/// Scales pictures to one size.
///
/// Along an axis with fewer pixels than before a pixel is the exact average over the area that it covers (a box filter),
/// along one with more it is bilinear; see `AxisFilter`. The average is of the numbers as they are, without regard to gamma,
/// and is rounded once, to the nearest.
public struct PictureScaler: Sendable {
  /// Pixels in a row of the result.
  public let width: Int
  /// Rows of the result.
  public let height: Int
  /// What becomes of other sides.
  public let fit: PictureReading.Fit
  /// What is beside a whole picture of other sides.
  public let background: PictureColor

  /// A scaler to `width` × `height`.
  public init(width: Int, height: Int, fit: PictureReading.Fit = .crop, background: PictureColor = .white) {
    let sides = 1...PictureLimits.side
    precondition(sides.contains(width) && sides.contains(height), "no picture is scaled to \(width) × \(height) pixels")
    (self.width, self.height, self.fit, self.background) = (width, height, fit, background)
  }

  /// `picture` in the size of this scaler, with as many channels as it has.
  public func scale(_ picture: Picture) -> Picture {
    let count = width * height * picture.channels
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, bytesCount in
      write(picture, into: UnsafeMutableBufferPointer(rebasing: bytes[..<count]))
      bytesCount = count
    }
    return Picture(width: width, height: height, channels: picture.channels, bytes: bytes)
  }

  /// Writes `picture`, scaled, to [height, width, channels] bytes.
  func write(_ picture: Picture, into target: UnsafeMutableBufferPointer<UInt8>) {
    let channels = picture.channels
    precondition(
      target.count == width * height * channels, "\(target.count) bytes for \(width) × \(height) × \(channels)")
    if picture.width == width, picture.height == height {
      _ = target.update(fromContentsOf: picture.bytes)
      return
    }
    let (source, place) = fit.regions(
      width: picture.width, height: picture.height, targetWidth: width, targetHeight: height)
    if place.width < width || place.height < height { fill(target, channels: channels) }
    let columns = AxisFilter(source: source.width, count: place.width)
    let rows = AxisFilter(source: source.height, count: place.height)
    // One row of the source after the other is added to a row of sums; 255 times the largest total, twice the largest side,
    // is less than 2³². Then the sums are added along the row, in 64 bits.
    let sumsCount = source.width * channels
    picture.bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: sumsCount) { sums in
        for y in 0..<place.height {
          for (step, weight) in (rows.starts[y]..<rows.starts[y + 1]).enumerated() {
            let row = source.top + rows.firsts[y] + step
            let pixels = bytes.baseAddress! + (row * picture.width + source.left) * channels
            let weight = rows.weights[weight]
            if step == 0 {
              for index in 0..<sumsCount { sums[index] = UInt32(pixels[index]) &* weight }
            } else {
              for index in 0..<sumsCount { sums[index] &+= UInt32(pixels[index]) &* weight }
            }
          }
          let start = ((place.top + y) * width + place.left) * channels
          Self.reduce(
            sums, by: columns, channels: channels, total: UInt64(rows.total) * UInt64(columns.total),
            into: target.baseAddress! + start)
        }
      }
    }
  }

  /// Writes a row of pixels, each the weighted sum of `sums` that `filter` says, over `total`.
  private static func reduce(
    _ sums: UnsafeMutableBufferPointer<UInt32>, by filter: AxisFilter, channels: Int, total: UInt64,
    into row: UnsafeMutablePointer<UInt8>
  ) {
    filter.weights.withUnsafeBufferPointer { weights in
      for x in filter.firsts.indices {
        let (start, end) = (filter.starts[x], filter.starts[x + 1])
        for channel in 0..<channels {
          var sum = total / 2
          var place = filter.firsts[x] * channels + channel
          for weight in start..<end {
            sum &+= UInt64(sums[place]) &* UInt64(weights[weight])
            place += channels
          }
          row[x * channels + channel] = UInt8(truncatingIfNeeded: sum / total)
        }
      }
    }
  }

  private func fill(_ target: UnsafeMutableBufferPointer<UInt8>, channels: Int) {
    let pixel = background.channels(channels)
    for channel in 0..<channels {
      for place in stride(from: channel, to: target.count, by: channels) { target[place] = pixel[channel] }
    }
  }
}
