import VAEData
import VAEKernels

/// The `matrix.mtx` of a 10x folder: features × cells, an entry a line, cell after cell.
struct TenXMatrixFile {
  let path: String
  let featureCount: Int
  let cellCount: Int
  let entryCount: Int

  /// Reads the first lines.
  init(path: String) throws {
    self.path = path
    (_, _, featureCount, cellCount, entryCount) = try Self.begin(path)
  }

  private static func begin(
    _ path: String
  ) throws -> (reader: LineReader, banner: MatrixMarketBanner, features: Int, cells: Int, entries: Int) {
    let reader = try LineReader(path: path)
    let banner = try MatrixMarketBanner(reader)
    guard banner.isSparse, banner.symmetry == .general else {
      throw reader.error("a matrix of coordinates, general", "another")
    }
    guard let line = try nextLine(reader) else {
      throw reader.error("the numbers of features, cells and entries", "the end of the file")
    }
    var words = LineWords(line)
    var sizes: [Int] = []
    while let word = words.next(), let size = NumberText.wholeNumber(word) { sizes.append(size) }
    guard sizes.count == 3, words.isAtEnd, sizes[0] <= UInt32.max, sizes[1] <= UInt32.max else {
      throw reader.error("the numbers of features, cells and entries", line.quoted)
    }
    return (reader, banner, sizes[0], sizes[1], sizes[2])
  }

  private static func nextLine(_ reader: LineReader) throws -> UnsafeBufferPointer<UInt8>? {
    while let line = try reader.next() {
      var words = LineWords(line)
      if let word = words.next(), word[0] != UInt8(ascii: "%") { return line }
    }
    return nil
  }

  /// Calls `body` with every entry, in the file's order; cell and feature are counted from 0 and in the matrix.
  func forEachEntry(_ body: (_ cell: Int, _ feature: UInt32, _ value: Float) throws -> Void) throws {
    let (reader, banner, _, _, _) = try Self.begin(path)
    var count = 0
    while let line = try Self.nextLine(reader) {
      guard count < entryCount else {
        throw reader.error("the end after \(entryCount.counted("entry", plural: "entries"))", line.quoted)
      }
      var words = LineWords(line)
      guard let feature = words.next().flatMap(NumberText.wholeNumber),
        let cell = words.next().flatMap(NumberText.wholeNumber),
        let value = banner.isPattern ? 1 : words.next().flatMap({ NumberText.float($0) }), words.isAtEnd
      else { throw reader.error("a feature, a cell and \(banner.numberName)", line.quoted) }
      guard feature >= 1, feature <= featureCount, cell >= 1, cell <= cellCount else {
        throw reader.error(
          "a feature from 1 to \(featureCount) and a cell from 1 to \(cellCount)", "\(feature) and \(cell)")
      }
      try body(cell - 1, UInt32(feature - 1), value)
      count += 1
    }
    guard count == entryCount else {
      throw reader.error("\(entryCount.counted("entry", plural: "entries"))", "the end of the file after \(count)")
    }
  }

  /// Whether the entries come cell after cell, as Cell Ranger writes them.
  func isInOrder() throws -> Bool {
    var (last, isInOrder) = (0, true)
    try forEachEntry { cell, _, _ in
      if cell < last { isInOrder = false }
      last = cell
    }
    return isInOrder
  }

  /// Hands over every cell. A file in order, which is gone through once to know, takes no memory.
  func read(memory: Int, by assembler: inout RowAssembler, into sink: inout some CountRowSink) throws {
    guard try isInOrder() else {
      try BandedTranspose(rowCount: cellCount, memory: memory).forEachRow(of: MatrixFileEntries(file: self)) {
        try assembler.append($0, $1, to: &sink)
      }
      return
    }
    var (features, values): ([UInt32], [Float]) = ([], [])
    func flush() throws {
      try features.withUnsafeBufferPointer { features in
        try values.withUnsafeBufferPointer { try assembler.append(features, $0, to: &sink) }
      }
      features.removeAll(keepingCapacity: true)
      values.removeAll(keepingCapacity: true)
    }
    try forEachEntry { cell, feature, value in
      while assembler.row < cell { try flush() }
      features.append(feature)
      values.append(value)
    }
    while assembler.row < cellCount { try flush() }
  }
}

/// Entries in any order, one a stretch; the assembler puts a row's in order.
private struct MatrixFileEntries: ColumnScan {
  let file: TenXMatrixFile

  func forEachStretch(
    withValues: Bool, _ body: (Int, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    try file.forEachEntry { cell, feature, value in
      try withUnsafePointer(to: UInt32(cell)) { cell in
        try withUnsafePointer(to: value) { value in
          try body(
            Int(feature), UnsafeBufferPointer(start: cell, count: 1), UnsafeBufferPointer(start: value, count: 1))
        }
      }
    }
  }
}
