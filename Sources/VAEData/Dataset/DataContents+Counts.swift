import VAEKernels

extension DataContents {
  /// Makes counts of a table's rows, for a likelihood or a model of counts: of each what is not zero. Columns of
  /// `reading.modelling.conditions`, and those that a model is told, are told and not counted.
  ///
  /// Throws `DataError` for a text among the columns that are left, and for a number that is no count, with its place.
  mutating func takeCounts(_ reading: DataReading, known: DataDescription) throws {
    let (examples, path) = (examples, examples.name)
    guard !examples.columns.isEmpty, examples.coding == nil else { return }
    try reading.checkCounts(for: known, areInText: true, path: path)
    let names = examples.columns.map(\.name)
    let toldNames = known.told?.columns.map(\.source.name)
    let conditions = NamePatterns(known.featureNames == nil ? reading.modelling.conditions : [])
    let told = names.indices.filter { toldNames?.contains(names[$0]) ?? conditions.match(names[$0]) }
    let own = names.indices.filter { !told.contains($0) }
    var places: [Int?] = own.map { $0 }
    var remarks: [String] = []
    if let features = known.featureNames {
      let found = try KnownFeatures(features, among: own.map { names[$0] }, reading, path: path)
      places = found.places.map { $0.map { own[$0] } }
      if let remark = found.remark { remarks.append(remark) }
    }
    guard !places.isEmpty else { throw DataError(path: path, expected: "a column of counts", found: "none left") }
    if let text = places.compactMap({ $0 }).first(where: { examples.columns[$0].texts != nil }) {
      throw DataError(
        path: path, place: "column \"\(names[text].onOneLine)\"",
        expected:
          "whole numbers from 0 up, as counts are (--exclude, --label-column, --id-column or --conditions for a "
          + "column of something else)", found: "text")
    }
    var rounding = CountRounding()
    let rows = try examples.compressed(places, &rounding) { row, place, value in
      reading.noCount(value, row: row, column: names[place], path: path)
    }
    var counted = Dataset(rows, featureNames: known.featureNames ?? places.map { names[$0!] }, name: path)
    (counted.ids, counted.labels, counted.classNames) = (examples.ids, examples.labels, examples.classNames)
    if !told.isEmpty {
      var table = Table(path: path, columns: told.map { examples.columns[$0] }, values: examples.numbers(of: told))
      if let columns = known.told?.columns.map(\.source) {
        table = try table.matching(columns, takesUnknownTexts: reading.takesUnknownTexts)
      }
      counted = counted.telling(Dataset(table))
    }
    self.examples = counted
    stored = rows.stored
    self.remarks += remarks + rounding.remarks
  }
}

extension Dataset {
  /// Of each row what is not zero in some of its columns; those that are nil are ones of zeros.
  fileprivate func compressed(
    _ places: [Int?], _ rounding: inout CountRounding, _ fault: (_ row: Int, _ place: Int, _ value: Float) -> DataError
  ) throws -> CompressedRows {
    var builder = CompressedRows.Builder(columnCount: places.count)
    var (columns, kept): ([UInt32], [Float]) = ([], [])
    var found: DataError?
    var done = 0
    forEachRawBlock { values, rowCount in
      for row in 0..<rowCount where found == nil {
        columns.removeAll(keepingCapacity: true)
        kept.removeAll(keepingCapacity: true)
        for (column, place) in places.enumerated() {
          guard let place, case let value = values[row * rawWidth + place], value != 0 else { continue }
          let count = rounding.count(value)
          if count == nil { found = found ?? fault(rowOfWhole(done + row), place, value) }
          columns.append(UInt32(column))
          kept.append(count ?? 0)
        }
        guard found == nil else { break }
        columns.withUnsafeBufferPointer { columns in
          kept.withUnsafeBufferPointer { builder.append(columns: columns, values: $0) }
        }
      }
      done += rowCount
      return found == nil
    }
    if let found { throw found }
    if let failure { throw failure }
    return builder.finish()
  }

  /// The numbers of some columns, row after row.
  fileprivate func numbers(of places: [Int]) -> [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(count * places.count)
    forEachRawBlock { values, rowCount in
      for row in 0..<rowCount { for place in places { numbers.append(values[row * rawWidth + place]) } }
      return true
    }
    return numbers
  }
}
