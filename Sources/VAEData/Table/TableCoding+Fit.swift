import CStandardLibrary
import VAEKernels

/// A coding found from the rows of a training set.
extension TableCoding {
  /// Finds out what each column is, and fits its transform, from rows of raw numbers.
  ///
  /// All rows are looked at once for moments, range and levels, and up to 100,000, evenly spaced, for quantiles. Throws
  /// `DataError` where a column cannot be what it is asked to be, is text of too many values, or has infinite numbers, and
  /// where nothing is left to model.
  public static func fit(_ table: Dataset, _ modelling: TableModelling = TableModelling()) throws -> TableCoding {
    let (coding, faults) = fitting(table, modelling)
    if let failure = table.failure { throw failure }
    if let fault = faults.min(by: { $0.key < $1.key })?.value { throw fault }
    guard coding.featureCount > 0 else {
      throw DataError(
        path: table.name, expected: "at least one column that differs from row to row",
        found: "\(table.columns.count.counted("column")), all constant or empty")
    }
    return coding
  }

  /// The same of all columns that can be modelled. What is wrong with the others stands beside it, by their places; they
  /// are constant in the coding.
  static func fitting(
    _ table: Dataset, _ modelling: TableModelling
  ) -> (coding: TableCoding, faults: [Int: DataError]) {
    let sources = table.columns
    precondition(sources.count == table.rawWidth, "a fit of what is no table")
    let fit = ColumnFit(path: table.name, modelling: modelling)
    let statistics = table.columnStatistics()
    var faults: [Int: DataError] = [:]
    let columns = sources.indices.map { index in
      do throws(DataError) {
        if !statistics[index].isFinite { throw fit.infinity(in: table, column: index) }
        return try fit.column(sources[index], statistics[index])
      } catch {
        faults[index] = error
        return CodedColumn(ofSource: sources[index])
      }
    }
    var refined = columns
    let needingRows = columns.indices.filter { fit.needsRows(columns[$0]) }
    table.forEachSampledColumn(needingRows, atMost: TableModelling.mostRowsForQuantiles) { column, values in
      refined[column] = fit.refined(columns[column], sorted: values.filter { !$0.isNaN }.sorted())
    }
    // An array does not say how its numbers would be written.
    let unsaid = columns.indices.filter {
      sources[$0].texts == nil && sources[$0].decimals == 0 && !statistics[$0].isWhole
    }
    table.forEachSampledColumn(unsaid, atMost: 1000) { column, values in
      refined[column].decimals = DecimalText.decimals(of: Array(values))
    }
    return (TableCoding(columns: refined), faults)
  }
}

/// How one column is modelled.
private struct ColumnFit {
  let path: String
  let modelling: TableModelling
  private let categories: NamePatterns
  private let counts: NamePatterns
  private let numbers: NamePatterns

  init(path: String, modelling: TableModelling) {
    (self.path, self.modelling) = (path, modelling)
    categories = NamePatterns(modelling.categories)
    counts = NamePatterns(modelling.counts)
    numbers = NamePatterns(modelling.numbers)
  }

  func column(_ source: Table.Column, _ statistics: ColumnStatistics) throws(DataError) -> CodedColumn {
    let levels = try self.levels(source, statistics)
    var column = CodedColumn(
      name: source.name, kind: try kind(source, statistics, levels: levels), texts: source.texts)
    switch column.kind {
    case .constant: column.levels = levels.map { Array($0.prefix(1)) } ?? []
    case .yesNo, .category: column.levels = levels ?? []
    case .number, .inflated, .count: break
    }
    (column.mayBeMissing, column.missingShare) = (statistics.missing > 0, Float(statistics.missingShare))
    column.decimals = statistics.isWhole ? 0 : source.decimals
    if statistics.count > 0 { (column.lowest, column.highest) = (statistics.lowest, statistics.highest) }
    if modelling.conditions.contains(source.name) { column.role = .condition }
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
    let row = example.map { "row \(table.rowOfWhole($0) + 1), " } ?? ""
    return DataError(
      path: path, place: "\(row)column \"\(name)\"", expected: "a finite number within ±3.4e38",
      found: example.map { "\(table.raw($0)[column])" } ?? "an infinity")
  }

  private func error(_ source: Table.Column, expected: String, found: String) -> DataError {
    DataError(path: path, place: "column \"\(source.name.onOneLine)\"", expected: expected, found: found)
  }

  /// The values that a column of text, or of few numbers, has; nil where they are too many to tell.
  private func levels(_ source: Table.Column, _ statistics: ColumnStatistics) throws(DataError) -> [Float]? {
    guard let texts = source.texts else { return statistics.levels }
    let isEachOnce = texts.count >= max(statistics.count, TableModelling.fewestNames)
    guard !isEachOnce, texts.count <= TableModelling.mostLevels else {
      let name = source.name.asShellWord
      throw error(
        source,
        expected: (isEachOnce
          ? "text of which rows share values" : "text of at most \(TableModelling.mostLevels) values")
          + " (--id-column \(name) if it names the rows, --exclude \(name) to leave it out)",
        found: isEachOnce ? "another in each row" : "\(texts.count)")
    }
    // All that the file has, and not only the training rows: a value that only held-out rows have is one of them too.
    return (0..<texts.count).map { Float($0) }
  }

  private func kind(
    _ source: Table.Column, _ statistics: ColumnStatistics, levels: [Float]?
  ) throws(DataError) -> CodedColumn.Kind {
    guard statistics.count > 0, statistics.lowest < statistics.highest || (levels?.count ?? 0) > 1 else {
      return .constant
    }
    if source.texts != nil {
      if numbers.match(source.name) || counts.match(source.name) {
        throw error(source, expected: "numbers, as asked for", found: "text")
      }
      return levels!.count == 2 ? .yesNo : .category
    }
    if numbers.match(source.name) { return .number }
    if counts.match(source.name) {
      guard statistics.isWhole, statistics.lowest >= 0 else {
        throw error(
          source, expected: "whole numbers from 0 up, as counts are",
          found: statistics.isWhole ? "\(statistics.lowest)" : "fractions")
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
    return Self.isLikeCounts(statistics) ? .count : .number
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
      column.transform = NumberTransform(center: Float(mean), scale: Self.scale(variance))
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

  /// The value that a quarter of the rows or more have; nil where there is none, or fewer than three others.
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
