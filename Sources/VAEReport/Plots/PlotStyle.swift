/// How every plot looks: one place for type, sizes and inks. Lengths are pixels at a scale of 1.
enum PlotStyle {
  /// Fontconfig's choice where it is at work, as on Linux.
  static let fontFamily = "sans-serif"
  static let titleSize = 16.0
  static let subtitleSize = 11.5
  static let panelTitleSize = 12.5
  static let labelSize = 11.0
  static let classLabelSize = 13.0

  static let ground = PlotColor(0xFFFFFF)
  static let ink = PlotColor(0x1F2328)
  /// Of subtitles, axis labels and numbers at ticks.
  static let paleInk = PlotColor(0x57606A)
  static let grid = PlotColor(0xE6E8EB)
  static let frame = PlotColor(0xB4BAC2)

  static let margin = 20.0
  /// Between panels.
  static let panelGap = 34.0
  /// Between a piece of text and what is next to it.
  static let textGap = 6.0
  /// Between the axes and what stands above and below them: more than half a line, by which the labels of the vertical
  /// axis reach beyond its ends.
  static let axisGap = 9.0
  /// The least between two labels along an axis.
  static let tickGap = 10.0
  static let swatch = 10.0
  static let lineWidth = 2.0
  /// Pixels of a PNG for one of these.
  static let pngScale = 2.0
  /// A series of more dots than this goes into an SVG as a picture: as shapes, 10,000 would take megabytes.
  static let maximumVectorDots = 2000
}
