import VAEData

/// A dense matrix in an HDF5 file, of which only what is not zero is handed on.
struct DenseMatrix {
  let dataset: HDF5Dataset

  /// Throws unless there are so many rows and columns of numbers.
  init(_ dataset: HDF5Dataset, rowCount: Int, columnCount: Int) throws {
    self.dataset = dataset
    guard dataset.shape == [rowCount, columnCount], dataset.type.isNumber else {
      throw dataset.error(
        "\(rowCount) × \(columnCount) numbers",
        "\(dataset.shape.map(String.init).joined(separator: " × ")) \(dataset.type.inWords)")
    }
    guard columnCount <= HDF5Dataset.largestPiece / 4 else {
      throw dataset.error("at most \(HDF5Dataset.largestPiece / 4) columns of a dense matrix", "\(columnCount)")
    }
  }

  /// Calls `body` with every row in order.
  func forEachRow(
    _ body: (_ columns: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let width = dataset.shape[1]
    var columns = [UInt32](repeating: 0, count: width)
    var values = [Float](repeating: 0, count: width)
    var pieces = HDF5Pieces<Float>(dataset, 0..<dataset.shape[0], columns: 0..<width)
    while let (piece, range) = try pieces.nextWithRange() {
      try piece.withNumbers { numbers in
        for row in 0..<range.count {
          let count = Self.compress(
            UnsafeBufferPointer(rebasing: numbers[row * width..<(row + 1) * width]), &columns, &values)
          try columns.withUnsafeBufferPointer { columns in
            try values.withUnsafeBufferPointer {
              try body(UnsafeBufferPointer(rebasing: columns[..<count]), UnsafeBufferPointer(rebasing: $0[..<count]))
            }
          }
        }
      }
    }
  }

  /// Puts what is not zero into `places` and `values`, which have room, and returns how many that is.
  static func compress(
    _ numbers: UnsafeBufferPointer<Float>, offset: Int = 0, _ places: inout [UInt32], _ values: inout [Float]
  ) -> Int {
    places.withUnsafeMutableBufferPointer { places in
      values.withUnsafeMutableBufferPointer { values in
        var count = 0
        for place in 0..<numbers.count {
          // Written in any case: a branch that nobody can foresee costs more.
          places[count] = UInt32(offset + place)
          values[count] = numbers[place]
          if numbers[place] != 0 { count += 1 }
        }
        return count
      }
    }
  }
}

/// A dense matrix that lies the other way, a row of it a column of what is wanted.
struct DenseColumns: ColumnScan {
  let dataset: HDF5Dataset

  /// Throws unless the dataset has so many rows of so many numbers.
  init(_ dataset: HDF5Dataset, columnCount: Int, rowCount: Int) throws {
    self.dataset = dataset
    guard dataset.shape == [columnCount, rowCount], dataset.type.isNumber else {
      throw dataset.error(
        "\(columnCount) × \(rowCount) numbers",
        "\(dataset.shape.map(String.init).joined(separator: " × ")) \(dataset.type.inWords)")
    }
  }

  func forEachStretch(
    withValues: Bool, _ body: (Int, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let (columnCount, rowCount) = (dataset.shape[0], dataset.shape[1])
    let most = HDF5Dataset.largestPiece / 2 / 4
    // As many lines at once as a chunk has, so that none is inflated twice; of these as much as fits.
    let lines = min(max(dataset.chunk?[0] ?? 1, 1), 1024)
    let length = min(max(most / lines, 1), max(rowCount, 1))
    var places = [UInt32](repeating: 0, count: length)
    var values = [Float](repeating: 0, count: length)
    for firstLine in stride(from: 0, to: columnCount, by: lines) {
      let band = firstLine..<min(firstLine + lines, columnCount)
      for firstRow in stride(from: 0, to: rowCount, by: length) {
        let rows = firstRow..<min(firstRow + length, rowCount)
        try dataset.read(Float.self, [band, rows]).withNumbers { numbers in
          for line in band {
            let start = (line - firstLine) * rows.count
            let count = DenseMatrix.compress(
              UnsafeBufferPointer(rebasing: numbers[start..<start + rows.count]), offset: firstRow, &places, &values)
            try places.withUnsafeBufferPointer { places in
              try values.withUnsafeBufferPointer {
                try body(
                  line, UnsafeBufferPointer(rebasing: places[..<count]), UnsafeBufferPointer(rebasing: $0[..<count]))
              }
            }
          }
        }
      }
    }
  }
}
