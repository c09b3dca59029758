import VAEData

/// A matrix that lies column after column, which is gone through as often as need be.
protocol ColumnScan {
  /// Calls `body` with stretches of columns: the rows, each below the number of rows, and the numbers there. Of one row the
  /// columns rise from call to call. Where `withValues` is false the numbers may be missing.
  func forEachStretch(
    withValues: Bool,
    _ body: (_ column: Int, _ rows: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>) throws -> Void
  ) throws
}

/// Turns a matrix that lies column after column into rows: counts them in a first pass, then fills as many rows at once as
/// fit into memory, and goes over the columns again for the next.
struct BandedTranspose {
  let rowCount: Int
  /// In bytes.
  let memory: Int

  /// Calls `body` with every row in order, its columns rising.
  func forEachRow(
    of scan: some ColumnScan,
    _ body: (_ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    var counts = [Int](repeating: 0, count: rowCount)
    try counts.withUnsafeMutableBufferPointer { counts in
      try scan.forEachStretch(withValues: false) { _, rows, _ in
        for row in rows { counts[Int(row)] += 1 }
      }
    }
    var first = 0
    while first < rowCount {
      let band = Self.band(from: first, counts, most: max(memory / 8, 1))
      try fill(band, counts, scan, body)
      first = band.upperBound
    }
  }

  /// As many rows as have at most so many elements, and one at least.
  static func band(from first: Int, _ counts: [Int], most: Int) -> Range<Int> {
    var (end, sum) = (first, 0)
    while end < counts.count, end == first || sum + counts[end] <= most {
      sum += counts[end]
      end += 1
    }
    return first..<end
  }

  private func fill(
    _ band: Range<Int>, _ counts: [Int], _ scan: some ColumnScan,
    _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    var starts = [0]
    starts.reserveCapacity(band.count + 1)
    for row in band { starts.append(starts.last! + counts[row]) }
    let total = starts.last!
    var columns = [UInt32](repeating: 0, count: total)
    var values = [Float](repeating: 0, count: total)
    var next = starts
    if total > 0 {
      try columns.withUnsafeMutableBufferPointer { columns in
        try values.withUnsafeMutableBufferPointer { values in
          try next.withUnsafeMutableBufferPointer { next in
            try scan.forEachStretch(withValues: true) { column, rows, numbers in
              for place in 0..<rows.count {
                let row = Int(rows[place])
                guard band.contains(row) else { continue }
                let target = next[row - band.lowerBound]
                // A file that changes under the reader's eyes.
                guard target < starts[row - band.lowerBound + 1] else {
                  throw PlaceFault(row: row, found: "other elements than a moment before")
                }
                columns[target] = UInt32(column)
                values[target] = numbers[place]
                next[row - band.lowerBound] = target + 1
              }
            }
          }
        }
      }
    }
    try columns.withUnsafeBufferPointer { columns in
      try values.withUnsafeBufferPointer { values in
        for row in 0..<band.count {
          let range = starts[row]..<next[row]
          try body(UnsafeBufferPointer(rebasing: columns[range]), UnsafeBufferPointer(rebasing: values[range]))
        }
      }
    }
  }
}
