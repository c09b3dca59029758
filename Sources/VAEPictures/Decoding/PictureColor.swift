/// A colour of 8 bits a channel, as files of pictures hold it (sRGB as a rule; nothing here depends on it).
public struct PictureColor: Sendable, Hashable {
  /// Red, from 0 to 255.
  public var red: UInt8
  /// Green, from 0 to 255.
  public var green: UInt8
  /// Blue, from 0 to 255.
  public var blue: UInt8

  /// A colour of its three channels.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// A grey.
  public init(grey: UInt8) { self.init(red: grey, green: grey, blue: grey) }

  /// 255, 255, 255.
  public static let white = PictureColor(grey: 255)
  /// 0, 0, 0.
  public static let black = PictureColor(grey: 0)

  /// Whether the three channels are the same.
  public var isGrey: Bool { red == green && green == blue }

  /// How bright it is, by Recommendation ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue, rounded.
  public var luma: UInt8 { Self.luma(red, green, blue) }

  /// The weights are in units of 2⁻¹⁶ and add up to 1, so that a grey keeps its value.
  @inline(__always)
  static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let sum = UInt32(red) &* 19_595 &+ UInt32(green) &* 38_470 &+ UInt32(blue) &* 7_471
    return UInt8(truncatingIfNeeded: (sum &+ 32_768) >> 16)
  }

  /// The numbers of a pixel of 1 or 3 channels.
  func channels(_ count: Int) -> [UInt8] { count == 1 ? [luma] : [red, green, blue] }
}
