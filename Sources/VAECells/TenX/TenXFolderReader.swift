import VAEData
import VAEKernels

/// The folders that Cell Ranger writes, of both generations.
struct TenXFolderReader: CellReader {
  let folder: TenXFolder
  private let matrix: TenXMatrixFile

  init(_ folder: TenXFolder) throws {
    self.folder = folder
    matrix = try TenXMatrixFile(path: folder.matrix)
  }

  var path: String { folder.path }
  var format: String { "10x folder \(folder.version)" }
  var cellCount: Int { matrix.cellCount }
  var geneCount: Int { matrix.featureCount }
  var matrices: [CellMatrix] { [.main] }
  var obsNames: [String] { [] }
  var varNames: [String] { folder.version == 3 ? ["gene_ids", "feature_types"] : ["gene_ids"] }

  func featureTypes() throws -> [String] { TenXFeatures.distinct(try features().types ?? []) }
  func obsColumn(_ name: String) throws -> CellColumn { throw error("a column \"\(name.onOneLine)\"", "none") }
  func varColumn(_ name: String, of matrix: CellMatrix) throws -> CellColumn {
    guard let column = try features().columns.first(where: { $0.name == name }) else {
      throw error("a column \"\(name.onOneLine)\"", "none")
    }
    return column
  }

  func summary(of matrix: CellMatrix) throws -> CellMatrixSummary {
    try check(matrix)
    var (seen, areCounts) = (0, true)
    struct Enough: Error {}
    do {
      try self.matrix.forEachEntry { _, _, value in
        areCounts =
          areCounts
          && withUnsafePointer(to: value) {
            RowAssembler.areCounts(UnsafeBufferPointer(start: $0, count: 1))
          }
        seen += 1
        if seen == 1000 { throw Enough() }
      }
    } catch is Enough {}
    return CellMatrixSummary(
      matrix: .main, geneCount: geneCount, layout: "coordinates", stored: self.matrix.entryCount,
      looksLikeCounts: areCounts && seen > 0)
  }

  /// The lines of one of the small files, in columns.
  private static func columns(_ path: String, _ expected: ClosedRange<Int>) throws -> [[String]] {
    let reader = try LineReader(path: path)
    var columns: [[String]] = []
    while let line = try reader.next() {
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      if columns.isEmpty { columns = Array(repeating: [], count: min(fields.count, expected.upperBound)) }
      guard expected.contains(min(fields.count, expected.upperBound)), fields.count >= columns.count else {
        throw reader.error("\(expected.lowerBound) columns or more, as many as before", line.quoted)
      }
      for index in columns.indices { columns[index].append(fields[index]) }
    }
    return columns
  }

  private func features() throws -> TenXFeatures {
    // One column alone: names without identifiers, as some write them.
    let columns = try Self.columns(folder.features, 1...3)
    guard let ids = columns.first else { return TenXFeatures(ids: [], names: []) }
    return TenXFeatures(
      ids: ids, names: columns.count > 1 ? columns[1] : ids, types: columns.count > 2 ? columns[2] : nil)
  }

  func read(into sink: inout some CountRowSink, _ selection: CellSelection) throws -> CellTable {
    let barcodes = try Self.columns(folder.barcodes, 1...1).first ?? []
    let features = try features()
    for (names, count, path) in [
      (barcodes, cellCount, folder.barcodes), (features.ids, geneCount, folder.features),
    ] where names.count != count {
      throw DataError(
        path: path, expected: "\(count.counted("line")), as the matrix has it", found: "\(names.count)")
    }
    let choice = try features.choose(selection, path: folder.features)
    let done = try assemble(
      RowAssembler(width: geneCount, numbers: selection.numbers, columnMap: choice.columnMap),
      Path.name(of: folder.matrix), cells: barcodes, genes: features.names, advice: { nil }
    ) { try matrix.read(memory: selection.memory, by: &$0, into: &sink) }
    return CellTable(
      format: format, ids: barcodes, genes: choice.taken.names, geneIDs: choice.taken.ids, obs: [],
      vars: choice.taken.columns.filter { selection.wants($0.name) }, stored: done.stored,
      remarks: choice.remarks + done.rounding.remarks)
  }
}
