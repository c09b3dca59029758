import VAEKernels

/// What was written by `DataSource.convert`.
public struct Conversion: Sendable {
  /// [rows, columns], or [pictures, height, width, channels].
  public let shape: [Int]
  /// "float32", "uint8", of sparse counts "uint16" or "uint32" too.
  public let type: String
  /// The stored numbers of sparse counts; nil where all are there.
  public var stored: Int?
  /// What is in files of its own beside it, and where: "columns", "classes", "names".
  public let beside: [(content: String, path: String)]
  /// What there was that the file has no place for, a sentence each.
  public let remarks: [String]
}

extension DataSource {
  /// What may be written.
  public enum ArrayFormat: String, Sendable, CaseIterable {
    /// One array.
    case npy
    /// An archive of the array `x`, and the labels `y` where there are some; of sparse counts what SciPy's `load_npz` reads.
    case npz
    /// Text.
    case csv
  }

  /// What may be written beside the array at `path`.
  public static func pathsBeside(array path: String) -> [String] { BesideArray.paths(beside: path) }

  /// Writes all rows, a test set behind the training set, to the file at `path`: a table as the numbers that its coding would
  /// be given, categories as their numbers, with names and texts in `F.columns.json` beside `F.npy`; pictures as bytes [n, h,
  /// w, c]; all other numbers as 32-bit floats [n, d]. Classes of an NPY file are in `F.labels.npy`, the rows' names in
  /// `F.ids.txt`.
  ///
  /// Sparse counts in an NPZ file stay sparse: see `ConvertedCounts`.
  ///
  /// What `path` then holds is read as the same data, and an NPY file, or one of sparse counts, may stay where it is while a
  /// model looks at it. Beside what it takes to read the data, it takes a few megabytes; a sparse matrix is never whole in
  /// memory. Throws `DataError`
  /// and `FileError`; the file at `path` is then as it was.
  public func convert(to path: String, as format: ArrayFormat) throws -> Conversion {
    let contents = try convertedRows()
    let rows = contents.rows
    var remarks = contents.remarks
    var beside: [(content: String, path: String)] = []
    switch format {
    case .npz where rows.counts != nil:
      let counts = ConvertedCounts(rows, labelName: reading.labelColumn ?? rows.labelColumn)
      try counts.write(to: path)
      return Conversion(shape: rows.shape, type: counts.typeName, stored: counts.stored, beside: [], remarks: remarks)
    case .npy:
      let files = try BesideArray.files(of: rows, path: path)
      beside = files.map { ($0.content, $0.path) }
      remarks += BesideArray.remarks(onArray: path, but: beside.map(\.path))
      if rows.told != nil { remarks.append("what a model is told is left out, for which .npz and .csv have room") }
      try Self.writeNPY(rows, beside: files, to: path)
    case .npz:
      if rows.ids != nil { remarks.append("the rows' names are left out, for which .npy and .csv have room") }
      try Self.writeNPZ(rows, to: path)
    case .csv: try ConvertedText(rows, contents.asides, from: self.path ?? "generated digits").write(to: path)
    }
    return Conversion(
      shape: rows.shape, type: rows.isBytes ? "uint8" : "float32", beside: beside, remarks: remarks)
  }

  private func convertedRows() throws -> (
    rows: ConvertedRows, asides: [(name: String, texts: [String])], remarks: [String]
  ) {
    if let matrix = try sparseRows() { return (matrix.rows, named(matrix.rows), matrix.remarks) }
    let contents = path == nil ? Self.contents(ofDigits: try split()) : try contents()
    // A column for each of what is not modelled, under the name that it had.
    var asides: [(name: String, texts: [String])] = []
    if contents.test == nil {
      if let parts = contents.parts, let column = reading.splitColumn { asides.append((column, parts)) }
      if let groups = contents.groups, let column = reading.groupColumn, column != reading.splitColumn {
        asides.append((column, groups))
      }
    }
    let rows = ConvertedRows(contents)
    return (rows, named(rows) + asides, contents.remarks)
  }

  /// The rows of a sparse matrix that is no counts, with its classes, which need not be whole in memory as a table's.
  private func sparseRows() throws -> (rows: ConvertedRows, remarks: [String])? {
    guard let path, reading.testPath == nil, reading.asides.isEmpty, !reading.isChoiceOfColumns,
      // What comes but once cannot be looked at for a matrix first.
      let only = try PathPattern.expand(path).first, try !ByteSource.isStream(only),
      let format = try format(of: DataProbe(path: only)) as? any SparseFormat,
      let (matrix, labels) = try format.readTable(only, reading)
    else { return nil }
    guard matrix.rowCount > 0, matrix.columnCount > 0 else {
      throw DataError(path: only, expected: "at least one row and one column", found: "none")
    }
    let found = try labels.map { try DataClasses.find(in: $0.map { Double($0) }, place: "labels", path: only) }
    return (
      ConvertedRows(matrix, found?.classes), found?.others.map { [DataClasses.remark($0, place: "labels")] } ?? []
    )
  }

  /// The rows' names and classes as columns.
  private func named(_ rows: ConvertedRows) -> [(name: String, texts: [String])] {
    var columns: [(name: String, texts: [String])] = []
    if let ids = rows.ids { columns.append((reading.idColumn ?? "id", ids)) }
    if let labels = rows.labels {
      let texts = labels.map { label in rows.classNames.map { $0[Int(label)] } ?? "\(label)" }
      columns.append((reading.labelColumn ?? "label", texts))
    }
    if let told = rows.told {
      let table = Table(path: told.name, columns: told.columns, values: told.allNumbers)
      for (place, column) in told.columns.enumerated() where !columns.contains(where: { $0.name == column.name }) {
        columns.append((column.name, table.texts(ofColumn: place)))
      }
    }
    return columns
  }

  private static func contents(ofDigits split: DataSplit) -> DataContents {
    DataContents(split.train, test: split.test, format: split.format)
  }

  private static func writeNPY(_ rows: ConvertedRows, beside files: [BesideArray.File], to path: String) throws {
    let columnsPath = StoredColumns.path(beside: path)
    try AtomicFile.write(to: path) { file in
      try file.append(Array(NPY.header(type: rows.typeName, shape: rows.shape, count: rows.count * rows.width)))
      try rows.forEachBlock { try file.append($0) }
      // Last, when all that can fail has been done, and before the array is in its place: an array is never seen with the
      // columns of another.
      if !files.contains(where: { $0.path == columnsPath }), Path.exists(columnsPath),
        SystemCall.removeFile(columnsPath) != 0
      {
        throw FileError(
          path: columnsPath, action: "remove the columns of an earlier array", reason: "the system refuses")
      }
      for beside in files { try AtomicFile.write(beside.bytes, to: beside.path) }
    }
  }

  private static func writeNPZ(_ rows: ConvertedRows, to path: String) throws {
    try AtomicFile.write(to: path) { file in
      var zip = ZipWriter()
      let header = Array(NPY.header(type: rows.typeName, shape: rows.shape, count: rows.count * rows.width))
      try zip.append("x.npy", count: header.count + rows.byteCount, to: &file) { append in
        try header.withUnsafeBytes { try append($0) }
        try rows.forEachBlock(append)
      }
      if let labels = rows.labels {
        try zip.append("y.npy", Array(NPY.encode(labels, shape: [labels.count])), to: &file)
      }
      if let columns = StoredColumns(of: rows) { try zip.append(StoredColumns.entry, columns.encoded(), to: &file) }
      try zip.finish(&file)
    }
  }
}
