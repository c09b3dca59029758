import VAEData

/// A number that is no count, and where it is.
struct CountFault: Error {
  let row: Int
  /// In the matrix as the file has it.
  let column: Int
  let value: Float
}

/// A place outside the matrix.
struct PlaceFault: Error {
  let row: Int
  let found: String
}

/// Makes rows as a sink wants them of rows as they lie in files: every place checked, columns rising, elements of one place
/// added up, numbers that are counts but for their last digits rounded.
struct RowAssembler {
  /// Columns of the matrix in the file.
  let width: Int
  let numbers: CellNumbers
  /// For each column of the file, its number in the sink, or -1; nil for all columns as they are.
  let columnMap: [Int32]?
  /// Which of the file's columns each of the sink's is.
  private let fileColumns: [Int]?

  /// Rows that have come.
  private(set) var row = 0
  /// Elements that went to the sink.
  private(set) var stored = 0
  /// Numbers that were rounded.
  private(set) var rounding = CountRounding()

  private var columns: [UInt32] = []
  private var values: [Float] = []

  init(width: Int, numbers: CellNumbers, columnMap: [Int32]? = nil) {
    self.width = width
    self.numbers = numbers
    self.columnMap = columnMap
    fileColumns = columnMap.map { map in map.indices.filter { map[$0] >= 0 } }
  }

  /// The most elements that a row may have: of one place there are a few.
  var longestRow: Int { 4 * width + 1000 }

  /// Hands over the next row. Throws `CountFault` and `PlaceFault`, and what the sink throws.
  mutating func append(
    _ indices: UnsafeBufferPointer<UInt32>, _ numbers: UnsafeBufferPointer<Float>, to sink: inout some CountRowSink
  ) throws {
    let count = indices.count
    precondition(count == numbers.count, "\(count) columns for \(numbers.count) numbers")
    if columns.count < count {
      columns = [UInt32](repeating: 0, count: max(2 * columns.count, count))
      values = [Float](repeating: 0, count: columns.count)
    }
    var kept = 0
    var rises = true
    try columns.withUnsafeMutableBufferPointer { columns in
      try values.withUnsafeMutableBufferPointer { values in
        for place in 0..<count {
          let index = indices[place]
          guard index < width else { throw PlaceFault(row: row, found: "column \(index)") }
          var column = index
          if let columnMap {
            let mapped = columnMap[Int(index)]
            if mapped < 0 { continue }
            column = UInt32(mapped)
          }
          if kept > 0, column <= columns[kept - 1] { rises = false }
          columns[kept] = column
          values[kept] = numbers[place]
          kept += 1
        }
      }
    }
    if !rises { kept = sort(kept) }
    try check(kept)
    try columns.withUnsafeBufferPointer { columns in
      try values.withUnsafeBufferPointer { values in
        try sink.append(
          columns: UnsafeBufferPointer(rebasing: columns[..<kept]),
          values: UnsafeBufferPointer(rebasing: values[..<kept]))
      }
    }
    row += 1
    stored += kept
  }

  /// Puts the first `count` elements in order, and returns how many places there are.
  private mutating func sort(_ count: Int) -> Int {
    let order = (0..<count).sorted { (columns[$0], $0) < (columns[$1], $1) }
    let (oldColumns, oldValues) = (columns, values)
    var kept = 0
    for place in order {
      if kept > 0, columns[kept - 1] == oldColumns[place] {
        values[kept - 1] += oldValues[place]
      } else {
        columns[kept] = oldColumns[place]
        values[kept] = oldValues[place]
        kept += 1
      }
    }
    return kept
  }

  private mutating func check(_ count: Int) throws {
    for place in 0..<count {
      let value = values[place]
      guard value.isFinite else { throw fault(place) }
      guard numbers == .counts else { continue }
      guard let count = rounding.count(value) else { throw fault(place) }
      values[place] = count
    }
  }

  /// Whether numbers are counts.
  static func areCounts(_ numbers: UnsafeBufferPointer<Float>) -> Bool {
    numbers.allSatisfy { CountRounding.isAsGoodAsCount($0) }
  }

  private func fault(_ place: Int) -> CountFault {
    let column = Int(columns[place])
    return CountFault(row: row, column: fileColumns?[column] ?? column, value: values[place])
  }
}
