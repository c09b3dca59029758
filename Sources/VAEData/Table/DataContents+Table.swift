import VAEKernels

extension DataReading {
  /// The columns of a table that are not modelled: classes, names, parts and groups, each once.
  var asides: [String] {
    let ofRows = pictures.labelTable == nil ? [labelColumn, idColumn] : []
    return (ofRows + [splitColumn, groupColumn]).compactMap { $0 }.reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  /// Those of them that are not missed.
  var optionalAsides: [String] {
    [maybeWithoutLabels ? labelColumn : nil, maybeWithoutIDs ? idColumn : nil].compactMap { $0 }
  }
}

extension DataContents {
  /// The rows of a table in which the columns of `reading.asides` are kept as texts.
  ///
  /// Throws `DataError` where no column is left, and where the labels are no classes.
  init(_ table: Table, _ reading: DataReading, format: String) throws {
    guard !table.columns.isEmpty else {
      throw DataError(path: table.path, expected: "a column to model", found: "none beside those of labels and names")
    }
    self.init(Dataset(table), format: format)
    if let column = reading.labelColumn, let texts = table.asides[column] {
      do {
        examples = examples.labelled(try DataClasses(texts, column: column, path: table.path))
      } catch  where reading.maybeWithoutLabels {
        // Rows to be looked at need no classes.
        remarks.append("\(error): read without classes")
      }
    }
    if let column = reading.idColumn { examples.ids = table.asides[column] }
    parts = reading.splitColumn.flatMap { table.asides[$0] }
    groups = reading.groupColumn.flatMap { table.asides[$0] }
    faults = table.faults
  }
}
