import VAEData

/// A matrix of cells × genes in an HDF5 file, however it lies there.
enum StoredMatrix {
  /// Rows of numbers.
  case dense(DenseMatrix)
  /// Columns of numbers.
  case denseColumns(DenseColumns)
  /// CSR.
  case rows(CompressedMatrix)
  /// CSC.
  case columns(CompressedMatrix)

  /// Hands every row to the sink by way of the assembler. Throws `CountFault` and `PlaceFault` beside other errors.
  func read(
    cells: Int, memory: Int, by assembler: inout RowAssembler, into sink: inout some CountRowSink
  ) throws {
    switch self {
    case .dense(let matrix):
      try matrix.forEachRow { try assembler.append($0, $1, to: &sink) }
    case .rows(let matrix):
      try matrix.forEachLine(longest: assembler.longestRow) { try assembler.append($1, $2, to: &sink) }
    case .columns(let matrix):
      try BandedTranspose(rowCount: cells, memory: memory).forEachRow(of: CompressedColumns(matrix: matrix)) {
        try assembler.append($0, $1, to: &sink)
      }
    case .denseColumns(let columns):
      try BandedTranspose(rowCount: cells, memory: memory).forEachRow(of: columns) {
        try assembler.append($0, $1, to: &sink)
      }
    }
  }

  /// Stored elements; nil of a dense matrix.
  var stored: Int? {
    switch self {
    case .rows(let matrix), .columns(let matrix): matrix.stored
    case .dense, .denseColumns: nil
    }
  }

  /// "dense", "CSR", "CSC".
  var layout: String {
    switch self {
    case .dense: "dense"
    case .denseColumns: "dense, genes × cells"
    case .rows: "CSR"
    case .columns: "CSC"
    }
  }

  /// Whether the first thousand numbers that are stored are all counts, and some are there.
  func looksLikeCounts() throws -> Bool {
    let most = 1000
    switch self {
    case .rows(let matrix), .columns(let matrix):
      let count = min(matrix.stored, most)
      return try count > 0 && matrix.data.read(Float.self, [0..<count]).withNumbers(RowAssembler.areCounts)
    case .dense(let matrix): return try Self.beginsWithCounts(matrix.dataset, most)
    case .denseColumns(let columns): return try Self.beginsWithCounts(columns.dataset, most)
    }
  }

  private static func beginsWithCounts(_ dataset: HDF5Dataset, _ most: Int) throws -> Bool {
    let width = min(dataset.shape[1], 10 * most)
    guard width > 0 else { return false }
    let rows = min(dataset.shape[0], max(10 * most / width, 1))
    return try rows > 0
      && dataset.read(Float.self, [0..<rows, 0..<width]).withNumbers { numbers in
        numbers.contains { $0 != 0 } && RowAssembler.areCounts(numbers)
      }
  }
}
