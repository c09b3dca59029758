import CStandardLibrary
import VAEKernels

/// How one column is modelled.
struct ColumnFit {
  let path: String
  let modelling: TableModelling
  private let categories: NamePatterns
  private let counts: NamePatterns
  private let numbers: NamePatterns
  private let conditions: NamePatterns

  init(path: String, modelling: TableModelling) {
    (self.path, self.modelling) = (path, modelling)
    categories = NamePatterns(modelling.categories)
    counts = NamePatterns(modelling.counts)
    numbers = NamePatterns(modelling.numbers)
    conditions = NamePatterns(modelling.conditions)
  }

  /// - Parameters:
  ///   - statistics: Of the training rows.
  ///   - allowed: The same with the values that other rows have too.
  ///   - rowCount: How many rows have a value, the others among them.
  func column(
    _ source: Table.Column, _ statistics: ColumnStatistics, _ allowed: ColumnStatistics, rowCount: Int
  ) throws(DataError) -> CodedColumn {
    if let texts = source.texts, allowed.count > 0,
      !(allowed.isWhole && allowed.lowest >= 0 && allowed.highest < Float(texts.count))
    {
      throw error(
        source, expected: "numbers of the column's \(texts.count.counted("text")), from 0",
        found: "\(DecimalText.short(allowed.lowest)) to \(DecimalText.short(allowed.highest))")
    }
    let levels = try self.levels(source, statistics, allowed, rowCount: rowCount)
    var column = CodedColumn(
      name: source.name, kind: try kind(source, statistics, allowed, levels: levels), texts: source.texts)
    switch column.kind {
    case .constant: column.levels = (source.texts == nil ? statistics.levels : levels).map { Array($0.prefix(1)) } ?? []
    case .yesNo, .category: column.levels = levels ?? []
    case .number, .inflated, .count: break
    }
    (column.mayBeMissing, column.missingShare) = (statistics.missing > 0, Float(statistics.missingShare))
    column.decimals = statistics.isWhole ? 0 : source.decimals
    if statistics.count > 0 { (column.lowest, column.highest) = (statistics.lowest, statistics.highest) }
    if conditions.match(source.name) { column.role = .condition }
    if column.kind == .number, modelling.scaling != .none {
      column.transform = NumberTransform(center: Float(statistics.mean), scale: Self.scale(statistics.variance))
    }
    return column
  }

  /// That a column has a number that none can be made of, with the first.
  func infinity(in table: Dataset, column: Int) -> DataError {
    let name = table.columns[column].name.onOneLine
    var (example, first): (Int?, Int) = (nil, 0)
    table.forEachRawBlock { values, rowCount in
      example = (0..<rowCount).first { values[$0 * table.rawWidth + column].isInfinite }.map { first + $0 }
      first += rowCount
      return example == nil
    }
    let unrounded = example.flatMap {
      UnroundedNumber.find(path: path, row: table.rowOfWhole($0), column: table.columns[column].name)
    }
    let row = example.map { "row \(table.rowOfWhole($0) + 1), " } ?? ""
    return DataError(
      path: path, place: "\(row)column \"\(name)\"", expected: "a finite number within ±3.4e38",
      found: unrounded.map { "\($0)" } ?? example.map { "\(table.raw($0)[column])" } ?? "an infinity")
  }

  private func error(_ source: Table.Column, expected: String, found: String) -> DataError {
    DataError(path: path, place: "column \"\(source.name.onOneLine)\"", expected: expected, found: found)
  }

  /// The values that a column of text, or of few numbers, has; nil where they are too many to tell.
  private func levels(
    _ source: Table.Column, _ statistics: ColumnStatistics, _ allowed: ColumnStatistics, rowCount: Int
  ) throws(DataError) -> [Float]? {
    guard let texts = source.texts else { return allowed.levels }
    let isEachOnce = texts.count >= max(statistics.count, TableModelling.fewestNames)
    guard !isEachOnce, texts.count <= TableModelling.mostLevels else {
      let name = source.name.asShellWord
      let advice =
        conditions.match(source.name)
        ? ", to tell a model of" : " (--id-column \(name) if it names the rows, --exclude \(name) to leave it out)"
      // The texts are those of the whole file.
      let many = texts.count < rowCount ? "\(texts.count) different ones in \(rowCount) rows" : "another in each row"
      throw error(
        source,
        expected: (isEachOnce
          ? "text of which rows share values" : "text of at most \(TableModelling.mostLevels) values") + advice,
        found: isEachOnce ? many : "\(texts.count)")
    }
    // All that the file has, and not only the training rows: a value that only held-out rows have is one of them too.
    return (0..<texts.count).map { Float($0) }
  }

  private func kind(
    _ source: Table.Column, _ statistics: ColumnStatistics, _ allowed: ColumnStatistics, levels: [Float]?
  ) throws(DataError) -> CodedColumn.Kind {
    let differs = statistics.lowest < statistics.highest || source.texts.map { $0.count > 1 } ?? false
    guard statistics.count > 0, differs else { return .constant }
    if source.texts != nil {
      if numbers.match(source.name) || counts.match(source.name) {
        throw error(source, expected: "numbers, as asked for", found: "text")
      }
      return levels!.count == 2 ? .yesNo : .category
    }
    if numbers.match(source.name) { return .number }
    if counts.match(source.name) {
      guard allowed.isWhole, allowed.lowest >= 0 else {
        throw error(
          source, expected: "whole numbers from 0 up, as counts are",
          found: allowed.isWhole ? DecimalText.short(allowed.lowest) : "fractions")
      }
      return .count
    }
    if modelling.scaling == .none { return .number }
    if levels?.count == 2 { return .yesNo }
    if categories.match(source.name) {
      guard levels != nil else {
        throw error(
          source, expected: "a category of at most \(ColumnStatistics.mostLevels) numbers", found: "more different ones"
        )
      }
      return .category
    }
    return allowed.isWhole && allowed.lowest >= 0 && Self.isLikeCounts(statistics) ? .count : .number
  }

  /// Whole numbers from 0 up whose variance is about their mean, as Poisson's are.
  private static func isLikeCounts(_ statistics: ColumnStatistics) -> Bool {
    guard statistics.isWhole, statistics.lowest == 0, statistics.highest <= 1000 else { return false }
    return (0.5...3).contains(statistics.variance / statistics.mean)
  }

  private static func scale(_ variance: Double) -> Float {
    let scale = Float(variance.squareRoot())
    return scale.isNormal ? scale : 1
  }

  // MARK: What needs the rows in order

  /// Whether quantiles, or the moments of logarithms, are wanted.
  func needsRows(_ column: CodedColumn) -> Bool {
    if column.kind == .count { return true }
    guard column.kind == .number else { return false }
    switch modelling.scaling {
    case .automatic, .quantile, .robust: return true
    case .standard, .none: return false
    }
  }

  func refined(_ column: CodedColumn, sorted values: [Float]) -> CodedColumn {
    var column = column
    if column.kind == .count {
      let logs = values.map { log1p(Double($0)) }
      let mean = logs.reduce(0, +) / Double(max(logs.count, 1))
      let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(logs.count, 1))
      // Not below 1: by the deviation of a column that is nearly always 0 a single count would be tens of them, and of
      // thousands of such columns the encoder would see little else.
      column.transform = NumberTransform(center: Float(mean), scale: Float(max(variance.squareRoot(), 1)))
    } else if modelling.scaling == .robust {
      column.transform = NumberTransform.robust(sorted: values) ?? column.transform
    } else {
      var values = values
      if column.role == .feature, let usual = Self.inflated(values) {
        (column.kind, column.levels) = (.inflated, [usual])
        values.removeAll { $0 == usual }
      }
      column.transform = NumberTransform.normalizing(sorted: values) ?? column.transform
    }
    return column
  }

  /// The value that `TableModelling.inflatedShare` of the rows or more have; nil where there is none, or fewer than three others.
  private static func inflated(_ values: [Float]) -> Float? {
    var (start, levels) = (0, 0)
    var usual: Float?
    while start < values.count {
      var end = start
      while end < values.count, values[end] == values[start] { end += 1 }
      if Double(end - start) >= TableModelling.inflatedShare * Double(values.count),
        usual == nil || end - start > values.count / 2
      {
        usual = values[start]
      }
      levels += 1
      start = end
    }
    return levels > 3 ? usual : nil
  }
}
