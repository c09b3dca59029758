import VAEData

/// The three files of a 10x matrix: `matrix.mtx`, `barcodes.tsv` and `features.tsv` (before Cell Ranger 3 `genes.tsv`), each
/// perhaps with `.gz`; and perhaps all with one prefix, as GEO has them: `GSM1234_sample_matrix.mtx.gz`.
struct TenXFolder {
  /// The folder, or the matrix of one set among several.
  let path: String
  /// Its path.
  let matrix: String
  /// Its path.
  let barcodes: String
  /// Its path.
  let features: String
  /// 3 where there are `features.tsv`, 2 where there are `genes.tsv`.
  let version: Int

  private static let matrixNames = ["matrix.mtx", "matrix.mtx.gz"]

  /// The set in the folder at `path`, or the one whose matrix is there; nil where it is neither. Throws where there are
  /// several, or a part is missing.
  static func find(_ path: String) throws -> TenXFolder? {
    switch try Path.kind(path) {
    case .folder:
      let names = try Folder.names(in: path).sorted()
      let matrices = names.filter { name in matrixNames.contains { name.hasSuffix($0) } }
      guard let first = matrices.first else { return nil }
      guard matrices.count == 1 else {
        // Both compressed and not, or those of several samples.
        throw DataError(
          path: path, expected: "one matrix, or the path of one of them",
          found: "\(matrices.count): \(TenXFeatures.list(matrices))")
      }
      return try TenXFolder(path, folder: path, matrix: first, names)
    case .file:
      let (name, folder) = (Path.name(of: path), Path.folder(of: path))
      guard matrixNames.contains(where: { name.hasSuffix($0) }) else { return nil }
      let names = try Folder.names(in: folder).sorted()
      // A matrix alone is one of the Matrix Market's.
      guard names.contains(where: { $0.hasPrefix(prefix(name) + "barcodes.tsv") }) else { return nil }
      return try TenXFolder(path, folder: folder, matrix: name, names)
    case .nothing, .other: return nil
    }
  }

  /// What is before "matrix.mtx".
  private static func prefix(_ name: String) -> String {
    matrixNames.filter { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }.min { $0.count < $1.count } ?? ""
  }

  private init(_ path: String, folder: String, matrix: String, _ names: [String]) throws {
    let prefix = Self.prefix(matrix)
    func find(_ stems: [String]) throws -> (path: String, stem: String) {
      for stem in stems {
        for ending in [".tsv.gz", ".tsv"] where names.contains(prefix + stem + ending) {
          return (Folder.path(of: prefix + stem + ending, in: folder), stem)
        }
      }
      throw DataError(
        path: path, expected: "\(prefix)\(stems[0]).tsv or \(prefix)\(stems[0]).tsv.gz beside \(matrix)",
        found: "neither")
    }
    self.path = path
    self.matrix = Folder.path(of: matrix, in: folder)
    barcodes = try find(["barcodes"]).path
    let features = try find(["features", "genes"])
    self.features = features.path
    version = features.stem == "features" ? 3 : 2
  }
}
