import VAEData
import VAEKernels

/// Cells as they have been read, and which of them, and of their genes, are kept.
struct Cells {
  private(set) var rows: CompressedRows
  let table: CellTable
  let path: String
  /// What the table's genes are called, each differently.
  private let names: [String]
  /// Of the table's cells and genes.
  private var cells: [Int]
  private var genes: [String]
  private var remarks: [String]

  init(rows: CompressedRows, table: CellTable, path: String) {
    (self.rows, self.table, self.path) = (rows, table, path)
    names = UniqueNames.of(table.genes)
    (cells, genes, remarks) = (Array(0..<table.cellCount), names, table.remarks)
    let renamed = zip(names, table.genes).count { $0 != $1 }
    if let first = zip(names, table.genes).first(where: { $0 != $1 }) {
      remarks.append(
        "\(renamed.counted("gene")) of a name that another has too: called as scanpy would, such as "
          + "\"\(first.0.onOneLine)\"")
    }
  }

  /// Keeps the cells with enough counts, and of the genes those that are `known`, or that are chosen.
  mutating func keep(_ reading: DataReading, known: [String]?) throws {
    if reading.cells.leastCounts > 0 {
      let totals = rows.totals
      let kept = cells.filter { totals[$0] >= Double(reading.cells.leastCounts) }
      if kept.count < cells.count {
        remarks.append(
          "\((cells.count - kept.count).counted("cell")) with less than \(reading.cells.leastCounts) counted left out")
      }
      guard !kept.isEmpty else {
        throw DataError(
          path: path, expected: "a cell with at least \(reading.cells.leastCounts) counted, for --min-counts",
          found: "none; the most is \(Int(totals.max() ?? 0))")
      }
      cells = kept
    }
    let chosen: [Int?]
    if let known {
      let found = try KnownFeatures(known, among: names, called: "gene", path: path)
      if let remark = found.remark { remarks.append(remark) }
      chosen = found.places
    } else {
      chosen = try self.chosen(reading.cells)
    }
    guard cells.count < table.cellCount || chosen != (0..<table.genes.count).map({ $0 }) else {
      // The file's matrix may have columns of features that are no genes.
      if rows.columnCount != table.genes.count { rows = rows.selecting(columns: chosen, rows: cells) }
      return
    }
    rows = rows.selecting(columns: chosen, rows: cells)
    genes = known ?? chosen.map { names[$0!] }
  }

  /// The genes that choices keep.
  private mutating func chosen(_ choice: CellReading) throws -> [Int?] {
    var kept = Array(0..<table.genes.count)
    if let name = choice.geneColumn {
      guard let flags = table.vars.first(where: { $0.name == name })?.flags else {
        throw DataError(
          path: path, expected: "a column of genes that says yes or no, for --gene-column",
          found: "\"\(name.onOneLine)\"")
      }
      kept = kept.filter { flags[$0] }
    }
    if choice.leastCells > 0 {
      let counts = rows.selecting(columns: (0..<table.genes.count).map { $0 }, rows: cells).rowsWithEachColumn
      kept = kept.filter { counts[$0] >= choice.leastCells }
    }
    guard !kept.isEmpty else {
      throw DataError(
        path: path, expected: "at least one gene that --min-cells and --gene-column keep",
        found: "none of \(table.genes.count)")
    }
    if let count = choice.topGenes, count > kept.count {
      remarks.append("\(kept.count.counted("gene")) where the \(count) that differ most were asked for: all are kept")
    }
    if let count = choice.topGenes, count < kept.count {
      let some = rows.selecting(columns: kept.map { $0 }, rows: cells)
      let top = VariableGenes.choose(count, of: some, by: choice.geneSelection, batches: batches(choice))
      kept = top.map { kept[$0] }
    }
    if kept.count < table.genes.count {
      remarks.append("\((table.genes.count - kept.count).counted("gene")) of \(table.genes.count) left out")
    }
    return kept.map { $0 }
  }

  /// The batch of each cell that is kept: by the batch column, or the column that the model is told first, where that has
  /// categories.
  private func batches(_ choice: CellReading) -> [Int]? {
    guard let name = choice.batchColumn ?? choice.told.first,
      let column = table.obs.first(where: { $0.name == name })
    else { return nil }
    if case .numbers = column.values, choice.batchColumn == nil { return nil }
    let texts = texts(of: column)
    let places = Dictionary(uniqueKeysWithValues: zip(Set(texts).sorted(), 0...))
    return texts.map { places[$0]! }
  }

  /// How much was counted of the cells that are kept.
  var depths: DataSummary.Beside {
    let totals = rows.totals.sorted()
    guard let least = totals.first, let most = totals.last else { return .init("depth", []) }
    let empty = totals.prefix { $0 == 0 }.count
    return .init(
      "depth",
      ["\(Int(least)) to \(Int(most)) counted of a cell, half of them up to \(Int(totals[totals.count / 2]))"]
        + (empty > 0 ? ["\(empty.counted("cell")) of which nothing was"] : []))
  }

  /// The data set, with what was asked for of what is known of the cells.
  func contents(_ reading: DataReading, told known: [Table.Column]?) throws -> DataContents {
    var examples = Dataset(rows, featureNames: genes, name: path)
    examples.ids = try ids(reading)
    examples = examples.telling(try told(reading, as: known)).exposed(try exposure(reading.cells))
    switch reading.annotations {
    case .none: break
    case .named(let names): if !names.isEmpty { examples = examples.annotated(by: try columns(names)) }
    case .all: if !self.table.obs.isEmpty { examples = examples.annotated(by: try columns(self.table.obs.map(\.name))) }
    }
    var contents = DataContents(examples, format: table.format, remarks: remarks)
    contents.stored = rows.stored
    if let name = reading.labelColumn, let column = table.obs.first(where: { $0.name == name }) {
      try contents.label(byTexts: texts(of: column), column: name, reading, path: path)
    }
    if let name = reading.groupColumn { contents.groups = try texts(named: name) }
    if let name = reading.splitColumn { contents.parts = try texts(named: name) }
    return contents
  }

  private func ids(_ reading: DataReading) throws -> [String] {
    if let name = reading.idColumn, table.obs.contains(where: { $0.name == name }) { return try texts(named: name) }
    return cells.map { table.ids[$0] }
  }

  private func texts(named name: String) throws -> [String] {
    guard let column = table.obs.first(where: { $0.name == name }) else {
      throw DataError(path: path, expected: "a column of cells", found: "none called \"\(name.onOneLine)\"")
    }
    return texts(of: column)
  }

  /// What a column says of the cells that are kept; nothing where there is nothing.
  private func texts(of column: CellColumn) -> [String] {
    switch column.values {
    case .categories(let codes, let names): cells.map { codes[$0] < 0 ? "" : names[Int(codes[$0])] }
    case .numbers(let numbers): cells.map { numbers[$0].isNaN ? "" : numbers[$0].plain }
    case .texts(let texts): cells.map { texts[$0] }
    }
  }

  /// How much each cell was looked at, where a column says so.
  private func exposure(_ choice: CellReading) throws -> ExposureColumn? {
    guard let name = choice.exposureColumn else { return nil }
    guard let column = table.obs.first(where: { $0.name == name }), case .numbers(let numbers) = column.values else {
      throw DataError(
        path: path, expected: "a column of cells with numbers, for --exposure-column", found: "\"\(name.onOneLine)\"")
    }
    return try ExposureColumn(name: name, values: cells.map { Float(numbers[$0]) }, path: path) {
      "cell \"\(table.ids[cells[$0]].onOneLine)\""
    }
  }

  /// What a model is told, as a table; with the columns and categories that are `known`.
  private func told(_ reading: DataReading, as known: [Table.Column]?) throws -> Dataset? {
    guard !reading.cells.told.isEmpty else { return nil }
    var ofTexts = Set([reading.cells.batchColumn].compactMap { $0 })
    for column in known ?? [] where column.texts != nil { ofTexts.insert(column.name) }
    let isOptional = reading.takesUnknownTexts && known != nil
    let table = try columns(reading.cells.told, ofTexts: ofTexts, isOptional: isOptional)
    return Dataset(try known.map { try table.matching($0, takesUnknownTexts: reading.takesUnknownTexts) } ?? table)
  }

  /// What these columns say of the cells that are kept; numbers of those `ofTexts` are names. Where a column `isOptional` and
  /// not there, nothing.
  private func columns(
    _ names: [String], ofTexts: Set<String> = [], isOptional: Bool = false
  ) throws -> Table {
    var columns: [Table.Column] = []
    var values: [[Float]] = []
    for name in names {
      guard let column = table.obs.first(where: { $0.name == name }) else {
        guard isOptional else {
          throw DataError(path: path, expected: "a column of cells", found: "none called \"\(name.onOneLine)\"")
        }
        columns.append(Table.Column(name: name, texts: ofTexts.contains(name) ? [] : nil))
        values.append(cells.map { _ in .nan })
        continue
      }
      if case .numbers(let numbers) = column.values, !ofTexts.contains(name) {
        columns.append(Table.Column(name: name))
        values.append(cells.map { Float(numbers[$0]) })
      } else {
        let texts = texts(of: column)
        let levels = Set(texts).subtracting([""]).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(levels, 0...))
        columns.append(Table.Column(name: name, texts: levels))
        values.append(texts.map { text in places[text].map { Float($0) } ?? .nan })
      }
    }
    let rows = cells.indices.flatMap { cell in values.map { $0[cell] } }
    return Table(path: path, columns: columns, values: rows)
  }
}
