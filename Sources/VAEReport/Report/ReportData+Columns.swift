import VAEData
import VAEKernels

extension ReportData {
  /// A column that the decoder puts out, or is told, with what makes a value of its features and the other way round.
  struct DecodedColumn: Encodable {
    var name: String
    /// "number", "inflated", "count", "yes-no" or "category".
    var kind: String
    /// The first of its features; of a column that is told, the first of the numbers that the decoder is told.
    var first: Int
    var width: Int
    /// Of yes-no and category, what each level is called.
    var levels: [String]?
    /// Of an inflated column, the number that has a probability of its own.
    var usual: Float?
    /// Of a number.
    var center: Float
    var scale: Float
    /// Pairs of a value and a normal number, floats of 32 bits in base64.
    var knots: String?
    var lowest: Float
    var highest: Float
    var decimals: Int
  }

  /// The modelled columns in the order of the table, and those that the decoder is told.
  static func columns(_ coding: TableCoding) -> (modelled: [DecodedColumn], told: [DecodedColumn]) {
    let modelled = coding.columns.enumerated().compactMap { index, column in
      coding.features(ofColumn: index).map { DecodedColumn(column, first: $0.lowerBound) }
    }
    // As a coding lays them out: those of one kind beside each other.
    var told: [DecodedColumn] = []
    var first = 0
    for kind in CodedColumn.Kind.allCases {
      for column in coding.columns where column.role == .condition && column.kind == kind && column.width > 0 {
        told.append(DecodedColumn(column, first: first))
        first += column.width
      }
    }
    return (modelled, told)
  }
}

extension ReportData.DecodedColumn {
  fileprivate init(_ column: CodedColumn, first: Int) {
    let transform = column.transform
    self.init(
      name: ReportData.shortened(column.name), kind: column.kind.rawValue, first: first, width: column.width,
      levels: column.levels.isEmpty || column.kind == .inflated ? nil : column.levelTexts.map(ReportData.shortened),
      usual: column.kind == .inflated ? column.levels[0] : nil, center: transform.center,
      scale: transform.scale,
      knots: transform.knots.isEmpty
        ? nil : PackedNumbers.base64(transform.inversePoints.flatMap { [$0.value, $0.normal] }), lowest: column.lowest,
      highest: column.highest, decimals: column.decimals)
  }
}
