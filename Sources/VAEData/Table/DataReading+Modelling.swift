extension DataReading {
  /// Throws `DataError` where one of `columns` is to be of two kinds.
  func checkKinds(_ columns: [String], path: String) throws(DataError) {
    let kinds = [
      ("--categories", NamePatterns(modelling.categories)), ("--counts", NamePatterns(modelling.counts)),
      ("--numbers", NamePatterns(modelling.numbers)),
    ]
    for column in columns {
      let asked = kinds.filter { $0.1.match(column) }.map(\.0)
      guard asked.count <= 1 else {
        throw DataError(
          path: path, place: "column \"\(column.onOneLine)\"", expected: "one kind",
          found: asked.joined(separator: " and "))
      }
    }
  }

  /// Throws `DataError` where something is said of a column that is none of `columns`, those that are left to model: with what
  /// else was said that left it out, or the nearest names.
  func checkModelling(_ columns: [String], path: String) throws(DataError) {
    for (option, patterns) in [
      ("--categories", modelling.categories), ("--counts", modelling.counts), ("--numbers", modelling.numbers),
      ("--conditions", modelling.conditions),
    ] {
      for pattern in patterns where !columns.contains(where: NamePattern(pattern).matches) {
        throw missing(pattern, option, among: columns, path: path)
      }
    }
  }

  private func missing(_ name: String, _ option: String, among columns: [String], path: String) -> DataError {
    let quoted = "\"\(name.onOneLine)\""
    if let other = whatLeavesOut(name) {
      return DataError(
        path: path, expected: "\(option) \(name.asShellWord) without \(other), which leaves it out of the model",
        found: "both")
    }
    return DataError(
      path: path, expected: "a column of the name \(quoted)", found: NearestNames.noneBut(name, among: columns))
  }

  /// The option, as it was given, by which no column of this name, or pattern, is modelled; nil where there is none.
  private func whatLeavesOut(_ name: String) -> String? {
    let asides = [
      ("--label-column", labelColumn), ("--id-column", idColumn), ("--split-column", splitColumn),
      ("--group-column", groupColumn),
    ]
    for (option, column) in asides {
      if let column, NamePattern(name).matches(column) { return "\(option) \(column.asShellWord)" }
    }
    if let pattern = excluded.first(where: { NamePattern($0).matches(name) }) {
      return "--exclude \(pattern.asShellWord)"
    }
    if !columns.isEmpty, !NamePatterns(columns).match(name), !columns.contains(where: NamePattern(name).matches) {
      return "--columns \(columns.joined(separator: ",").asShellWord)"
    }
    return nil
  }
}
