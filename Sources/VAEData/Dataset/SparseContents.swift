import VAEKernels

/// A sparse matrix as a file has it, with what else the file says of its rows and columns.
///
/// It is counts, and stays sparse, or a table, whose zeros are written out. **It is counts** where a person or a model says so:
/// by a count likelihood (`DataReading.rows`), or as rows for a model of counts. **It is a table** where they say that: by
/// another likelihood, by an option of what columns are (`DataReading.modelling`), or as rows for a model of a table. Where
/// nobody says anything, it is counts if all its numbers are whole (see `CountRounding`), from 0 up, and at least half of them 0,
/// or if `convert` has written them as such.
struct SparseContents {
  /// What the matrix is.
  enum Matrix {
    /// Counts, of which some may have been rounded.
    case counts(CompressedRows, CountRounding)
    /// Others, of which the first is at a row and a column.
    case others(first: NoCount)
    /// No rows, or no columns.
    case nothing
  }

  /// A number that is no count.
  struct NoCount {
    let row, column: Int
    let value: Float
  }

  let matrix: Matrix
  /// The matrix as it is stored, which is read only where a table of it is wanted.
  let whole: () throws -> SparseMatrix
  let path: String
  /// What the columns are called, where they have names.
  var names: [String]?
  /// What the rows are called.
  var ids: [String]?
  /// What a model is told of each row.
  var told: Table?
  /// What column the classes came from that a format has labelled the rows by.
  var labelName: String?
  /// Whether the file says itself that they are counts.
  var saysCounts = false

  init(_ matrix: Matrix, path: String, whole: @escaping () throws -> SparseMatrix) {
    (self.matrix, self.path, self.whole) = (matrix, path, whole)
  }

  init(_ matrix: SparseMatrix, path: String) {
    self.init(Matrix(matrix), path: path) { matrix }
  }

  /// The rows as counts; nil where they are a table. Throws `DataError` for the first number that is no count, where counts are
  /// asked for.
  func counts(_ reading: DataReading, known: DataDescription) throws -> DataContents? {
    guard !reading.areTable(for: known) else { return nil }
    try reading.checkCounts(for: known, areInText: false, path: path)
    switch matrix {
    case .others(let first):
      guard reading.areCounts(for: known) else { return nil }
      throw reading.noCount(first.value, row: first.row, column: name(first.column), path: path)
    case .nothing:
      return nil
    case .counts(let rows, let rounding):
      let isMostlyZero = 2 * Double(rows.stored) <= Double(rows.rowCount) * Double(rows.columnCount)
      guard reading.areCounts(for: known) || isMostlyZero || saysCounts else { return nil }
      var contents = try contents(rows, reading, known)
      contents.remarks += rounding.remarks
      return contents
    }
  }

  /// The matrix where it is a table; nil where it is counts.
  func whole(unlessCountsOf reading: DataReading) throws -> SparseMatrix? {
    try counts(reading, known: DataDescription()) == nil ? whole() : nil
  }

  private func name(_ column: Int) -> String { names?[column] ?? UnnamedColumns.name(column) }

  private func contents(
    _ rows: CompressedRows, _ reading: DataReading, _ known: DataDescription
  ) throws -> DataContents {
    let names = names ?? (0..<rows.columnCount).map(UnnamedColumns.name)
    var asides: [String: [String]] = [:]
    for name in reading.asides where name != labelName {
      if let texts = told?.texts(ofColumn: name) ?? rows.texts(ofColumn: names.firstIndex(of: name)) {
        asides[name] = texts
      } else if !reading.optionalAsides.contains(name) {
        throw Self.noColumn(name, among: names + (told?.columns.map(\.name) ?? []), path)
      }
    }
    let own = names.indices.filter { asides[names[$0]] == nil }
    let chosen: [Int?]
    var remark: String?
    if let features = known.featureNames {
      let found = try KnownFeatures(features, among: own.map { names[$0] }, reading, path: path)
      (chosen, remark) = (found.places.map { $0.map { own[$0] } }, found.remark)
    } else {
      chosen = try reading.chosen(own, names: names, path: path)
    }
    let isWhole = chosen.elementsEqual((0..<rows.columnCount).map { $0 })
    let kept = isWhole ? rows : rows.selecting(columns: chosen, rows: Array(0..<rows.rowCount))
    var examples = Dataset(kept, featureNames: known.featureNames ?? chosen.map { names[$0!] }, name: path)
    examples.ids = reading.idColumn.flatMap { asides[$0] } ?? ids
    if let told = try told?.told(reading, known: known, path: path) { examples = examples.telling(Dataset(told)) }
    var contents = DataContents(examples, format: "", remarks: remark.map { [$0] } ?? [])
    contents.stored = kept.stored
    contents.labelColumn = reading.labelColumn ?? labelName
    if let name = reading.labelColumn, let texts = asides[name] {
      try contents.label(byTexts: texts, column: name, reading, path: path)
    }
    contents.parts = reading.splitColumn.flatMap { asides[$0] }
    contents.groups = reading.groupColumn.flatMap { asides[$0] }
    return contents
  }

  static func noColumn(_ name: String, among names: [String], _ path: String) -> DataError {
    DataError(
      path: path, expected: "a column of the name \"\(name.onOneLine)\"",
      found: NearestNames.noneBut(name, among: names))
  }
}

extension DataReading {
  /// Whether what a person said, or the model that rows are for, makes counts of numbers, whatever they look like.
  func areCounts(for known: DataDescription) -> Bool {
    known.coding == nil && (known.featureNames != nil || rows == .counts)
  }

  /// Whether it makes a table of them.
  func areTable(for known: DataDescription) -> Bool {
    if known.coding != nil { return true }
    if areCounts(for: known) { return false }
    return rows == .table || modelling != TableModelling()
  }

  /// Throws `DataError` where counts are asked for, and something that only columns of other kinds can have. Of a table in text,
  /// columns may be told.
  func checkCounts(for known: DataDescription, areInText: Bool, path: String) throws {
    guard known.featureNames == nil else { return }
    let usual = TableModelling()
    let options = [
      ("--scaling", modelling.scaling != usual.scaling), ("--categories", !modelling.categories.isEmpty),
      ("--counts", !modelling.counts.isEmpty), ("--numbers", !modelling.numbers.isEmpty),
      ("--conditions", !areInText && !modelling.conditions.isEmpty),
    ]
    guard let option = options.first(where: \.1)?.0, rows == .counts else { return }
    throw DataError(
      path: path,
      expected: "counts in every column, for a likelihood of counts (--likelihood auto has one for each column)",
      found: "\(option), which says what else columns are")
  }

  /// That a number is no count.
  func noCount(_ value: Float, row: Int, column: String, path: String) -> DataError {
    DataError(
      path: path, place: "row \(row + 1), column \"\(column.onOneLine)\"",
      expected:
        "\(CountRounding.expected(insteadOf: value)) (--exclude or --label-column for a column of something else)",
      found: value.isNaN ? "nothing" : DecimalText.short(value))
  }

  /// The columns among `own` that are asked for.
  func chosen(_ own: [Int], names: [String], path: String) throws -> [Int?] {
    for pattern in columns + excluded where !own.contains(where: { NamePatterns([pattern]).match(names[$0]) }) {
      throw SparseContents.noColumn(pattern, among: own.map { names[$0] }, path)
    }
    let (kept, without) = (NamePatterns(columns), NamePatterns(excluded))
    let chosen = own.filter { (columns.isEmpty || kept.match(names[$0])) && !without.match(names[$0]) }
    guard !chosen.isEmpty else { throw DataError(path: path, expected: "a column to model", found: "none left") }
    return chosen.map { $0 }
  }
}

extension Table {
  /// Those of its columns that a model is told: the model's, those that were asked for, or where nothing was asked all.
  fileprivate func told(_ reading: DataReading, known: DataDescription, path: String) throws -> Table? {
    // A model of counts that is told nothing.
    if known.featureNames != nil, known.told == nil { return nil }
    if let columns = known.told?.columns.map(\.source) {
      return try matching(columns, takesUnknownTexts: reading.takesUnknownTexts)
    }
    guard !reading.cells.told.isEmpty else { return self }
    let asked = try reading.cells.told.map { name in
      guard let column = columns.first(where: { $0.name == name }) else {
        throw SparseContents.noColumn(name, among: columns.map(\.name), path)
      }
      return column
    }
    return try matching(asked, takesUnknownTexts: false)
  }

  /// What a column says of each row.
  fileprivate func texts(ofColumn name: String) -> [String]? {
    guard let place = columns.firstIndex(where: { $0.name == name }) else { return nil }
    return texts(ofColumn: place)
  }
}

extension SparseContents.Matrix {
  init(_ matrix: SparseMatrix) {
    guard matrix.rowCount > 0, matrix.columnCount > 0 else {
      self = .nothing
      return
    }
    var (matrix, rounding) = (matrix, CountRounding())
    if matrix.values.contains(where: { !$0.isCount }) {
      var counts = matrix.values
      if let index = counts.withUnsafeMutableBufferPointer({ rounding.round($0) }) {
        let row = (0..<matrix.rowCount).first { matrix.rowStarts[$0 + 1] > index }!
        self = .others(first: .init(row: row, column: Int(matrix.columns[index]), value: matrix.values[index]))
        return
      }
      matrix = SparseMatrix(asIs: matrix.rowCount, matrix.columnCount, matrix.rowStarts, matrix.columns, counts)
    }
    self = .counts(CompressedRows(matrix), rounding)
  }
}

extension CompressedRows {
  /// The numbers of a column as texts.
  fileprivate func texts(ofColumn place: Int?) -> [String]? {
    guard let place else { return nil }
    return (0..<rowCount).map { row in
      let value = withRow(row) { columns, values in columns.firstIndex(of: UInt32(place)).map { values[$0] } ?? 0 }
      return "\(Int(value))"
    }
  }
}
