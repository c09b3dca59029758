import VAEKernels

/// Counts in archives of SciPy's sparse matrices, with what `convert` writes beside them: `columns.json`, `ids.txt` and `told`.
extension NPZArchive {
  /// The entries with the rows' names, and with what a model is told of each.
  static let ids = "ids.txt"
  static let told = "told"

  /// The sparse matrix, and what is known of its rows and columns.
  func readSparse(_ reading: DataReading, _ known: DataDescription) throws -> SparseContents {
    try checkChoices(reading.cells, known)
    // That is not looked at before it is read in full.
    let isTable = reading.areTable(for: known)
    let matrix = isTable ? .others(first: .init(row: 0, column: 0, value: .nan)) : try matrix(reading, known)
    var contents = SparseContents(matrix, path: path) { [path] in try NPZ.readSparse(path: path) }
    if let names = try NPZ.names(Self.ids, path: path) {
      contents.ids = LinesOfNames.decode(names)
      let count = try integers("shape").first ?? 0
      guard contents.ids?.count == count else {
        throw DataError(
          path: path, place: Self.ids, expected: "a name for each of \(count.counted("row"))",
          found: "\(contents.ids?.count ?? 0)")
      }
    }
    guard let stored = try NPZ.storedColumns(path: path, count: try integers("shape").last ?? 0) else {
      return contents
    }
    contents.names = stored.columns.isEmpty ? nil : stored.columns.map(\.name)
    contents.labelName = stored.label
    contents.saysCounts = stored.areCounts == true
    let rowCount = try integers("shape").first ?? 0
    contents.told = try stored.told.map { try table($0.map(\.ofTable), rowCount: rowCount) }
    return contents
  }

  /// The classes of the rows of the matrix, as an array has them.
  func label(_ contents: inout DataContents, _ reading: DataReading) throws {
    let matrix = NPZ.Header(name: "data", type: "", shape: try integers("shape"))
    let isWithout = reading.maybeWithoutLabels && !arrays.contains { $0.name == reading.labelArray }
    let (array, remark) = try labels(of: matrix, named: isWithout ? nil : reading.labelArray, isNamed: false)
    if let remark { contents.remarks.append(remark) }
    guard let array else { return }
    let classes = try NPZ.storedColumns(path: path, count: matrix.shape[1])?.classes
    try contents.label(by: readLabels(array), called: classes, reading, path: path)
  }

  /// Throws for a choice among cells or genes, of which such a file knows nothing.
  private func checkChoices(_ cells: CellReading, _ known: DataDescription) throws {
    // A run's own choice is in what it knows.
    guard known.featureNames == nil else { return }
    let options = [
      ("--matrix", cells.matrix != nil), ("--genome", cells.genome != nil), ("--gene-column", cells.geneColumn != nil),
      ("--top-features", cells.topGenes != nil), ("--min-counts", cells.leastCounts > 0),
      ("--min-cells", cells.leastCells > 0),
    ]
    guard let option = options.first(where: \.1)?.0 else { return }
    throw DataError(
      path: path, expected: "a file of cells for \(option), whose choice convert keeps", found: "a sparse matrix")
  }

  private func table(_ columns: [Table.Column], rowCount: Int) throws -> Table {
    let (values, shape) = try read(Self.told)
    guard shape == [rowCount, columns.count] else {
      throw DataError(
        path: path, place: Self.told,
        expected: "a number for each of \(rowCount.counted("row")) and \(columns.count.counted("column"))",
        found: "\(shape)")
    }
    let table = Table(path: path, columns: columns, values: values)
    try table.checkTexts()
    return table
  }

  // MARK: The matrix

  private func matrix(_ reading: DataReading, _ known: DataDescription) throws -> SparseContents.Matrix {
    guard try format() == "csr" else {
      guard reading.storage != .file else {
        throw FileRows.refusal(path: path, found: "a sparse matrix of another kind")
      }
      return SparseContents(try NPZ.readSparse(path: path), path: path).matrix
    }
    let rows = try StoredRows(self)
    let isLarge = rows.stored * rows.bytesOfAnEntry > FileRows.leastBytes
    if reading.storage == .file || reading.storage == .automatic && isLarge, let place = rows.place {
      var areInOrder = true
      var rounding = CountRounding()
      let first = try rows.forEachRow(&rounding) { columns, values in
        areInOrder = areInOrder && columns.areRising && !values.contains(0)
      }
      if let first { return .others(first: first) }
      if areInOrder, rounding.count == 0 {
        return .counts(CompressedRows(columnCount: rows.columnCount, starts: rows.starts, .file(place)), rounding)
      }
    }
    guard reading.storage != .file else {
      throw FileRows.refusal(path: path, found: "packed entries, or numbers or an order that are not convert's")
    }
    var builder = CompressedRows.Builder(columnCount: rows.columnCount)
    builder.reserve(rows: rows.rowCount, entries: rows.stored)
    // From its beginning again.
    var rounding = CountRounding()
    if let first = try StoredRows(self).forEachRow(&rounding, { builder.append(unordered: $0, values: $1) }) {
      return .others(first: first)
    }
    return .counts(builder.finish(), rounding)
  }
}
