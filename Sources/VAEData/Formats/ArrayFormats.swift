import VAEKernels

/// An array of NumPy; of a table with the names and texts of its columns in a file beside it, where there is one.
public struct NPYFormat: DataFormat {
  /// "NPY".
  public let name = "NPY"
  /// Its columns, where it is a table, and where its numbers are.
  public let heeded: ReadingAspects = [.columns, .storage]
  /// The one member.
  public init() {}
  /// By its first bytes.
  public func recognizes(_ probe: DataProbe) -> Bool { probe.start.starts(with: [0x93] + Array("NUMPY".utf8)) }

  /// Reads the array, or looks at how it lies in the file where it is large.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    let path = try onlyOne(paths)
    if try ByteSource.isStream(path) {
      if reading.storage == .file { throw FileRows.refusal(path: path, found: "what comes but once") }
      return try StoredArray.contents(ofStream: path, reading, known: known.coding, format: name)
    }
    let (header, start) = try NPY.layout(path: path)
    return try StoredArray(path: path, header: header, start: start).contents(
      reading, known: known.coding, format: name)
  }
}

/// An archive of arrays by NumPy, or a sparse matrix of SciPy.
public struct NPZFormat: SparseFormat {
  /// "NPZ".
  public let name = "NPZ"
  /// Which array, its columns, where it is a table, and of counts where they are, and what a model is told of their rows.
  public let heeded: ReadingAspects = [.archive, .columns, .storage, .cells]
  /// The one member.
  public init() {}
  /// By its first bytes, unless the archive is one of something else.
  public func recognizes(_ probe: DataProbe) -> Bool {
    // An archive begins with an entry, or with its end where there is none.
    [Zip.magic, Array("PK".utf8) + [5, 6]].contains(where: probe.start.starts)
      && ForeignFormat.hint(firstBytes: probe.start, path: probe.path) == nil
  }

  /// Reads an array and the classes beside it.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    let path = try onlyOne(paths)
    guard try !ByteSource.isStream(path) else {
      throw DataError(
        path: ByteSource.name(of: path), expected: "a file, as what an archive holds is told at its end",
        found: "an archive that comes but once")
    }
    if reading.array == nil, case let archive = try NPZArchive(path), archive.isSparse {
      var contents = try contents(
        of: archive.readSparse(reading, known), format: "sparse NPZ", reading, known)
      try archive.label(&contents, reading)
      return contents
    }
    if let name = reading.cells.told.first, known.told == nil {
      throw DataError(
        path: path,
        expected: "counts with what is known of their rows, as convert writes them, for --batch-column or "
          + "--covariates \(name.onOneLine)", found: "an array")
    }
    let arrays = try NPZ.arrays(path: path)
    // New rows need no classes.
    let isWithout = reading.maybeWithoutLabels && !arrays.contains { $0.name == reading.labelArray }
    let read = try NPZ.read(path: path, array: reading.array, labels: isWithout ? nil : reading.labelArray)
    let isBytes = arrays.contains { $0.name == read.name && $0.type.hasSuffix("u1") }
    let stored = try NPZ.storedColumns(path: path, count: read.shape.count == 2 ? read.shape[1] : 0)
    let array = ArrayData(read.values, shape: read.shape, isBytes: isBytes, names: stored?.ofTable, path: path)
    var contents = try array.contents(reading, known: known.coding, format: name)
    if let remark = read.remark { contents.remarks.append(remark) }
    if let labels = read.labels { try contents.label(by: labels, called: stored?.classes, reading, path: path) }
    return contents
  }

  func readTable(_ path: String, _ reading: DataReading) throws -> (matrix: SparseMatrix, labels: [Float]?)? {
    guard reading.array == nil, case let archive = try NPZArchive(path), archive.isSparse else { return nil }
    // With names or classes it is a table, or counts, and not numbers alone.
    guard try NPZ.names(StoredColumns.entry, path: path) == nil else { return nil }
    return try archive.readSparse(reading, DataDescription()).whole(unlessCountsOf: reading).map { ($0, nil) }
  }
}

/// A matrix in the Matrix Market's format.
public struct MatrixMarketFormat: SparseFormat {
  /// "Matrix Market".
  public let name = "Matrix Market"
  /// Its columns.
  public let heeded: ReadingAspects = .columns
  /// The one member.
  public init() {}
  /// By its banner.
  public func recognizes(_ probe: DataProbe) -> Bool {
    let text = String(decoding: probe.start.prefix(20), as: UTF8.self).lowercased()
    return text.drop { $0 == "%" }.hasPrefix("matrixmarket") && text.hasPrefix("%")
  }

  /// Reads the matrix, a row an example.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    let path = try onlyOne(paths)
    switch try MatrixMarket.read(path: path) {
    case .sparse(let matrix):
      let sparse = SparseContents(matrix, path: ByteSource.name(of: path))
      return try contents(of: sparse, format: name, reading, known)
    case .dense(let values, let rowCount, let columnCount):
      let array = ArrayData(values, shape: [rowCount, columnCount], path: ByteSource.name(of: path))
      return try array.contents(reading, known: known.coding, format: name)
    }
  }

  func readTable(_ path: String, _ reading: DataReading) throws -> (matrix: SparseMatrix, labels: [Float]?)? {
    guard case .sparse(let matrix) = try MatrixMarket.read(path: path) else { return nil }
    return try SparseContents(matrix, path: path).whole(unlessCountsOf: reading).map { ($0, nil) }
  }
}

/// Rows of "label index:value …", as LIBSVM and scikit-learn have them.
public struct SVMLightFormat: SparseFormat {
  /// "svmlight".
  public let name = "svmlight"
  /// Its columns.
  public let heeded: ReadingAspects = .columns
  /// The one member.
  public init() {}
  /// By the first line that is no comment: a number, and pairs with colons.
  public func recognizes(_ probe: DataProbe) -> Bool {
    let lines = TextLines.split(probe.start).drop { $0.hasPrefix("#") || $0.isEmpty }
    guard let words = lines.first?.split(separator: " "), words.count >= 2, Double(words[0]) != nil else {
      return false
    }
    let pair = words[1].split(separator: ":", omittingEmptySubsequences: false)
    return pair.count == 2 && (Int(pair[0]) != nil || pair[0] == "qid") && Double(pair[1]) != nil
  }

  /// Reads the rows and their classes.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    let path = try onlyOne(paths)
    let (matrix, labels) = try SVMLight.read(path: path)
    let columns = known.coding?.columns.map(\.name) ?? known.featureNames
    let (fitted, remark) = columns.map { matrix.asWide(as: $0, reading, path: path) } ?? (matrix, nil)
    var contents = try contents(
      of: SparseContents(fitted, path: ByteSource.name(of: path)), format: name, reading, known)
    if let remark { contents.remarks.append(remark) }
    try contents.label(by: labels.map { Double($0) }, reading, path: path)
    return contents
  }

  func readTable(_ path: String, _ reading: DataReading) throws -> (matrix: SparseMatrix, labels: [Float]?)? {
    let (matrix, labels) = try SVMLight.read(path: path)
    return try SparseContents(matrix, path: path).whole(unlessCountsOf: reading).map { ($0, labels) }
  }
}

/// A format whose files may hold sparse matrices.
protocol SparseFormat: DataFormat {
  /// The matrix at `path`, with the numbers of classes where there are some; nil where it is counts, or all of its numbers are
  /// stored.
  func readTable(_ path: String, _ reading: DataReading) throws -> (matrix: SparseMatrix, labels: [Float]?)?
}

extension DataFormat {
  /// Throws where several files were given of a format of which one is a whole set.
  func onlyOne(_ paths: [String]) throws -> String {
    guard paths.count == 1 else {
      throw DataError(path: paths[0], expected: "one \(name) file", found: "\(paths.count)")
    }
    return paths[0]
  }

  /// A sparse matrix as counts, or as a table with all its zeros.
  fileprivate func contents(
    of sparse: SparseContents, format: String, _ reading: DataReading, _ known: DataDescription
  ) throws -> DataContents {
    if var contents = try sparse.counts(reading, known: known) {
      contents.format = format
      return contents
    }
    return try table(of: sparse.whole(), names: sparse.names, format: format, path: sparse.path, reading, known.coding)
  }

  private func table(
    of matrix: SparseMatrix, names: [String]?, format: String, path: String, _ reading: DataReading,
    _ known: TableCoding?
  ) throws -> DataContents {
    let (count, overflow) = matrix.rowCount.multipliedReportingOverflow(by: matrix.columnCount)
    try LargeAllocation.check(
      overflow ? .max : count, of: Float.self, path: path,
      meaning: "\(matrix.rowCount) × \(matrix.columnCount) numbers")
    let array = ArrayData(
      matrix.rows(0..<matrix.rowCount), shape: [matrix.rowCount, matrix.columnCount],
      names: names?.map { Table.Column(name: $0) }, path: path)
    var contents = try array.contents(reading, known: known, format: format)
    contents.stored = matrix.stored
    return contents
  }
}
