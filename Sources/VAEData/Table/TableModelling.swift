/// How columns are to be modelled, as far as a person has said it; the rest is found from the data.
public struct TableModelling: Sendable, Hashable, Codable {
  /// What is done to numbers before a model sees them.
  public enum Scaling: String, Sendable, Codable, CaseIterable {
    /// `quantile`.
    case automatic = "auto"
    /// The mean is taken off, and the rest divided by the standard deviation.
    case standard
    /// The median is taken off, and the rest divided by the distance of the quartiles, as of normal numbers.
    case robust
    /// Quantiles of the data become those of a normal distribution, so that a column of any shape, with tails however
    /// heavy, is one that a Gaussian likelihood fits.
    case quantile
    /// Nothing.
    case none
  }

  /// What is done to numbers.
  public var scaling = Scaling.automatic
  /// Patterns of the names of columns that are categories, whatever they hold.
  public var categories: [String] = []
  /// Of columns that are counts.
  public var counts: [String] = []
  /// Of columns that are numbers, where they would be taken for something else.
  public var numbers: [String] = []
  /// Patterns of the names of columns that encoder and decoder are told.
  public var conditions: [String] = []

  /// Everything found from the data.
  public init() {}

  /// The most values that a category may have.
  public static let mostLevels = 1000
  /// So many texts at least name their rows where each row has another; fewer may be a category of a short table.
  static let fewestNames = 20
  /// A value that so large a share of the rows have, or a larger, has a probability of its own.
  static let inflatedShare = 0.6
  /// The knots of a curve of quantiles.
  static let knotCount = 129
  /// The most rows that quantiles are found from, evenly spaced.
  static let mostRowsForQuantiles = 100_000
}
