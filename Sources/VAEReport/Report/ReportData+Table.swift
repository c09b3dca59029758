import VAEData
import VAEKernels

extension ReportData {
  /// How a model of a table compares with its test rows, column by column.
  struct Table: Encodable {
    /// The rows compared, and as many draws.
    var rowCount: Int
    /// The modelled columns that there are.
    var columnCount: Int
    /// The least alike first.
    var histograms: [Histogram]
    var correlations: Correlations?
    /// The worst first.
    var errors: [ErrorBar]
    var note: String
  }

  /// One column of the data and of the draws.
  struct Histogram: Encodable {
    var name: String
    var kind: String
    /// Shares of each bar.
    var data: [Float]
    var draws: [Float]
    /// Of numbers the ends of the bars' intervals, one more than there are bars.
    var edges: [Float]?
    /// Of levels their names.
    var names: [String]?
    var decimals: Int
    var isByQuantiles: Bool
    /// Total variation distance, and what it would be between two samples of one distribution.
    var distance: Float
    var chance: Float
    /// The share of rows without it.
    var missing: Float
  }

  /// Two matrices over the same names.
  struct Correlations: Encodable {
    var names: [String]
    /// [n, n], null where there is none.
    var data: [Float?]
    var draws: [Float?]
    /// Where they differ most, a sentence each.
    var differences: [String]
    var isPart: Bool
  }

  /// How well a column is reconstructed.
  struct ErrorBar: Encodable {
    var name: String
    /// By the error of knowing nothing; null where that is nothing.
    var relative: Float?
    var words: String
  }

  /// The most columns that a page has figures of: the least alike, the worst.
  private static let mostColumns = 400
  /// The longest name of a column or a level.
  static let longestName = 60

  /// Nil for what is no table.
  static func table(_ rows: ModelledRows?, isVariational: Bool, isToldClass: Bool) -> Table? {
    guard let rows else { return nil }
    let comparisons = rows.comparisons()
    let told = rows.coding.conditionCount > 0 || isToldClass
    var note = "\(rows.count.counted("row")) of the test set, and as many draws: a latent from "
    note += isVariational ? "the prior" : "N(0, I), which an autoencoder's codes have no reason to be of"
    note += ", decoded, and each column from its distribution"
    note += told ? "; the model is told for each draw what it is told of a row. " : ". "
    note +=
      "The distance is total variation: half the sum of the differences of the bars, from 0 to 1; in brackets what it "
    note += "would be on average for more rows of the data."
    return Table(
      rowCount: rows.count, columnCount: rows.modelled.count,
      histograms: comparisons.prefix(mostColumns).map(Histogram.init),
      correlations: ColumnCorrelations(rows).map(Correlations.init),
      errors: rows.errors().prefix(mostColumns).map(ErrorBar.init), note: note)
  }

  /// A name as the page has it: without the blanks around it, and not beyond what fits anywhere.
  static func shortened(_ name: String) -> String {
    let trimmed = name.drop(while: \.isWhitespace)
    let text = trimmed.prefix(longestName)
    return text.count < trimmed.count ? "\(text)…" : String(text)
  }

  /// With as many digits as a picture shows.
  fileprivate static func rounded(_ value: Double) -> Float { Float((value * 1e5).rounded() / 1e5) }
}

extension ReportData.Histogram {
  fileprivate init(_ comparison: ColumnComparison) {
    self.init(
      name: ReportData.shortened(comparison.column.name), kind: comparison.column.kind.rawValue,
      data: comparison.data.map(ReportData.rounded), draws: comparison.draws.map(ReportData.rounded),
      edges: comparison.bins.map { $0.edges.map { Float($0) } },
      names: comparison.bins == nil ? comparison.names.map(ReportData.shortened) : nil,
      decimals: comparison.column.decimals, isByQuantiles: comparison.bins?.isByQuantiles ?? false,
      distance: ReportData.rounded(comparison.distance), chance: ReportData.rounded(comparison.chance),
      missing: ReportData.rounded(comparison.missing))
  }
}

extension ReportData.Correlations {
  fileprivate init(_ correlations: ColumnCorrelations) {
    func known(_ r: Double) -> Float? { r.isFinite ? Float((r * 1e3).rounded() / 1e3) : nil }
    self.init(
      names: correlations.names.map(ReportData.shortened), data: correlations.data.map(known),
      draws: correlations.draws.map(known), differences: correlations.sentences(atMost: 6),
      isPart: correlations.isPart)
  }
}

extension ReportData.ErrorBar {
  fileprivate init(_ error: ColumnError) {
    self.init(
      name: ReportData.shortened(error.name), relative: error.relative.map(ReportData.rounded), words: error.words)
  }
}
