import VAEData
import VAEKernels

/// The HDF5 files of Cell Ranger, a matrix of features × cells in compressed columns: of version 3 in the group `matrix`,
/// before that in a group for each genome.
/// <https://www.10xgenomics.com/support/software/cell-ranger/latest/analysis/outputs/cr-outputs-h5-matrices>
struct TenXReader: CellReader {
  let file: HDF5File
  let version: Int
  let cellCount: Int
  let geneCount: Int
  /// Before version 3 the genomes.
  private let groups: [String]

  init(_ file: HDF5File, version: Int, groups: [String] = ["matrix"]) throws {
    (self.file, self.version, self.groups) = (file, version, groups)
    (geneCount, cellCount) = try Self.shape(file, groups[0])
  }

  private static func shape(_ file: HDF5File, _ group: String) throws -> (features: Int, cells: Int) {
    let dataset = try file.requiredDataset(at: "\(group)/shape")
    let shape = try dataset.all(Int64.self)
    guard shape.count == 2, shape.allSatisfy({ (0...Int64(UInt32.max)).contains($0) }) else {
      throw dataset.error("the numbers of features and of cells", shape.map(String.init).joined(separator: ", "))
    }
    return (Int(shape[0]), Int(shape[1]))
  }

  var path: String { file.path }
  var format: String { "10x HDF5 \(version)" }
  var matrices: [CellMatrix] { [.main] }
  var obsNames: [String] { [] }
  var varNames: [String] { version == 3 ? ["gene_ids", "feature_types", "genome"] : ["gene_ids"] }

  func genomes() throws -> [String] {
    version == 2 ? groups : TenXFeatures.distinct(try features("matrix").genomes ?? []).filter { !$0.isEmpty }
  }
  func featureTypes() throws -> [String] {
    version == 2 ? [] : TenXFeatures.distinct(try features("matrix").types ?? [])
  }

  func obsColumn(_ name: String) throws -> CellColumn { throw error("a column \"\(name.onOneLine)\"", "none") }
  func varColumn(_ name: String, of matrix: CellMatrix) throws -> CellColumn {
    guard let column = try features(group(nil)).columns.first(where: { $0.name == name }) else {
      throw error("features", "a column \"\(name.onOneLine)\"", "none")
    }
    return column
  }

  /// The group to read.
  private func group(_ genome: String?) throws -> String {
    guard version == 2 else { return "matrix" }
    if let genome {
      guard groups.contains(genome) else {
        throw error("the genome \"\(genome.onOneLine)\"", "only \(TenXFeatures.list(groups))")
      }
      return genome
    }
    guard groups.count == 1 else {
      throw error("one genome, or the choice of one", "\(groups.count): \(TenXFeatures.list(groups))")
    }
    return groups[0]
  }

  private func features(_ group: String) throws -> TenXFeatures {
    func texts(_ name: String) throws -> [String] { try file.requiredDataset(at: "\(group)/\(name)").allTexts() }
    func maybeTexts(_ name: String) throws -> [String]? { try file.dataset(at: "\(group)/\(name)")?.allTexts() }
    let features =
      if version == 3 {
        TenXFeatures(
          ids: try texts("features/id"), names: try texts("features/name"),
          types: try maybeTexts("features/feature_type"),
          genomes: try maybeTexts("features/genome"))
      } else {
        TenXFeatures(ids: try texts("genes"), names: try texts("gene_names"))
      }
    for column in [features.names, features.types, features.genomes] {
      if let column { try checkCount(column, features.count, "\(group), features") }
    }
    return features
  }

  func summary(of matrix: CellMatrix) throws -> CellMatrixSummary {
    try check(matrix)
    let matrix = StoredMatrix.rows(
      try CompressedMatrix(group(file, groups[0]), majorCount: cellCount, minorCount: geneCount))
    return CellMatrixSummary(
      matrix: .main, geneCount: geneCount, layout: matrix.layout, stored: matrix.stored,
      looksLikeCounts: try matrix.looksLikeCounts())
  }

  private func group(_ file: HDF5File, _ name: String) throws -> HDF5Group {
    guard let group = try file.group(at: name) else { throw error(name, "a group", "none") }
    return group
  }

  func read(into sink: inout some CountRowSink, _ selection: CellSelection) throws -> CellTable {
    let name = try group(selection.genome)
    let (featureCount, cellCount) = try Self.shape(file, name)
    let features = try features(name)
    try checkCount(features.ids, featureCount, "\(name), features")
    let barcodes = try file.requiredDataset(at: "\(name)/barcodes").allTexts()
    try checkCount(barcodes, cellCount, "\(name)/barcodes")
    let choice =
      version == 3
      ? try features.choose(selection, path: path) : TenXFeatures.Choice(columnMap: nil, taken: features)
    let matrix = try CompressedMatrix(group(file, name), majorCount: cellCount, minorCount: featureCount)
    let done = try assemble(
      RowAssembler(width: featureCount, numbers: selection.numbers, columnMap: choice.columnMap), name, cells: barcodes,
      genes: features.names, advice: { nil }
    ) { try StoredMatrix.rows(matrix).read(cells: cellCount, memory: selection.memory, by: &$0, into: &sink) }
    return CellTable(
      format: format, ids: barcodes, genes: choice.taken.names, geneIDs: choice.taken.ids, obs: [],
      vars: choice.taken.columns.filter { selection.wants($0.name) }, stored: done.stored,
      remarks: choice.remarks + done.rounding.remarks)
  }
}
