/// Sparse matrices by `scipy.sparse.save_npz`: an archive of `format`, `shape`, `data`, and, in the formats that are read,
/// `indices` and `indptr`.
extension NPZ {
  /// Whether the file at `path` is one, of whatever format.
  public static func isSparse(path: String) throws -> Bool { try NPZArchive(path).isSparse }

  /// Reads the sparse matrix at `path`, stored by rows (CSR) or columns (CSC).
  ///
  /// Everything is checked: the starts rise, and the indices lie within. Throws `DataError` with what is wrong, and of the
  /// other formats with the line that converts them; `FileError`.
  public static func readSparse(path: String) throws -> SparseMatrix {
    let archive = try NPZArchive(path)
    guard archive.isSparse else {
      throw DataError(
        path: path, expected: "a sparse matrix by scipy.sparse.save_npz, with arrays format, shape and data",
        found: archive.arrays.prefix(20).map(\.name).joined(separator: ", "))
    }
    let format = try archive.format()
    guard format == "csr" || format == "csc" else {
      let command = PythonCommand(path: path) {
        "import scipy.sparse as s; s.save_npz('\($0).csr.npz', s.load_npz('\($0)').tocsr())"
      }
      throw DataError(
        path: path, expected: "a matrix stored as csr or csc",
        found: "\(PythonLiteral.quoted(format)); tocsr() makes it one: \(command)")
    }
    let shape = try archive.integers("shape")
    guard shape.count == 2, shape.allSatisfy({ $0 >= 0 }) else {
      throw DataError(path: path, place: "shape", expected: "two sizes", found: "\(shape)")
    }
    // By columns it is the other way round until the end.
    let isByRow = format == "csr"
    let matrix = try SparseMatrix(
      rowCount: isByRow ? shape[0] : shape[1], columnCount: isByRow ? shape[1] : shape[0],
      rowStarts: archive.integers("indptr"), columns: archive.integers("indices"),
      values: archive.read("data").values, path: path)
    return isByRow ? matrix : matrix.transposed
  }
}

extension NPZArchive {
  var isSparse: Bool {
    let names = Set(arrays.map(\.name))
    return names.isSuperset(of: ["format", "shape", "data"])
  }

  /// What `format` says, in bytes ("S3") or in four bytes a character ("U3").
  func format() throws -> String {
    try Self.inEntry("format") {
      let stream = try stream("format")
      let header = try NPY.header(stream)
      let bytes = try stream.read(atMost: 64)
      guard header.shape.isEmpty, header.typeName.contains(where: { "SU".contains($0) }) else {
        throw DataError(path: path, place: "header", expected: "a text", found: PythonLiteral.quoted(header.typeName))
      }
      // Of the characters that a format's name has, the other three bytes are 0, in either order.
      return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
    }
  }
}
