import VAEKernels

extension CompressedRows {
  /// The same rows, and of their columns some, in this order; those that are nil are ones of zeros.
  public func selecting(columns chosen: [Int?], rows: [Int]) -> CompressedRows {
    // A column of the whole in its places among the chosen.
    var place = [Int32](repeating: -1, count: columnCount)
    for (index, column) in chosen.enumerated() { if let column { place[column] = Int32(index) } }
    var builder = Builder(columnCount: chosen.count)
    var kept: [(UInt32, Float)] = []
    for row in rows {
      kept.removeAll(keepingCapacity: true)
      withRow(row) { columns, values in
        for entry in 0..<columns.count where place[Int(columns[entry])] >= 0 {
          kept.append((UInt32(place[Int(columns[entry])]), values[entry]))
        }
      }
      kept.sort { $0.0 < $1.0 }
      kept.map(\.0).withUnsafeBufferPointer { columns in
        kept.map(\.1).withUnsafeBufferPointer { builder.append(columns: columns, values: $0) }
      }
    }
    return builder.finish()
  }

  /// The sum of each row.
  public var totals: [Double] {
    (0..<rowCount).map { row in withRow(row) { _, values in values.reduce(0.0) { $0 + Double($1) } } }
  }

  /// How many rows have something in each column.
  public var rowsWithEachColumn: [Int] {
    var counts = [Int](repeating: 0, count: columnCount)
    for row in 0..<rowCount { withRow(row) { columns, _ in for column in columns { counts[Int(column)] += 1 } } }
    return counts
  }
}

extension CompressedRows {
  /// Some rows of one and then of another, of as many columns.
  init(_ first: CompressedRows, _ firstRows: some Sequence<Int>, and second: CompressedRows, _ rows: some Sequence<Int>)
  {
    precondition(first.columnCount == second.columnCount, "\(first.columnCount) columns and \(second.columnCount)")
    var builder = Builder(columnCount: first.columnCount)
    for row in firstRows { first.withRow(row) { builder.append(columns: $0, values: $1) } }
    for row in rows { second.withRow(row) { builder.append(columns: $0, values: $1) } }
    self = builder.finish()
  }
}
