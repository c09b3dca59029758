import VAEKernels

/// What an array of NumPy has no place for, in files beside `F.npy`: the names of columns in `F.columns.json`, classes in
/// `F.labels.npy`, and the rows' names in `F.ids.txt`, a line each.
enum BesideArray {
  /// One of them, to be written.
  struct File {
    /// What it has, for a person.
    let content: String
    let path: String
    let bytes: [UInt8]
  }

  private static let labels = "labels.npy"
  private static let names = "ids.txt"

  /// The path of the file with an ending of its own beside the array at `path`.
  static func path(_ ending: String, beside path: String) -> String {
    (path.lowercased().hasSuffix(".npy") ? String(path.dropLast(4)) : path) + "." + ending
  }

  /// All of them.
  static func paths(beside path: String) -> [String] {
    [StoredColumns.entry, labels, names].map { Self.path($0, beside: path) }
  }

  // MARK: Writing

  /// Those that the array at `path` needs.
  static func files(of rows: ConvertedRows, path: String) throws -> [File] {
    var files: [File] = []
    if let columns = StoredColumns(of: rows) {
      let content = rows.columns.isEmpty ? "names of classes" : "columns"
      files.append(File(content: content, path: StoredColumns.path(beside: path), bytes: try columns.encoded()))
    }
    if let labels = rows.labels {
      let bytes = Array(NPY.encode(labels, shape: [labels.count]))
      files.append(File(content: "classes", path: Self.path(Self.labels, beside: path), bytes: bytes))
    }
    if let ids = rows.ids {
      files.append(File(content: "names", path: Self.path(names, beside: path), bytes: LinesOfNames.encode(ids)))
    }
    return files
  }

  /// That files of an earlier array, other than those that are `written`, will be taken for those of the new one.
  static func remarks(onArray path: String, but written: [String]) -> [String] {
    [labels, names].map { Self.path($0, beside: path) }.filter { !written.contains($0) && Path.exists($0) }.map {
      "\($0) was there before: remove it, or it is read as that of \(path)"
    }
  }

  // MARK: Reading

  /// Takes the classes and names that lie beside the array at `path`. Nobody has asked for them: where they cannot be read, or
  /// are not one a row, a remark says so.
  static func add(to contents: inout DataContents, path: String, classNames: [String]?) {
    let count = contents.examples.count
    let labelsPath = Self.path(labels, beside: path)
    if contents.examples.labels == nil, Path.exists(labelsPath) {
      do {
        let (numbers, texts, shape) = try NPY.readLabels { try Contents(path: labelsPath) }
        try check(shape == [count] || shape == [count, 1], labelsPath, count, "\(shape)")
        let (classes, others) =
          texts.isEmpty
          ? try DataClasses.find(in: numbers, place: "labels", path: labelsPath)
          : try DataClasses.find(in: texts, place: "labels", path: labelsPath)
        if let classes { contents.examples = contents.examples.labelled(classes, called: classNames) }
        if let others { contents.remarks.append("\(labelsPath): \(DataClasses.remark(others, place: "labels"))") }
      } catch {
        contents.remarks.append("\(path): read without classes: \(error)")
      }
    }
    let namesPath = Self.path(names, beside: path)
    if contents.examples.ids == nil, Path.exists(namesPath) {
      do {
        let lines = LinesOfNames.decode(try FileReader.bytes(path: namesPath))
        try check(lines.count == count, namesPath, count, "\(lines.count)")
        contents.examples.ids = lines
      } catch {
        contents.remarks.append("\(path): read without names: \(error)")
      }
    }
  }

  private static func check(_ fits: Bool, _ path: String, _ count: Int, _ found: String) throws {
    if !fits { throw DataError(path: path, expected: "one for each of \(count.counted("row"))", found: found) }
  }
}
