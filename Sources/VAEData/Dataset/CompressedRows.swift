import VAEKernels

/// Rows of which only what is not zero is stored, each number in as few bytes as the whole matrix needs: column numbers in
/// two or four, counts in one, two or four, other numbers as floats. A million cells with 160 of 2,000 genes each take
/// 480 MB.
///
/// Row r is the entries from `starts[r]` to `starts[r + 1]`; its columns rise.
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

  /// The number of columns, zeros and all.
  public let columnCount: Int
  let starts: [Int]
  let columns: Columns
  let values: Values

  /// The number of rows.
  public var rowCount: Int { starts.count - 1 }

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
  /// The number of entries.
  public var stored: Int { starts[rowCount] }

  init(columnCount: Int, starts: [Int], columns: Columns, values: Values) {
    (self.columnCount, self.starts, self.columns, self.values) = (columnCount, starts, columns, values)
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
    guard case .floats(let values) = values else { return true }
    return values.allSatisfy { $0 >= 0 && $0 == $0.rounded() && $0.isFinite }
  }

  // MARK: Reading

  /// Writes the columns and the numbers of a row's entries, as many as `entries(of:)` has. Allocates nothing.
  func copy(
    row: Int, columnsInto places: UnsafeMutablePointer<UInt32>, valuesInto numbers: UnsafeMutablePointer<Float>
  ) {
    let range = entries(of: row)
    switch columns {
    case .narrow(let columns):
      columns.withUnsafeBufferPointer { columns in
        for (index, entry) in range.enumerated() { places[index] = UInt32(columns[entry]) }
      }
    case .wide(let columns):
      columns.withUnsafeBufferPointer { columns in
        places.update(from: columns.baseAddress! + range.lowerBound, count: range.count)
      }
    }
    switch values {
    case .bytes(let values): Self.copy(values, range, into: numbers)
    case .shorts(let values): Self.copy(values, range, into: numbers)
    case .words(let values): Self.copy(values, range, into: numbers)
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
      for (index, entry) in range.enumerated() { numbers[index] = Float(values[entry]) }
    }
  }

  /// Calls `body` with a row's columns and numbers, which are gone when it returns.
  func withRow<Result>(
    _ row: Int, _ body: (_ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    let count = entries(of: row).count
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count + 1) { places in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count + 1) { numbers in
        if count > 0 { copy(row: row, columnsInto: places.baseAddress!, valuesInto: numbers.baseAddress!) }
        return body(
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

extension CompressedRows {
  /// Rows that come one after another, each number kept in as few bytes as all so far need.
  public struct Builder {
    private let columnCount: Int
    private var starts = [0]
    private var narrow: [UInt16] = []
    private var wide: [UInt32] = []
    private var bytes: [UInt8] = []
    private var shorts: [UInt16] = []
    private var words: [UInt32] = []
    private var floats: [Float] = []
    private var width = Width.byte

    private enum Width: Int { case byte, short, word, float }

    /// No rows yet.
    public init(columnCount: Int) {
      precondition(columnCount > 0 && columnCount <= Int(UInt32.max), "\(columnCount) columns")
      self.columnCount = columnCount
    }

    /// Makes room for so many rows and entries.
    public mutating func reserve(rows: Int, entries: Int) {
      starts.reserveCapacity(rows + 1)
      if isNarrow { narrow.reserveCapacity(entries) } else { wide.reserveCapacity(entries) }
      bytes.reserveCapacity(entries)
    }

    private var isNarrow: Bool { columnCount <= 1 << 16 }

    /// Appends a row whose columns rise; what is 0 is left out.
    public mutating func append(columns: UnsafeBufferPointer<UInt32>, values: UnsafeBufferPointer<Float>) {
      precondition(columns.count == values.count, "\(columns.count) columns for \(values.count) numbers")
      var needed = width
      for value in values { needed = Self.width(for: value, atLeast: needed) }
      if needed != width { widen(to: needed) }
      var previous = -1
      for index in 0..<columns.count where values[index] != 0 {
        let column = columns[index]
        precondition(Int(column) > previous && Int(column) < columnCount, "column \(column) after \(previous)")
        previous = Int(column)
        if isNarrow { narrow.append(UInt16(column)) } else { wide.append(column) }
        switch width {
        case .byte: bytes.append(UInt8(values[index]))
        case .short: shorts.append(UInt16(values[index]))
        case .word: words.append(UInt32(values[index]))
        case .float: floats.append(values[index])
        }
      }
      starts.append(isNarrow ? narrow.count : wide.count)
    }

    /// All of them.
    public func finish() -> CompressedRows {
      let values: Values =
        switch width {
        case .byte: .bytes(bytes)
        case .short: .shorts(shorts)
        case .word: .words(words)
        case .float: .floats(floats)
        }
      return CompressedRows(
        columnCount: columnCount, starts: starts, columns: isNarrow ? .narrow(narrow) : .wide(wide), values: values)
    }

    private static func width(for value: Float, atLeast width: Width) -> Width {
      guard width != .float, value >= 0, value < 4_294_967_296, value == value.rounded(.towardZero) else {
        return .float
      }
      let needed: Width = value < 256 ? .byte : value < 65_536 ? .short : .word
      return needed.rawValue > width.rawValue ? needed : width
    }

    private mutating func widen(to needed: Width) {
      switch (width, needed) {
      case (.byte, .short): shorts = bytes.map { UInt16($0) }
      case (.byte, .word): words = bytes.map { UInt32($0) }
      case (.short, .word): words = shorts.map { UInt32($0) }
      case (.byte, .float): floats = bytes.map { Float($0) }
      case (.short, .float): floats = shorts.map { Float($0) }
      case (.word, .float): floats = words.map { Float($0) }
      default: break
      }
      if needed != .byte { bytes = [] }
      if needed != .short { shorts = [] }
      if needed != .word { words = [] }
      width = needed
    }
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
