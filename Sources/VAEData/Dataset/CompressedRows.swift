import VAEKernels

/// Rows of which only what is not zero is stored, each number in as few bytes as the whole matrix needs: column numbers in
/// two or four, counts in one, two or four, other numbers as floats. A million cells with 160 of 2,000 genes each take
/// 480 MB.
///
/// Row r is the entries from `starts[r]` to `starts[r + 1]`; its columns rise. The entries are in memory, or in a file from which
/// a row is read when it is wanted.
public struct CompressedRows: Sendable {
  /// Column numbers.
  enum Columns: Sendable {
    case narrow([UInt16])
    case wide([UInt32])
  }

  /// What is stored in them.
  enum Values: Sendable {
    case bytes([UInt8])
    case shorts([UInt16])
    case words([UInt32])
    case floats([Float])
  }

  /// Where both are.
  enum Entries: Sendable {
    case memory(Columns, Values)
    case file(FileEntries)
  }

  /// The number of columns, zeros and all.
  public let columnCount: Int
  let starts: [Int]
  let entries: Entries

  /// The number of rows.
  public var rowCount: Int { starts.count - 1 }

  /// The number of entries.
  public var stored: Int { starts[rowCount] }

  init(columnCount: Int, starts: [Int], _ entries: Entries) {
    (self.columnCount, self.starts, self.entries) = (columnCount, starts, entries)
  }

  /// The rows of a matrix.
  public init(_ matrix: SparseMatrix) {
    var builder = Builder(columnCount: matrix.columnCount)
    matrix.columns.withUnsafeBufferPointer { columns in
      matrix.values.withUnsafeBufferPointer { values in
        matrix.forEachRow { _, range in
          builder.append(
            columns: UnsafeBufferPointer(rebasing: columns[range]), values: UnsafeBufferPointer(rebasing: values[range])
          )
        }
      }
    }
    self = builder.finish()
  }

  /// The entries of a row.
  @inline(__always)
  func entries(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

  /// The most entries that a row has.
  public var mostEntriesOfARow: Int {
    starts.withUnsafeBufferPointer { starts in
      (0..<rowCount).reduce(0) { max($0, starts[$1 + 1] - starts[$1]) }
    }
  }

  /// Whether its numbers are whole, from 0 up.
  public var isOfCounts: Bool {
    switch entries {
    // Of other rows nothing is left in a file.
    case .file, .memory(_, .bytes), .memory(_, .shorts), .memory(_, .words): true
    case .memory(_, .floats(let values)): values.allSatisfy { $0 >= 0 && $0 == $0.rounded() && $0.isFinite }
    }
  }

  /// The file that the entries are in, where they are in one.
  var file: FileEntries? {
    if case .file(let file) = entries { return file }
    return nil
  }

  /// The bytes that a number and its column take.
  var bytesOfAnEntry: Int {
    switch entries {
    case .file(let file): return file.bytesOfAnEntry
    case .memory(let columns, let values):
      let ofColumn = if case .narrow = columns { 2 } else { 4 }
      switch values {
      case .bytes: return ofColumn + 1
      case .shorts: return ofColumn + 2
      case .words, .floats: return ofColumn + 4
      }
    }
  }

  // MARK: Reading

  /// Writes the columns and the numbers of a row's entries, as many as `entries(of:)` has. Allocates nothing.
  func copy(
    row: Int, columnsInto places: UnsafeMutablePointer<UInt32>, valuesInto numbers: UnsafeMutablePointer<Float>
  ) {
    let range = entries(of: row)
    switch entries {
    case .file(let file): file.read(range, columnsInto: places, valuesInto: numbers)
    case .memory(let columns, let values): Self.copy(columns, values, range, places, numbers)
    }
  }

  @inline(__always)
  private static func copy(
    _ columns: Columns, _ values: Values, _ range: Range<Int>, _ places: UnsafeMutablePointer<UInt32>,
    _ numbers: UnsafeMutablePointer<Float>
  ) {
    switch columns {
    case .narrow(let columns):
      columns.withUnsafeBufferPointer { columns in
        let row = columns.baseAddress! + range.lowerBound
        for index in 0..<range.count { places[index] = UInt32(row[index]) }
      }
    case .wide(let columns):
      columns.withUnsafeBufferPointer { columns in
        places.update(from: columns.baseAddress! + range.lowerBound, count: range.count)
      }
    }
    switch values {
    case .bytes(let values): copy(values, range, into: numbers)
    case .shorts(let values): copy(values, range, into: numbers)
    case .words(let values): copy(values, range, into: numbers)
    case .floats(let values):
      values.withUnsafeBufferPointer { values in
        numbers.update(from: values.baseAddress! + range.lowerBound, count: range.count)
      }
    }
  }

  private static func copy<Count: FixedWidthInteger>(
    _ values: [Count], _ range: Range<Int>, into numbers: UnsafeMutablePointer<Float>
  ) {
    values.withUnsafeBufferPointer { values in
      let row = values.baseAddress! + range.lowerBound
      for index in 0..<range.count { numbers[index] = Float(row[index]) }
    }
  }

  /// Asks for a row's entries that are in memory, since those of a shuffled minibatch lie anywhere.
  func prefetch(row: Int) {
    let (range, math) = (entries(of: row), VectorMath.active)
    func ask<Number>(_ numbers: [Number]) {
      numbers.withUnsafeBufferPointer { numbers in
        if let base = numbers.baseAddress { math.prefetch(base + range.lowerBound, count: range.count) }
      }
    }
    guard case .memory(let columns, let values) = entries else { return }
    switch columns {
    case .narrow(let columns): ask(columns)
    case .wide(let columns): ask(columns)
    }
    switch values {
    case .bytes(let values): ask(values)
    case .shorts(let values): ask(values)
    case .words(let values): ask(values)
    case .floats(let values): ask(values)
    }
  }

  /// Calls `body` with a row's columns and numbers, which are gone when it returns.
  func withRow<Result>(
    _ row: Int, _ body: (_ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    let count = entries(of: row).count
    return try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count + 1) { places in
      try withUnsafeTemporaryAllocation(of: Float.self, capacity: count + 1) { numbers in
        if count > 0 { copy(row: row, columnsInto: places.baseAddress!, valuesInto: numbers.baseAddress!) }
        return try body(
          UnsafeBufferPointer(rebasing: places[..<count]), UnsafeBufferPointer(rebasing: numbers[..<count]))
      }
    }
  }

  /// The same for another module.
  package func withEntries(
    of row: Int, _ body: (_ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>) -> Void
  ) { withRow(row, body) }

  /// Writes a row with its zeros.
  func writeDense(row: Int, into out: UnsafeMutablePointer<Float>) {
    out.update(repeating: 0, count: columnCount)
    withRow(row) { columns, values in
      for entry in 0..<columns.count { out[Int(columns[entry])] = values[entry] }
    }
  }
}

extension Dataset {
  /// The rows of its storage, example after example.
  func some(of rows: CompressedRows) -> [Int] { (0..<count).map(row) }
}

extension Dataset {
  /// Whether all its numbers are whole, from 0 up.
  public var isOfCounts: Bool {
    if case .compressed(let stored) = storage, stored.isOfCounts { return true }
    guard lies(within: 0 ... .greatestFiniteMagnitude) else { return false }
    var isWhole = true
    forEachRawBlock { values, rowCount in
      for index in 0..<rowCount * rawWidth where values[index] != values[index].rounded() { isWhole = false }
      return isWhole
    }
    return isWhole
  }

  /// The sum of an example's numbers: how much was counted in all.
  func total(of example: Int) -> Float {
    if case .compressed(let stored) = storage {
      // Of whole numbers up to 2^53 exact, whatever the order.
      return stored.withRow(row(of: example)) { _, values in Float(values.reduce(0.0) { $0 + Double($1) }) }
    }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: rawWidth) { raw in
      copyRaw(example..<example + 1, into: raw.baseAddress!)
      return Float(raw.reduce(0.0) { $0 + Double($1) })
    }
  }
}
