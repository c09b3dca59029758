import VAEKernels

/// What a person should know of a table's numbers before a model is trained on them.
enum TableRemarks {
  /// Of fewer rows figures say little.
  static let fewRows = 50
  /// Beyond it a 32-bit float is no longer every whole number.
  static let largestExact: Float = 0x1p24
  /// So many columns are named in one sentence.
  private static let mostNamed = 3

  /// A sentence for each, of the rows of a training set.
  static func of(_ train: Dataset) -> [String] {
    let statistics = train.columnStatistics()
    let large = train.columns.indices.filter { isTooLarge(train.columns[$0], statistics[$0]) }
    var remarks = few(train.count).map { [$0] } ?? []
    if let first = large.first {
      let names = large.prefix(mostNamed).map { train.columns[$0].name.onOneLine }.joined(separator: ", ")
      let more = large.count > mostNamed ? " and \(large.count - mostNamed) more" : ""
      remarks.append(sentence(names + more, example: train.columns[first].name))
    }
    return remarks
  }

  /// A sentence for each, of what the rows of a training set are told.
  static func ofTold(_ train: Dataset, by coding: TableCoding) -> [String] {
    zip(coding.columns, train.columnStatistics()).enumerated().flatMap { index, pair -> [String] in
      let (column, statistics) = pair
      let name = column.name.onOneLine
      if column.width == 0 {
        let that = statistics.missing > 0 ? "row to train on that has one" : "row to train on"
        return ["\(name): the same in every \(that), so that the model is told nothing of it"]
      }
      var remarks: [String] = []
      if statistics.missing > 0 {
        remarks.append(
          "\(name): \(statistics.missing) of \(train.count.counted("row")) to train on have none, and are told nothing")
      }
      var strange = Set(column.levels)
      train.forEachRawBlock { values, rowCount in
        for row in 0..<rowCount where !strange.isEmpty { strange.remove(values[row * train.rawWidth + index]) }
        return !strange.isEmpty
      }
      if !strange.isEmpty {
        let names = strange.sorted().prefix(mostNamed).map { column.text(of: $0).onOneLine }.joined(separator: ", ")
        let more = strange.count > mostNamed ? " and \(strange.count - mostNamed) more" : ""
        remarks.append("\(name): no row to train on is \(names)\(more), of which the model so learns nothing")
      }
      return remarks
    }
  }

  /// What is said of so many rows to train on; nil of enough.
  static func few(_ count: Int) -> String? {
    count < fewRows
      ? "\(count.counted("row")) to train on \(count == 1 ? "is" : "are") few: all figures will be rough" : nil
  }

  /// Whether a column has whole numbers that a 32-bit float may not be.
  static func isTooLarge(_ column: Table.Column, _ statistics: ColumnStatistics) -> Bool {
    guard column.texts == nil, column.decimals == 0, statistics.count > 0, statistics.isWhole else { return false }
    return max(-statistics.lowest, statistics.highest) > largestExact
  }

  /// What is said of columns `names`, of which `example` is one.
  static func sentence(_ names: String, example: String) -> String {
    let word = example.asShellWord
    return
      "\(names): whole numbers beyond 16777216 are kept to 7 digits; where they name the rows, --id-column \(word) keeps "
      + "them as they are, and --exclude \(word) leaves them out"
  }
}
