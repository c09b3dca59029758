import VAEData

/// Adds embeddings and columns to a file of AnnData, as anndata 0.8 and later write them, which earlier ones read as well.
///
/// They go into a copy, which is synced and takes the file's place at the end: whatever is interrupted, the file is as it was
/// or has all of them. What was there under the same names is replaced. Columns need an `obs` that is a group, as of anndata
/// 0.7; to a table of compounds, which earlier ones wrote, none can be added, and that is an error before anything is
/// written. (To read such a file with anndata and to write it again makes it a group.)
public enum AnnDataWriter {
  /// Writes what is in `source`, with the additions, to `target`, which may be `source` itself. Throws `DataError` where the
  /// file is none of AnnData, has other cells, or cannot be added to, and `FileError`.
  public static func write(_ additions: CellAdditions, into source: String, target: String) throws {
    let order = try check(additions, source)
    // To take its place only its folder has to be writable: what its owner has locked would be replaced.
    if let status = SystemCall.status(target), status.st_mode & 0o222 == 0 {
      throw FileError(path: target, action: "write the file", reason: "it may only be read")
    }
    // Copies are large: what a killed program has left is not kept.
    _ = try? AtomicFile.sweepLeftovers(in: Path.folder(of: (try? Path.endOfLinks(target)) ?? target))
    try AtomicFile.write(to: target) { writer, temporary in
      try copy(source, &writer)
      let file = try HDF5Writing(path: temporary, name: target)
      if !additions.embeddings.isEmpty, !order.hasEmbeddings {
        try file.createGroup("obsm")
        try encode(file, "obsm", "dict", "0.1.0")
      }
      for embedding in additions.embeddings {
        let path = "obsm/\(embedding.name)"
        try file.create(
          path, shape: [embedding.values.count / embedding.width, embedding.width], embedding.values)
        try encode(file, path, "array", "0.2.0")
      }
      for column in additions.columns {
        let path = "obs/\(column.name)"
        try file.create(path, shape: [column.values.count], column.values)
        try encode(file, path, "array", "0.2.0")
      }
      if !additions.columns.isEmpty {
        let added = additions.columns.map(\.name).filter { !order.columns.contains($0) }
        try file.set("column-order", of: "obs", to: order.columns + added)
      }
      try file.finish()
    }
  }

  private static func encode(_ file: HDF5Writing, _ path: String, _ type: String, _ version: String) throws {
    try file.set("encoding-type", of: path, to: type)
    try file.set("encoding-version", of: path, to: version)
  }

  /// What there is already.
  private struct Present {
    let columns: [String]
    let hasEmbeddings: Bool
  }

  /// Whether everything can be added, before anything is copied.
  private static func check(_ additions: CellAdditions, _ source: String) throws -> Present {
    let file = try HDF5File(path: source)
    let obs = try AnnDataFrame(file, at: "obs")
    let names = additions.embeddings.map(\.name) + additions.columns.map(\.name)
    for name in names where name.isEmpty || name.contains("/") || name.contains("\0") || name.hasPrefix(".") {
      throw DataError(path: source, expected: "a name without / for what is added", found: "\"\(name.onOneLine)\"")
    }
    if !additions.columns.isEmpty {
      guard case .group(let group) = try file.object(at: "obs") else {
        throw file.error(
          at: "obs", "a group, as anndata 0.7 and later write it, for columns that are added",
          "a table of an earlier one, to which none can be added")
      }
      let index = try group.attribute("_index")?.text
      if let column = additions.columns.first(where: { [index, "_index", "__categories"].contains($0.name) }) {
        throw file.error(at: "obs", "another name for a column", "\"\(column.name.onOneLine)\", which is taken")
      }
    }
    let counts =
      additions.embeddings.map { ($0.name, $0.values.count / $0.width) }
      + additions.columns.map { ($0.name, $0.values.count) }
    for (name, count) in counts where count != obs.count {
      throw file.error(at: "obs", "\(count) cells, as \(name.onOneLine) has rows", "\(obs.count)")
    }
    let obsm = try file.object(at: "obsm")
    if !additions.embeddings.isEmpty, let obsm {
      guard case .group = obsm else {
        throw file.error(
          at: "obsm", "a group, as anndata 0.7 and later write it",
          "a table of an earlier one, to which none can be added")
      }
    }
    return Present(columns: obs.names, hasEmbeddings: obsm != nil)
  }

  private static func copy(_ source: String, _ writer: inout AtomicFile.Writer) throws {
    let reader = try FileReader(path: source)
    let length = 4 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
    defer { buffer.deallocate() }
    for offset in stride(from: 0, to: reader.count, by: length) {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(length, reader.count - offset)])
      try reader.read(at: offset, into: part)
      try writer.append(UnsafeRawBufferPointer(part))
    }
  }
}
