import VAEData

/// What an answer calls the row that it is of.
extension Dataset {
  /// The rows' names, or where they have none their numbers in the data, from 0: of a set that was held out they are those of
  /// the file that it is a part of, which an answer can be joined to.
  var rowNames: TableWriter.Cells {
    ids.map { .texts($0) } ?? .wholeNumbers((0..<count).map(rowOfWhole))
  }

  /// The same where a row's place does not say it: nil of rows without names that are all there are, in their order.
  var rowNamesBesidePlaces: [String]? {
    if let ids { return ids }
    let rows = (0..<count).map(rowOfWhole)
    return zip(rows, 0...).allSatisfy(==) ? nil : rows.map(String.init)
  }
}
