/// The colours of all plots, on the page as in the pictures.
public enum Palette {
  /// Of series in one plot, such as training and test: blue, vermilion, green and purple (Okabe and Ito 2008, "Color
  /// Universal Design"), which people with any kind of colour vision can tell apart, and of enough contrast for a line.
  public static let series = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7].map { PlotColor($0) }

  /// Of up to ten classes.
  ///
  /// Found by a search over ten colours of at least 2 : 1 contrast with white for the greatest least distance in OKLab
  /// (Ottosson 2020), as seen with normal vision, weighted 0.6, and as seen without long or medium cones (Machado,
  /// Oliveira and Fernandes 2009): 0.126, where the ten of Petroff 2021 have 0.054 and Tol's nine "muted" ones 0.052.
  /// Each prefix has light and dark ones in it.
  public static let classes = [
    0xFA8E09, 0x0001FF, 0x3CCA9A, 0x900606, 0xEA96FD, 0x194C5B, 0x607CFA, 0x82780A, 0xBF5490, 0x7306AC,
  ].map { PlotColor($0) }

  /// What is there, but matters less: inactive dimensions, classes that are switched off.
  public static let quiet = PlotColor(0xB4BAC2)

  /// Values between the two ends of an order, from dark violet to yellow-green: samples of viridis (Smith and van der Walt
  /// 2015) up to 0.9, beyond which it is too light for a white ground. Lightness grows evenly, so it survives any kind of
  /// colour vision.
  static let sequence = [
    0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6DCD59, 0xB4DE2C,
  ].map { PlotColor($0) }

  /// The colour a `share` of the way along the sequence, 0 to 1.
  public static func sequential(_ share: Double) -> PlotColor {
    let place = min(max(share, 0), 1) * Double(sequence.count - 1)
    let index = min(Int(place), sequence.count - 2)
    return sequence[index].mixed(with: sequence[index + 1], place - Double(index))
  }

  /// The colour of class `index` of `count`: one of its own of up to ten, and of more one along a sequence, where classes
  /// beside each other look alike.
  public static func color(ofClass index: Int, count: Int) -> PlotColor {
    precondition(index >= 0 && index < count, "class \(index) of \(count)")
    return count <= classes.count ? classes[index] : sequential(Double(index) / Double(count - 1))
  }

  /// From vermilion at −1 over white at 0 to blue at 1, for differences.
  public static func diverging(_ value: Double) -> PlotColor {
    let share = min(max(value, -1), 1)
    return PlotColor(0xFFFFFF).mixed(with: series[share < 0 ? 1 : 0], abs(share).squareRoot())
  }
}

extension PlotColor {
  /// The colour 0xRRGGBB.
  init(_ hex: Int) { self.init(UInt32(hex)) }
}
