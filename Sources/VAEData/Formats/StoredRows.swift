import VAEKernels

/// The rows of a matrix by SciPy, as they lie in its archive.
struct StoredRows {
  let rowCount, columnCount: Int
  let starts: [Int]
  private let columns, values: NPYBlocks
  private let path: String

  /// How many numbers are read at once, unless a row has more.
  private static let most = 1 << 18

  /// Throws `DataError` for sizes and starts that cannot be.
  init(_ archive: NPZArchive) throws {
    path = archive.path
    let shape = try archive.integers("shape")
    guard shape.count == 2, shape.allSatisfy({ $0 > 0 }) else {
      throw DataError(path: path, place: "shape", expected: "at least one row and one column", found: "\(shape)")
    }
    (rowCount, columnCount) = (shape[0], shape[1])
    starts = try archive.integers("indptr")
    (columns, values) = try (NPYBlocks(archive, "indices"), NPYBlocks(archive, "data"))
    try SparseMatrix.checkSize(rowCount, columnCount, stored: values.count, path: path)
    if let fault = SparseMatrix.fault(ofStarts: starts, rowCount: rowCount, stored: columns.count) {
      throw DataError(path: path, place: "indptr", expected: fault.expected, found: fault.found)
    }
    guard columns.count == values.count, columns.type.kind != .float else {
      throw DataError(
        path: path, place: "indices", expected: "the number of a column for each of \(values.count.counted("number"))",
        found: columns.type.kind == .float ? "floats" : "\(columns.count)")
    }
  }

  /// The numbers that are stored.
  var stored: Int { values.count }

  /// The bytes that a number and its column take.
  var bytesOfAnEntry: Int { columns.type.width + values.type.width }

  /// The entries where they lie; nil where they are packed, or of types that are not read there.
  var place: FileEntries? {
    guard let first = columns.place, let second = values.place, FileEntries.canBeColumns(columns.type),
      FileEntries.canBeCounts(values.type)
    else { return nil }
    return FileEntries(
      first.file, columns: .init(start: first.offset, type: columns.type),
      values: .init(start: second.offset, type: values.type), columnCount: columnCount)
  }

  /// Calls `body` once with every row as it is stored, its numbers rounded where they are counts but for their last digits, its
  /// columns within their number but in any order, until a number is no count, which it returns. Throws `DataError` with what is
  /// wrong, and looks at checksums at the end.
  func forEachRow(
    _ rounding: inout CountRounding,
    _ body: (_ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>) -> Void
  ) throws -> SparseContents.NoCount? {
    let room = StoredRowsRoom()
    var row = 0
    while row < rowCount {
      var end = row + 1
      while end < rowCount, starts[end + 1] - starts[row] <= Self.most { end += 1 }
      let first = starts[row]
      try room.fill(starts[end] - first, columns, values)
      for row in row..<end {
        let range = starts[row] - first..<starts[row + 1] - first
        if let column = room.columns[range].first(where: { Int($0) >= columnCount }) {
          throw DataError(
            path: path, place: "indices, row \(row) from 0", expected: "columns from 0 to \(columnCount - 1)",
            found: Int32(bitPattern: column) < 0 ? "another" : "\(column)")
        }
        if let place = rounding.round(UnsafeMutableBufferPointer(rebasing: room.values[range])) {
          let index = range.lowerBound + place
          return .init(row: row, column: Int(room.columns[index]), value: room.values[index])
        }
        body(UnsafeBufferPointer(rebasing: room.columns[range]), UnsafeBufferPointer(rebasing: room.values[range]))
      }
      row = end
    }
    try columns.finish()
    try values.finish()
    return nil
  }
}

/// Room for some rows of an archive.
private final class StoredRowsRoom {
  private(set) var columns = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 0)
  private(set) var values = UnsafeMutableBufferPointer<Float>.allocate(capacity: 0)
  /// Numbers as they come, and whole numbers of any type.
  private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 16)
  private var integers = UnsafeMutableBufferPointer<Int>.allocate(capacity: 0)

  deinit { free() }

  private func free() {
    columns.deallocate()
    values.deallocate()
    bytes.deallocate()
    integers.deallocate()
  }

  /// Reads the next `count` columns and numbers. A column beyond 32 bits, or a negative one, is one beyond all.
  func fill(_ count: Int, _ columns: NPYBlocks, _ values: NPYBlocks) throws {
    if count > self.columns.count {
      free()
      self.columns = .allocate(capacity: count)
      self.values = .allocate(capacity: count)
      bytes = .allocate(byteCount: count * max(columns.type.width, values.type.width), alignment: 16)
      integers = .allocate(capacity: count)
    }
    guard count > 0 else { return }
    let indices = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(count * columns.type.width)])
    try columns.next(into: indices)
    columns.type.integers(in: UnsafeRawBufferPointer(indices), into: integers.baseAddress!)
    for index in 0..<count {
      let column = integers[index]
      self.columns.initializeElement(at: index, to: column < 0 ? .max : UInt32(clamping: column))
    }
    let numbers = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(count * values.type.width)])
    try values.next(into: numbers)
    values.type.floats(in: UnsafeRawBufferPointer(numbers), into: self.values.baseAddress!)
  }
}
