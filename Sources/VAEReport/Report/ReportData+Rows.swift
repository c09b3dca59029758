import VAEData
import VAEKernels

extension ReportData {
  /// The rows behind the dots of a table.
  struct Rows: Encodable {
    var columns: [Column]
    /// How many columns there are beside these.
    var moreCount: Int
    /// [count, columns] floats of 32 bits, NaN for what is missing, compressed, in base64.
    var values: String

    struct Column: Encodable {
      var name: String
      /// What the numbers stand for, of a column of text.
      var texts: [String]?
      var decimals: Int
    }
  }

  /// As many columns as fit under a pointer.
  private static let mostColumnsOfRow = 20

  /// The rows of `test`, which are those on the page; nil of what is no table.
  static func rows(_ test: Dataset) -> Rows? {
    guard let coding = test.coding else { return nil }
    // A column that is the same everywhere says nothing of a row.
    let told = coding.columns.indices.filter { coding.columns[$0].kind != .constant }
    let shown = told.prefix(mostColumnsOfRow)
    var values: [Float] = []
    values.reserveCapacity(test.count * shown.count)
    for place in 0..<test.count {
      let raw = test.raw(place)
      for column in shown { values.append(raw[column]) }
    }
    let bytes = values.withUnsafeBytes { [UInt8]($0) }
    return Rows(
      columns: shown.map {
        let column = coding.columns[$0]
        return .init(
          name: shortened(column.name), texts: column.texts.map { $0.map(shortened) }, decimals: column.decimals)
      }, moreCount: told.count - shown.count, values: PackedNumbers.base64(Gzip.compress(bytes)))
  }
}
