import VAEData
import VAEKernels

/// loom: a dense matrix of genes × cells, with a dataset for each thing that is known of its rows or its columns.
/// <https://linnarssonlab.org/loompy/format>
struct LoomReader: CellReader {
  let file: HDF5File
  let cellCount: Int
  let geneCount: Int
  let obsNames: [String]
  let varNames: [String]
  let matrices: [CellMatrix]

  init(_ file: HDF5File) throws {
    self.file = file
    let matrix = try file.requiredDataset(at: "matrix")
    guard matrix.shape.count == 2 else { throw matrix.error("genes × cells", "\(matrix.shape.count) axes") }
    (geneCount, cellCount) = (matrix.shape[0], matrix.shape[1])
    // Without genes there may be as many cells as the file likes.
    guard geneCount > 0 else { throw matrix.error("at least one gene", "none") }
    func names(_ group: String) throws -> [String] {
      try file.group(at: group)?.children().filter { $0.kind == .dataset }.map(\.name) ?? []
    }
    (obsNames, varNames) = (try names("col_attrs"), try names("row_attrs"))
    matrices = [.main] + (try names("layers")).map { .layer($0) }
  }

  var path: String { file.path }
  var format: String { "loom" }

  func obsColumn(_ name: String) throws -> CellColumn { try column(name, "col_attrs", obsNames, cellCount) }
  func varColumn(_ name: String, of matrix: CellMatrix) throws -> CellColumn {
    try column(name, "row_attrs", varNames, geneCount)
  }

  private func column(_ name: String, _ group: String, _ names: [String], _ count: Int) throws -> CellColumn {
    guard names.contains(name) else { throw error(group, "a column \"\(name.onOneLine)\"", "none") }
    let dataset = try file.requiredDataset(at: "\(group)/\(name)")
    try dataset.checkShape(count)
    return CellColumn(name: name, values: try AnnDataColumn.plain(dataset))
  }

  /// The names of cells or genes, as the conventions have them, or their numbers.
  private func names(_ candidates: [String], _ group: String, _ names: [String], _ count: Int) throws -> [String] {
    for name in candidates where names.contains(name) {
      if case .texts(let texts) = try column(name, group, names, count).values { return texts }
    }
    return (0..<count).map(String.init)
  }

  private func stored(_ matrix: CellMatrix) throws -> StoredMatrix {
    let place = if case .layer(let name) = matrix { "layers/\(name)" } else { "matrix" }
    return .denseColumns(
      try DenseColumns(file.requiredDataset(at: place), columnCount: geneCount, rowCount: cellCount))
  }

  func summary(of matrix: CellMatrix) throws -> CellMatrixSummary {
    try check(matrix)
    let stored = try stored(matrix)
    return CellMatrixSummary(
      matrix: matrix, geneCount: geneCount, layout: stored.layout, stored: nil,
      looksLikeCounts: try stored.looksLikeCounts())
  }

  func read(into sink: inout some CountRowSink, _ selection: CellSelection) throws -> CellTable {
    let ids = try names(["CellID", "obs_names", "cell_names", "Cell_ID"], "col_attrs", obsNames, cellCount)
    let genes = try names(["Gene", "var_names", "gene_names", "GeneName"], "row_attrs", varNames, geneCount)
    let stored = try stored(selection.matrix)
    let done = try assemble(
      RowAssembler(width: geneCount, numbers: selection.numbers), "\(selection.matrix)", cells: ids, genes: genes,
      advice: { matrices.first { $0 != selection.matrix && (try? summary(of: $0).looksLikeCounts) == true } }
    ) { assembler in
      try stored.read(cells: cellCount, memory: selection.memory, by: &assembler, into: &sink)
    }
    var remarks = done.rounding.remarks
    let obs = try columns(obsNames, selection, "col_attrs", &remarks, obsColumn)
    let vars = try columns(varNames, selection, "row_attrs", &remarks) { try varColumn($0, of: .main) }
    var geneIDs: [String]?
    if varNames.contains("Accession"), case .texts(let texts) = try varColumn("Accession", of: .main).values {
      geneIDs = texts
    }
    return CellTable(
      format: format, ids: ids, genes: genes, geneIDs: geneIDs, obs: obs, vars: vars, stored: done.stored,
      remarks: remarks)
  }
}
