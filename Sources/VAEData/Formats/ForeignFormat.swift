/// Formats that are not read here, told by their first bytes, and the line that makes of a file one that is.
package enum ForeignFormat {
  /// What a file is that begins with `firstBytes`, and how to convert it, for the end of a message: "a Parquet file; to
  /// convert it: python3 -c …". Nil where it is none of those that are known.
  ///
  /// - Parameters:
  ///   - firstBytes: The first 16 bytes or more, or all there are.
  ///   - path: Where the file is; an archive is looked into.
  package static func hint(firstBytes: some Collection<UInt8>, path: String) -> String? {
    guard let known = known(firstBytes, path) else { return nil }
    return "\(known.name); to convert it: \(PythonCommand(path: path) { known.code.replacing("FILE", with: $0) })"
  }

  /// A format, and Python that makes something else of FILE.
  private struct Known {
    let name: String
    let code: String

    /// Of a table, to CSV, by the function of pandas that reads it.
    init(_ name: String, table reader: String) {
      self.init(name, "import pandas; pandas.\(reader)('FILE').to_csv('FILE.csv', index=False)")
    }

    init(_ name: String, _ code: String) { (self.name, self.code) = (name, code) }
  }

  private static func known(_ bytes: some Collection<UInt8>, _ path: String) -> Known? {
    if bytes.starts(with: Zip.magic) { return archive(path) }
    // Protocols 2 and later begin with their number. Those before are text, with nothing to tell them by.
    if bytes.first == 0x80, let version = bytes.dropFirst().first, (2...5).contains(version) { return pickle }
    if bytes.starts(with: hdf5Magic) { return hdf5(path) }
    return formats.first { bytes.starts(with: $0.magic) }?.known
  }

  private static let formats: [(magic: [UInt8], known: Known)] = [
    (Array("PAR1".utf8), Known("a Parquet file", table: "read_parquet")),
    (Array("ARROW1".utf8), Known("an Arrow or Feather file", table: "read_feather")),
    (Array("FEA1".utf8), Known("a Feather file", table: "read_feather")),
    ([0xD0, 0xCF, 0x11, 0xE0], Known("an Excel file", table: "read_excel")),
    (
      Array("SQLite format 3".utf8),
      Known(
        "an SQLite database",
        "import pandas, sqlite3; pandas.read_sql('select * from TABLE', sqlite3.connect('FILE'))"
          + ".to_csv('FILE.csv', index=False)")
    ),
    (
      Array("MATLAB 5.0".utf8),
      Known(
        "a MATLAB file",
        "import numpy, scipy.io; numpy.savez('FILE.npz', **{k: v for k, v in scipy.io.loadmat('FILE').items()"
          + " if not k.startswith('_')})")
    ),
    ([0xFD] + Array("7zXZ".utf8), unpacked("xz", by: "lzma")),
    (Array("BZh".utf8), unpacked("bzip2", by: "bz2")),
  ]

  private static func unpacked(_ name: String, by module: String) -> Known {
    Known(
      "compressed by \(name)",
      "import \(module), shutil; shutil.copyfileobj(\(module).open('FILE'), open('FILE.unpacked', 'wb'))")
  }

  private static let pickle = Known(
    "a Python pickle, which runs code of the file's where it is read",
    "import numpy; numpy.save('FILE.npy', numpy.load('FILE', allow_pickle=True))")

  // MARK: Formats that hold many kinds of things

  private static let hdf5Magic: [UInt8] = [0x89] + Array("HDF\r\n".utf8)

  private static func hdf5(_ path: String) -> Known {
    path.lowercased().hasSuffix(".h5ad")
      ? Known(
        "an AnnData file",
        "import anndata, scipy.io; scipy.io.mmwrite('FILE.mtx', anndata.read_h5ad('FILE').X)")
      : Known(
        "an HDF5 file", "import h5py, numpy; f = h5py.File('FILE'); print(list(f)); numpy.save('FILE.npy', f['NAME'])")
  }

  /// Nil where it is no archive, or one of arrays, which is none of ours to name.
  private static func archive(_ path: String) -> Known? {
    guard let names = try? Zip(path: path).entries.map(\.name) else { return nil }
    if names.contains(where: { $0.hasPrefix("xl/") }) { return Known("an Excel file", table: "read_excel") }
    if names.contains("content.xml") { return Known("an OpenDocument file", table: "read_excel") }
    if names.contains(where: { $0.hasSuffix("/data.pkl") }) {
      return Known("a PyTorch file", "import numpy, torch; numpy.save('FILE.npy', torch.load('FILE').numpy())")
    }
    return nil
  }
}
