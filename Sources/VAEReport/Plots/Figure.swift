/// A description of a plot, from which the SVG and the PNG are both drawn: panels in rows, one as a rule, under a title and
/// a legend.
public struct Figure: Sendable {
  /// What it shows, in a few words.
  public var title: String
  /// What one has to know to read it; empty for nothing.
  public var subtitle: String
  /// What the colours mean; nil where that needs no saying.
  public var legend: Legend?
  /// From left to right, and then from above.
  public var panels: [Panel]
  /// The panels in a row; nil for one row of all.
  public var columns: Int?
  /// Pixels at a scale of 1.
  public var width, height: Double

  /// A figure of `panels`.
  public init(
    title: String, subtitle: String = "", legend: Legend? = nil, panels: [Panel], columns: Int? = nil,
    width: Double = 760, height: Double = 460
  ) {
    precondition(!panels.isEmpty, "a figure without panels")
    precondition(columns.map { $0 > 0 } ?? true, "\(columns ?? 0) panels in a row")
    self.title = title
    self.subtitle = subtitle
    self.legend = legend
    self.panels = panels
    self.columns = columns
    self.width = width
    self.height = height
  }
}

/// What the colours of a figure mean.
public enum Legend: Sendable, Hashable {
  /// A symbol and its name each.
  case entries([Entry])
  /// A strip of colours with a name at each end: for more classes than colours that can be told apart.
  case strip(title: String, first: String, last: String, colors: [PlotColor])

  /// A colour and its name.
  public struct Entry: Sendable, Hashable {
    /// What it is.
    public var name: String
    /// Its colour.
    public var color: PlotColor
    /// What is beside the name.
    public var symbol: Symbol

    /// An entry.
    public init(_ name: String, _ color: PlotColor, _ symbol: Symbol = .patch) {
      self.name = name
      self.color = color
      self.symbol = symbol
    }

    /// What an entry stands for.
    public enum Symbol: Sendable, Hashable {
      /// Dots or bars.
      case patch
      /// A line.
      case line
      /// A dashed line.
      case dashedLine
    }
  }
}

/// One pair of axes and what is drawn between them.
public struct Panel: Sendable {
  /// Above the axes; empty for nothing.
  public var title: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, from the lowest layer to the uppermost.
  public var marks: [Mark]
  /// Whether a unit is as long on one axis as on the other.
  public var hasEqualUnits: Bool

  /// A panel.
  public init(title: String = "", x: Axis, y: Axis, marks: [Mark], hasEqualUnits: Bool = false) {
    self.title = title
    self.x = x
    self.y = y
    self.marks = marks
    self.hasEqualUnits = hasEqualUnits
  }
}

/// An axis.
public struct Axis: Sendable {
  /// What is measured along it, and in what.
  public var label: String
  /// Whether equal ratios are equally long. What is not above zero is then left out.
  public var isLogarithmic: Bool
  /// What it must show, or nil for what the marks need.
  public var range: ClosedRange<Double>?
  /// Marks along it, or nil for round numbers.
  public var ticks: [Tick]?
  /// Whether round numbers are whole ones, as for epochs.
  public var wholeNumbers: Bool

  /// An axis.
  public init(
    _ label: String, isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil, ticks: [Tick]? = nil,
    wholeNumbers: Bool = false
  ) {
    self.label = label
    self.isLogarithmic = isLogarithmic
    self.range = range
    self.ticks = ticks
    self.wholeNumbers = wholeNumbers
  }
}

/// A place in a panel, in the units of its axes. Where either is NaN or infinite, nothing is drawn.
public struct PlotPoint: Sendable, Hashable {
  /// Along the axes.
  public var x, y: Double

  /// A place.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  var isFinite: Bool { x.isFinite && y.isFinite }
}

/// Something drawn between the axes.
public enum Mark: Sendable {
  /// A line through points, with a gap at each that is not finite. `filled` lays a pale tint between it and zero, and
  /// `isQuiet` makes it a thin one that the axes take no notice of.
  case line([PlotPoint], PlotColor, isDashed: Bool = false, filled: Bool = false, isQuiet: Bool = false)
  /// A dot at each point, of the colour at its place in `colors`.
  case dots([PlotPoint], colors: [PlotColor], radius: Double, opacity: Double)
  /// A bar from zero at each point, `width` wide in the units of the axis.
  case bars([PlotPoint], colors: [PlotColor], width: Double)
  /// A word at a point, or beside it where it would cover one before it; left out where there is no room.
  case text(String, at: PlotPoint, PlotColor)

  /// What the axes have to have room for.
  var extent: [PlotPoint] {
    switch self {
    case .line(let points, _, _, let filled, let isQuiet):
      isQuiet ? [] : filled ? points + points.map { PlotPoint($0.x, 0) } : points
    case .dots(let points, _, _, _): points
    case .bars(let points, _, let width):
      points.flatMap { [PlotPoint($0.x - width / 2, 0), PlotPoint($0.x + width / 2, $0.y.isFinite ? $0.y : 0)] }
    case .text: []
    }
  }
}
