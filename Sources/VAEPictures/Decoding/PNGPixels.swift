/// Pixels that may be transparent: of 1 to 4 numbers, the last of which says how much they cover where `hasAlpha` is true.
struct PNGPixels<Number: BitwiseCopyable> {
  let width, height, channels: Int
  let hasAlpha: Bool
  let numbers: [Number]

  /// A picture whose bytes are what `mix` makes of a number, of how much it covers (`opaque` where nothing says so), and of
  /// the background's byte.
  @inline(__always)
  fileprivate func picture(
    over background: PictureColor, opaque: Number, _ mix: (_ value: Number, _ alpha: Number, UInt8) -> UInt8
  ) -> Picture {
    let colours = hasAlpha ? channels - 1 : channels
    // Grey over a colour has colours.
    let resultColours = hasAlpha && !background.isGrey ? 3 : colours
    let behind = background.channels(resultColours)
    let count = width * height * resultColours
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, bytesCount in
      numbers.withUnsafeBufferPointer { numbers in
        for pixel in 0..<width * height {
          let start = pixel * channels
          let alpha = hasAlpha ? numbers[start + channels - 1] : opaque
          for colour in 0..<resultColours {
            let value = numbers[start + (colours == 1 ? 0 : colour)]
            bytes[pixel * resultColours + colour] = mix(value, alpha, behind[colour])
          }
        }
      }
      bytesCount = count
    }
    return Picture(width: width, height: height, channels: resultColours, bytes: bytes)
  }
}

extension PNGPixels where Number == UInt8 {
  /// a · v + (1 − a) · background, rounded to the nearest.
  func picture(over background: PictureColor) -> Picture {
    guard hasAlpha else { return Picture(width: width, height: height, channels: channels, bytes: numbers) }
    return picture(over: background, opaque: .max) { value, alpha, behind in
      let sum = UInt32(value) &* UInt32(alpha) &+ UInt32(behind) &* (255 &- UInt32(alpha))
      return UInt8(truncatingIfNeeded: (sum &+ 127) / 255)
    }
  }
}

extension PNGPixels where Number == UInt16 {
  /// The same of 16 bits, which libpng has multiplied by a already, and rounded from 65535 steps to 255.
  func picture(over background: PictureColor) -> Picture {
    picture(over: background, opaque: .max) { value, alpha, behind in
      let sum = UInt32(value) &* 255 &+ UInt32(behind) &* (65535 &- UInt32(alpha))
      return UInt8(truncatingIfNeeded: min(255, (sum &+ 32767) / 65535))
    }
  }
}
