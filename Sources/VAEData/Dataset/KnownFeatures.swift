/// Where the features that a model knows are among the columns of some rows of counts.
package struct KnownFeatures {
  /// Of each of the model's features the column that it is; nil where there is none.
  package let places: [Int?]
  /// What a person should be told of those that are not there.
  package let remark: String?

  private init(places: [Int?], remark: String?) { (self.places, self.remark) = (places, remark) }

  /// By name, or where the columns have none by their places. Throws `DataError` where fewer than half of the model's are there,
  /// and of columns without names where their number is another.
  init(_ known: [String], among columns: [String], _ reading: DataReading, path: String) throws {
    if columns.enumerated().allSatisfy({ UnnamedColumns.place(of: $0.element) != nil }) {
      let width = UnnamedColumns.width(for: known, asides: [], isChoice: reading.isChoiceOfColumns)
      try UnnamedColumns.check(columns.count, width, path: path)
      if !width.isLeast {
        self.init(places: known.indices.map { $0 }, remark: nil)
        return
      }
    }
    try self.init(known, among: columns, called: "column", path: path)
  }

  /// By name alone; `thing` is what a feature is called: "gene".
  package init(_ known: [String], among columns: [String], called thing: String, path: String) throws {
    let place = Dictionary(zip(columns, 0...), uniquingKeysWith: { first, _ in first })
    let places = known.map { place[$0] }
    let missing = known.indices.filter { places[$0] == nil }
    guard missing.count * 2 <= known.count else {
      throw DataError(
        path: path, expected: "the model's \(known.count.counted(thing)), at least half of them",
        found: "\(known.count - missing.count); \"\(known[missing[0]].onOneLine)\" is one that is not there")
    }
    let remark = missing.first.map {
      "\(missing.count) of the model's \(known.count.counted(thing)) are not there, such as \(known[$0].onOneLine): taken as 0"
    }
    self.init(places: places, remark: remark)
  }
}
