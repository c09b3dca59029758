import VAEKernels

/// How the rows of a table become what a model works on, and how what it says becomes rows again.
///
/// It is fitted to the training rows by `TableCoding.fit`, and stored in the model's file, so that a saved model takes raw
/// rows. The features of columns of one kind stand side by side, numbers first, in the order of the columns.
public struct TableCoding: Sendable, Hashable {
  /// The columns, in the order of the table.
  public let columns: [CodedColumn]
  /// D, what a model reconstructs.
  public let featureCount: Int
  /// M, the columns that may be missing.
  public let indicatorCount: Int
  /// N, the numbers that a model is told of a row.
  public let conditionCount: Int
  let places: [Place]
  /// All columns' levels, one after the other.
  let levels: [Float]
  /// All columns' knots.
  let knots: [NumberTransform.Knot]

  /// Where a column's numbers go. Without references, since it is looked at for every number of every row.
  struct Place: Sendable, Hashable {
    let kind: CodedColumn.Kind
    let isCondition: Bool
    /// The first of its features, or of its conditions.
    let first: Int
    let width: Int
    /// Its place among the indicators; -1 where it has none.
    let indicator: Int
    let levels: Range<Int>
    /// Whether its levels are 0, 1, 2, …, as those of text are.
    let levelsCount: Bool
    let center: Float
    let scale: Float
    let knots: Range<Int>
    /// Whether nothing is done to its numbers.
    let isAsItIs: Bool
  }

  /// A coding of these columns.
  public init(columns: [CodedColumn]) {
    self.columns = columns
    var (features, conditions, indicators) = (0, 0, 0)
    var firsts = [Int](repeating: 0, count: columns.count)
    for kind in CodedColumn.Kind.allCases {
      for (index, column) in columns.enumerated() where column.kind == kind {
        if column.role == .condition {
          firsts[index] = conditions
          conditions += column.width
        } else {
          firsts[index] = features
          features += column.width
        }
      }
    }
    var levels: [Float] = []
    var knots: [NumberTransform.Knot] = []
    places = columns.enumerated().map { index, column in
      let hasIndicator = column.mayBeMissing && column.width > 0 && column.role == .feature
      defer { if hasIndicator { indicators += 1 } }
      let (firstLevel, firstKnot) = (levels.count, knots.count)
      levels += column.levels
      knots += column.transform.knots
      return Place(
        kind: column.kind, isCondition: column.role == .condition, first: firsts[index], width: column.width,
        indicator: hasIndicator ? indicators : -1, levels: firstLevel..<levels.count,
        levelsCount: column.levels.enumerated().allSatisfy { Float($0) == $1 }, center: column.transform.center,
        scale: column.transform.scale, knots: firstKnot..<knots.count, isAsItIs: column.transform.isIdentity)
    }
    (self.levels, self.knots) = (levels, knots)
    (featureCount, conditionCount, indicatorCount) = (features, conditions, indicators)
  }

  /// How far from 0 the numbers that an encoder is shown may lie, of columns with a transform.
  ///
  /// Quantiles of a million training rows lie within ±5. A number that is far beyond all of them, such as a 9999 for a gap,
  /// would take the posterior, and what is decoded of it, to where no model has ever been and a rate is infinite; so the
  /// encoder is told that it is far out. The loss is of the number itself.
  static let encoderBound: Float = 10

  /// What a minibatch of these rows carries beside x; a mask only where `hasMissing`, and a target of its own where an encoder
  /// is shown other numbers: of counts, and where `hasFarNumbers`.
  public func sideInputs(hasMissing: Bool, hasFarNumbers: Bool = false) -> SideInputs {
    var side: SideInputs = []
    let features = columns.filter { $0.role == .feature }
    if hasFarNumbers || features.contains(where: { $0.kind == .count }) { side.insert(.target) }
    if features.contains(where: { [.number, .inflated].contains($0.kind) && !$0.transform.isIdentity }) {
      side.insert(.offset)
    }
    // Of an inflated column the number is as good as missing where it is the one.
    if hasMissing || features.contains(where: { $0.kind == .inflated }) { side.insert(.mask) }
    return side
  }

  /// The families of the modelled columns in the order of their features, as `ByColumn` takes them.
  public var modelled: [CodedColumn] {
    CodedColumn.Kind.allCases.flatMap { kind in
      columns.filter { $0.kind == kind && $0.role == .feature && kind != .constant }
    }
  }

  /// Whether a table's columns are those of this coding, in order, with the same texts.
  func hasColumns(_ others: [Table.Column]) -> Bool {
    columns.map(\.name) == others.map(\.name) && columns.map(\.texts) == others.map(\.texts)
  }

  /// Where the features of a column stand; nil of one that is not modelled.
  public func features(ofColumn index: Int) -> Range<Int>? {
    let place = places[index]
    return place.isCondition || place.width == 0 ? nil : place.first..<place.first + place.width
  }
}

extension TableCoding: Codable {
  private enum CodingKeys: String, CodingKey { case columns }

  /// Reads what was written.
  public init(from decoder: any Decoder) throws {
    let columns = try decoder.container(keyedBy: CodingKeys.self).decode([CodedColumn].self, forKey: .columns)
    guard columns.reduce(0, { $0 + $1.width }) <= Architecture.maximumWidth else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "more features than a model may have"))
    }
    self.init(columns: columns)
  }

  /// Writes the columns.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(columns, forKey: .columns)
  }
}
