import VAEData
import VAEKernels

/// A file or a folder with cells: what there is in it, which costs little, and the counts themselves.
///
/// It reads AnnData (`.h5ad`), 10x HDF5 of Cell Ranger 2 and 3, 10x folders of both generations, and loom, and knows them by
/// what is in them and not by their names. What is wrong with a file is a `DataError`, however damaged it is: libhdf5 works
/// in a process of its own. Not for several threads at once.
public struct CellFile {
  private let reader: any CellReader

  /// Opens the file or folder at `path`. Throws `DataError` where it holds no cells, and `FileError`.
  public init(path: String) throws { try self.init(path: path, limits: HDF5Limits()) }

  init(path: String, limits: HDF5Limits) throws {
    guard let folder = try TenXFolder.find(path) else {
      reader = try Self.reader(of: HDF5File(path: path, limits: limits))
      return
    }
    reader = try TenXFolderReader(folder)
  }

  /// Whether what is at `path` looks as if it were cells: an HDF5 file, or a folder or a file of 10x.
  public static func recognizes(_ path: String) -> Bool {
    do {
      if try TenXFolder.find(path) != nil { return true }
    } catch {
      // With a part missing, or several matrices: to be said by who reads it.
      return error is DataError
    }
    guard let file = try? FileReader(path: path), file.count >= HDF5File.signature.count else { return false }
    var start = [UInt8](repeating: 0, count: HDF5File.signature.count)
    return (try? start.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }) != nil && start == HDF5File.signature
  }

  private static func reader(of file: HDF5File) throws -> any CellReader {
    let children = try file.root.children()
    func has(_ name: String, _ kind: HDF5File.Child.Kind? = nil) -> Bool {
      children.contains { $0.name == name && (kind == nil || $0.kind == kind) }
    }
    if has("obs") && has("var") || has("X") { return try AnnDataReader(file) }
    if has("matrix", .dataset), has("row_attrs") || has("col_attrs") { return try LoomReader(file) }
    if has("matrix", .group) { return try TenXReader(file, version: 3) }
    let genomes = try children.filter { child in
      try child.kind == .group && file.group(at: child.name)?.children().contains { $0.name == "indptr" } == true
    }
    if !genomes.isEmpty { return try TenXReader(file, version: 2, groups: genomes.map(\.name)) }
    let names = children.prefix(20).map(\.name.onOneLine).joined(separator: ", ")
    throw DataError(
      path: file.path, expected: "an HDF5 file of AnnData, of 10x or of loom",
      found: children.isEmpty ? "one with nothing in it" : "one with \(names)")
  }

  // MARK: What there is

  /// The file or folder.
  public var path: String { reader.path }
  /// The format: "AnnData", "10x HDF5 3", "10x folder 2", "loom".
  public var format: String { reader.format }
  /// The number of cells.
  public var cellCount: Int { reader.cellCount }
  /// The number of genes of the main matrix, of 10x the features of every type.
  public var geneCount: Int { reader.geneCount }
  /// The matrices.
  public var matrices: [CellMatrix] { reader.matrices }
  /// The names of what is known of the cells.
  public var obsNames: [String] { reader.obsNames }
  /// The names of what is known of the genes.
  public var varNames: [String] { reader.varNames }

  /// The genomes of a 10x file.
  public func genomes() throws -> [String] { try reader.genomes() }
  /// The types of features of a 10x file.
  public func featureTypes() throws -> [String] { try reader.featureTypes() }
  /// What is known of the cells under a name.
  public func obsColumn(_ name: String) throws -> CellColumn { try reader.obsColumn(name) }
  /// What is known of the genes of a matrix under a name.
  public func varColumn(_ name: String, of matrix: CellMatrix = .main) throws -> CellColumn {
    try reader.varColumn(name, of: matrix)
  }
  /// How a matrix lies in the file.
  public func summary(of matrix: CellMatrix) throws -> CellMatrixSummary { try reader.summary(of: matrix) }

  // MARK: Reading

  /// Hands every cell's counts to the sink, in the file's order, and returns what is known of cells and genes. A few
  /// megabytes are in memory at once, and of a matrix that lies gene after gene as much as the selection allows.
  public func read(into sink: inout some CountRowSink, selection: CellSelection = CellSelection()) throws -> CellTable {
    try reader.check(selection.matrix)
    return try reader.read(into: &sink, selection)
  }
}
