import VAEKernels

/// A coding found from the rows of a training set.
extension TableCoding {
  /// Finds out what each column is, and fits its transform, from rows of raw numbers.
  ///
  /// All rows are looked at once for moments, range and levels, and up to 100,000, evenly spaced, for quantiles. What a column
  /// is, is decided by the rows of `others` too, which are held out, so that none of them has a value that it cannot have;
  /// their moments and quantiles count for nothing, and what is constant in the training rows is constant. Throws `DataError`
  /// where a column cannot be what it is asked to be, is text of too many values, or has infinite numbers, and where nothing
  /// is left to model.
  public static func fit(
    _ table: Dataset, _ modelling: TableModelling = TableModelling(), allowing others: [Dataset] = []
  ) throws -> TableCoding {
    let (coding, faults) = fitting(table, modelling, allowing: others)
    if let failure = table.failure { throw failure }
    if let fault = faults.min(by: { $0.key < $1.key })?.value { throw fault }
    guard coding.featureCount > 0 else {
      if coding.conditionCount > 0 {
        throw DataError(
          path: table.name, expected: "at least one column to model beside those that the model is told (--conditions)",
          found: "none that differs from row to row")
      }
      throw DataError(
        path: table.name, expected: "at least one column that differs from row to row",
        found: "\(table.columns.count.counted("column")), all constant or empty")
    }
    return coding
  }

  /// A coding of what a model is told of rows that are no table: texts as one of their levels each, numbers less their mean
  /// and by their deviation. Throws as `fit` does; what is the same in all rows takes no place.
  static func fitTold(_ table: Dataset, allowing others: [Dataset]) throws -> TableCoding {
    var modelling = TableModelling()
    modelling.conditions = table.columns.map { $0.name }
    modelling.categories = table.columns.filter { $0.texts != nil }.map { $0.name }
    modelling.numbers = table.columns.filter { $0.texts == nil }.map { $0.name }
    modelling.scaling = .standard
    let (coding, faults) = fitting(table, modelling, allowing: others)
    if let fault = faults.min(by: { $0.key < $1.key })?.value { throw fault }
    // Two levels are a one in one of two places, as more are.
    return TableCoding(
      columns: coding.columns.map { column in
        var column = column
        if column.kind == .yesNo { column.kind = .category }
        return column
      })
  }

  /// The same of all columns that can be modelled. What is wrong with the others stands beside it, by their places; they
  /// are constant in the coding.
  static func fitting(
    _ table: Dataset, _ modelling: TableModelling, allowing others: [Dataset] = []
  ) -> (coding: TableCoding, faults: [Int: DataError]) {
    let sources = table.columns
    precondition(sources.count == table.rawWidth, "a fit of what is no table")
    let fit = ColumnFit(path: table.name, modelling: modelling)
    let statistics = table.columnStatistics()
    let ofOthers = others.map { $0.columnStatistics() }
    let allowed = ofOthers.reduce(statistics) { allowed, other in zip(allowed, other).map { $0.allowing($1) } }
    var faults: [Int: DataError] = [:]
    let columns = sources.indices.map { index in
      do throws(DataError) {
        if !statistics[index].isFinite { throw fit.infinity(in: table, column: index) }
        let rowCount = ofOthers.reduce(statistics[index].count) { $0 + $1[index].count }
        return try fit.column(sources[index], statistics[index], allowed[index], rowCount: rowCount)
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
