import Foundation

/// A colour as a screen has it, each part from 0 to 1.
public struct Color: Sendable, Hashable {
  /// Red.
  public var red: Double
  /// Green.
  public var green: Double
  /// Blue.
  public var blue: Double

  /// Of a number such as 0x117733.
  public init(_ code: UInt32) {
    red = Double(code >> 16 & 0xFF) / 255
    green = Double(code >> 8 & 0xFF) / 255
    blue = Double(code & 0xFF) / 255
  }

  /// Of its parts.
  public init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// "#117733".
  public var hexadecimal: String {
    String(
      format: "#%02x%02x%02x", Int((red * 255).rounded()), Int((green * 255).rounded()), Int((blue * 255).rounded()))
  }
}

/// Colours that tell things apart, for colour-blind readers too.
public enum Palette {
  /// Paul Tol's "muted" scheme and a grey: ten colours that stay apart under every common kind of colour blindness.
  private static let muted: [UInt32] = [
    0x332288, 0x88CCEE, 0x117733, 0xDDCC77, 0xCC6677, 0xAA4499, 0x44AA99, 0x999933, 0x882255, 0x777777,
  ]

  /// A colour for each of `count` classes. Beyond ten, nobody can tell all of them apart: neighbours then have
  /// neighbouring hues, of three brightnesses in turn.
  public static func classes(_ count: Int) -> [Color] {
    if count <= muted.count { return muted.prefix(max(count, 0)).map { Color($0) } }
    return (0..<count).map { index in
      hue(Double(index) / Double(count), saturation: 0.75, value: [0.85, 0.6, 0.4][index % 3])
    }
  }

  /// Training, test and other pairs: blue and vermilion of Okabe and Ito.
  public static let first = Color(0x0072B2)
  /// See `first`.
  public static let second = Color(0xD55E00)
  /// A third beside them.
  public static let third = Color(0x009E73)
  /// What stands back.
  public static let faint = Color(0xBBBBBB)

  /// A colour by its place on the colour circle, from 0 to 1.
  private static func hue(_ hue: Double, saturation: Double, value: Double) -> Color {
    func part(_ offset: Double) -> Double {
      let place = (offset + hue * 6).truncatingRemainder(dividingBy: 6)
      return value * (1 - saturation * max(0, min(place, 4 - place, 1)))
    }
    return Color(red: part(5), green: part(3), blue: part(1))
  }
}
