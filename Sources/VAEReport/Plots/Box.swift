/// A rectangle on a sheet, y downwards.
struct Box: Sendable, Hashable {
  var left, top, right, bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }

  func intersects(_ other: Box) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }

  func contains(_ other: Box) -> Bool {
    left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom
  }

  /// The box `margin` larger on every side.
  func outset(by margin: Double) -> Box {
    Box(left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
  }
}

/// A size and a weight of the one family.
struct PlotFont: Sendable, Hashable {
  var size: Double
  var isBold = false
}

/// A line of text in its place.
struct PlacedText: Sendable, Hashable {
  var text: String
  var box: Box
  var font: PlotFont
  var color: PlotColor
  var hasHalo = false
}
