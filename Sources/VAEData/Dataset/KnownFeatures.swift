/// Where the features that a model knows are among the columns of some rows of counts.
struct KnownFeatures {
  /// Of each of the model's features the column that it is; nil where there is none.
  let places: [Int?]
  /// What a person should be told of those that are not there.
  let remark: String?

  /// By name, or where the columns have none by their places. Throws `DataError` where fewer than half of the model's are there,
  /// and of columns without names where their number is another.
  init(_ known: [String], among columns: [String], _ reading: DataReading, path: String) throws {
    if columns.enumerated().allSatisfy({ UnnamedColumns.place(of: $0.element) != nil }) {
      let width = UnnamedColumns.width(for: known, asides: [], isChoice: reading.isChoiceOfColumns)
      try UnnamedColumns.check(columns.count, width, path: path)
      if !width.isLeast {
        (places, remark) = (known.indices.map { $0 }, nil)
        return
      }
    }
    let place = Dictionary(zip(columns, 0...), uniquingKeysWith: { first, _ in first })
    places = known.map { place[$0] }
    let missing = known.indices.filter { place[known[$0]] == nil }
    guard missing.count * 2 <= known.count else {
      throw DataError(
        path: path, expected: "the model's \(known.count.counted("column")), at least half of them",
        found: "\(known.count - missing.count); \"\(known[missing[0]].onOneLine)\" is one that is not there")
    }
    remark = missing.first.map {
      "\(missing.count) of the model's \(known.count) columns are not there, such as \(known[$0].onOneLine): taken as 0"
    }
  }
}
