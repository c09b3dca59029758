import VAEKernels

/// The rows of some data as an array has them: C order, bytes where they are pixels, else 32-bit floats.
struct ConvertedRows {
  /// Where the numbers are: data sets one after another, or a sparse matrix, which is written without ever being whole.
  private enum Source {
    case datasets([Dataset])
    case sparse(SparseMatrix)
  }

  private let source: Source
  /// What a model is told of each row, of rows that are no table.
  let told: Dataset?
  /// The numbers of a row.
  let width: Int
  let count: Int
  /// [rows, columns], or [pictures, height, width, channels].
  let shape: [Int]
  /// Whether the numbers are pixels of a byte.
  let isBytes: Bool
  /// The columns of a table, or the names of what was counted.
  let columns: [Table.Column]
  let labels: [UInt8]?
  let classNames: [String]?
  /// The column that the classes came from, where it is gone.
  let labelColumn: String?
  let ids: [String]?

  /// All rows of what has been read, a test set behind the training set.
  init(_ contents: DataContents) {
    let parts = [contents.examples] + (contents.test.map { [$0] } ?? [])
    let first = contents.examples
    source = .datasets(parts)
    let count = parts.reduce(0) { $0 + $1.count }
    (width, self.count) = (first.rawWidth, count)
    isBytes = parts.allSatisfy(\.isPixels)
    let names = first.featureNames ?? []
    let areNamed = names.contains { UnnamedColumns.place(of: $0) == nil }
    columns = first.columns.isEmpty && areNamed ? names.map { Table.Column(name: $0) } : first.columns
    (classNames, labelColumn) = (first.classNames, contents.labelColumn)
    let numbers = parts.compactMap(\.labels)
    labels = numbers.count == parts.count ? numbers.flatMap { $0 } : nil
    let ids = parts.compactMap(\.ids)
    self.ids = ids.count == parts.count ? ids.flatMap { $0 } : nil
    let told = parts.compactMap(\.told)
    self.told =
      told.count == parts.count ? told.dropFirst().reduce(told[0]) { $0.appending($1, name: $0.name) } : nil
    shape = first.imageShape.map { [count, $0.height, $0.width, $0.channels] } ?? [count, width]
  }

  /// All rows of a sparse matrix.
  init(_ matrix: SparseMatrix, _ classes: DataClasses?) {
    source = .sparse(matrix)
    (width, count, isBytes) = (matrix.columnCount, matrix.rowCount, false)
    (labels, classNames) = (classes?.labels, classes?.names)
    (columns, ids, told, labelColumn) = ([], nil, nil, nil)
    shape = [matrix.rowCount, matrix.columnCount]
  }

  /// The data sets, where all their rows are counts of which what is not zero is stored.
  var counts: [Dataset]? {
    guard case .datasets(let parts) = source, parts.allSatisfy({ $0.isSparse && $0.isOfCounts }) else { return nil }
    return parts
  }

  /// NumPy's word for the type of the numbers.
  var typeName: String { isBytes ? "|u1" : "<f4" }

  /// Bytes of all numbers.
  var byteCount: Int { count * width * (isBytes ? 1 : 4) }

  /// Calls `body` with the bytes of all numbers, as they lie in an array, some rows at a time: 4 MB at most but for a single
  /// row. Throws `FileError` where a file that the rows are in changed meanwhile, and what `body` throws.
  func forEachBlock(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if isBytes { return try forEachByteBlock(body) }
    try forEachFloatBlock { values, rowCount in
      try body(UnsafeRawBufferPointer(start: values, count: rowCount * width * MemoryLayout<Float>.size))
    }
  }

  /// The same as floats, pixels as byte / 255.
  func forEachFloatBlock(_ body: (_ values: UnsafePointer<Float>, _ rowCount: Int) throws -> Void) throws {
    switch source {
    case .datasets(let datasets):
      for dataset in datasets {
        var failure: (any Error)?
        dataset.forEachRawBlock { values, rowCount in
          do { try body(values, rowCount) } catch { failure = error }
          return failure == nil
        }
        if let failure { throw failure }
        if let failure = dataset.failure { throw failure }
      }
    case .sparse(let matrix):
      let rowsAtOnce = max(1, (1 << 20) / max(width, 1))
      for first in stride(from: 0, to: count, by: rowsAtOnce) {
        let rows = first..<min(first + rowsAtOnce, count)
        try matrix.rows(rows).withUnsafeBufferPointer { values in
          if let values = values.baseAddress { try body(values, rows.count) }
        }
      }
    }
  }

  private func forEachByteBlock(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard case .datasets(let datasets) = source else { preconditionFailure("a sparse matrix has no pixels") }
    for dataset in datasets {
      if let bytes = dataset.ownBytes {
        try bytes.withUnsafeBytes { try body($0) }
      } else {
        try dataset.forEachFileRow { try body(UnsafeRawBufferPointer($0)) }
      }
    }
  }
}

extension Dataset {
  /// Calls `body` with the bytes of each row, which are pixels in a file.
  fileprivate func forEachFileRow(_ body: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
    guard case .file(let file) = storage else { preconditionFailure("rows that are in no file") }
    let row = UnsafeMutableRawBufferPointer.allocate(byteCount: rawWidth, alignment: 16)
    defer { row.deallocate() }
    for example in 0..<count {
      let place = self.row(of: example)
      file.readBytes(place..<place + 1, into: row)
      if let failure { throw failure }
      try body(row)
    }
  }
}
