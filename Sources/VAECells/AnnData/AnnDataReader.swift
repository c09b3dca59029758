import VAEData
import VAEKernels

/// AnnData's `.h5ad`, of every version so far.
struct AnnDataReader: CellReader {
  let file: HDF5File
  let obs: AnnDataFrame
  let vars: AnnDataFrame
  let matrices: [CellMatrix]
  private let children: [HDF5File.Child]

  init(_ file: HDF5File) throws {
    self.file = file
    children = try file.root.children()
    obs = try AnnDataFrame(file, at: "obs")
    vars = try AnnDataFrame(file, at: "var")
    let names = Set(children.map(\.name))
    var matrices: [CellMatrix] = names.contains("X") ? [.main] : []
    matrices += try file.group(at: "layers")?.children().map { CellMatrix.layer($0.name) } ?? []
    if names.contains("raw") || names.contains("raw.X") { matrices.append(.raw) }
    guard !matrices.isEmpty else {
      throw DataError(path: file.path, expected: "X, layers or raw", found: "none of them")
    }
    self.matrices = matrices
  }

  var path: String { file.path }
  var format: String { "AnnData" }
  var cellCount: Int { obs.count }
  var geneCount: Int { vars.count }
  var obsNames: [String] { obs.names }
  var varNames: [String] { vars.names }

  func obsColumn(_ name: String) throws -> CellColumn { try obs.column(name) }
  func varColumn(_ name: String, of matrix: CellMatrix) throws -> CellColumn { try genes(of: matrix).column(name) }

  // MARK: Matrices

  /// Before anndata 0.7 the raw matrix was not in a group.
  private var isRawFlat: Bool { !children.contains { $0.name == "raw" } }

  private func genes(of matrix: CellMatrix) throws -> AnnDataFrame {
    matrix == .raw ? try AnnDataFrame(file, at: isRawFlat ? "raw.var" : "raw/var") : vars
  }

  private func place(_ matrix: CellMatrix) -> String { matrix == .raw && isRawFlat ? "raw.X" : matrix.description }

  private func stored(_ matrix: CellMatrix, genes: Int) throws -> StoredMatrix {
    let place = place(matrix)
    switch try file.object(at: place) {
    case .dataset(let dataset):
      return .dense(try DenseMatrix(dataset, rowCount: cellCount, columnCount: genes))
    case .group(let group): return try compressed(group, genes: genes)
    case .other, nil: throw error(place, "a matrix", "none")
    }
  }

  private func compressed(_ group: HDF5Group, genes: Int) throws -> StoredMatrix {
    let encoding = try (group.attribute("encoding-type") ?? group.attribute("h5sparse_format"))?.text
    let shape = try (group.attribute("shape") ?? group.attribute("h5sparse_shape"))?.integers
    if let shape, shape != [cellCount, genes] {
      throw error(
        group.path, "\(cellCount) × \(genes) numbers, as obs and var have it",
        shape.map(String.init).joined(separator: " × "))
    }
    switch encoding {
    case "csr_matrix", "csr":
      return .rows(try CompressedMatrix(group, majorCount: cellCount, minorCount: genes))
    case "csc_matrix", "csc":
      return .columns(try CompressedMatrix(group, majorCount: genes, minorCount: cellCount))
    default:
      throw error(
        group.path, "a matrix that is dense, csr_matrix or csc_matrix",
        encoding.map { "the encoding \"\($0.onOneLine)\"" } ?? "a group without an encoding")
    }
  }

  func summary(of matrix: CellMatrix) throws -> CellMatrixSummary {
    try check(matrix)
    let genes = try genes(of: matrix).count
    let stored = try stored(matrix, genes: genes)
    return CellMatrixSummary(
      matrix: matrix, geneCount: genes, layout: stored.layout, stored: stored.stored,
      looksLikeCounts: try stored.looksLikeCounts())
  }

  /// A matrix that holds counts, beside the one that does not.
  private func advice(beside matrix: CellMatrix) -> CellMatrix? {
    matrices.first { $0 != matrix && (try? summary(of: $0).looksLikeCounts) == true }
  }

  // MARK: Reading

  func read(into sink: inout some CountRowSink, _ selection: CellSelection) throws -> CellTable {
    let genes = try genes(of: selection.matrix)
    let (ids, names) = (try obs.rowNames(), try genes.rowNames())
    let stored = try stored(selection.matrix, genes: genes.count)
    let assembler = RowAssembler(width: genes.count, numbers: selection.numbers)
    let done = try assemble(
      assembler, place(selection.matrix), cells: ids, genes: names, advice: { advice(beside: selection.matrix) }
    ) { assembler in
      try stored.read(cells: cellCount, memory: selection.memory, by: &assembler, into: &sink)
    }
    var remarks = done.rounding.remarks
    let obs = try columns(obs.names, selection, "obs", &remarks, obs.column)
    let vars = try columns(genes.names, selection, genes.path, &remarks, genes.column)
    return CellTable(
      format: format, ids: ids, genes: names, geneIDs: Self.identifiers(vars), obs: obs, vars: vars,
      stored: done.stored, remarks: remarks)
  }

  /// What scanpy calls the identifiers beside names.
  private static func identifiers(_ vars: [CellColumn]) -> [String]? {
    guard case .texts(let ids) = vars.first(where: { $0.name == "gene_ids" })?.values else { return nil }
    return ids
  }
}
