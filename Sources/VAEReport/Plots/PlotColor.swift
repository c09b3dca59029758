import Foundation

/// A colour of sRGB, without transparency.
public struct PlotColor: Sendable, Hashable {
  /// The three channels.
  public var red, green, blue: UInt8

  /// The colour 0xRRGGBB.
  public init(_ hex: UInt32) {
    red = UInt8(hex >> 16 & 0xFF)
    green = UInt8(hex >> 8 & 0xFF)
    blue = UInt8(hex & 0xFF)
  }

  /// "#0072b2", as HTML and CSS write it.
  public var hex: String { String(format: "#%02x%02x%02x", red, green, blue) }

  /// The colour a `share` of the way to `other`, in sRGB.
  public func mixed(with other: PlotColor, _ share: Double) -> PlotColor {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded()) }
    var color = self
    (color.red, color.green, color.blue) = (mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
    return color
  }

  /// The channels from 0 to 1 in proportion to light. Source: IEC 61966-2-1.
  public var linear: (red: Double, green: Double, blue: Double) {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return (linear(red), linear(green), linear(blue))
  }

  /// From 1, for the same luminance, to 21, for black on white. Source: WCAG 2.2, "contrast ratio".
  public func contrast(with other: PlotColor) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  private var luminance: Double {
    let (red, green, blue) = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
}
