import VAEKernels

/// The columns of a table that a request asks for, found in its first file, and looked for in the others.
struct TableSelection {
  /// The columns that are to be numbers, in the table's order.
  let names: [String]
  /// Of each of them, whether it is text because the request says so.
  let isText: [Bool]
  /// The columns to keep as text.
  let asides: [String]
  private let request: TableRequest

  /// Where the columns of one file go.
  struct Layout {
    /// The file's columns, for messages.
    let names: [String]
    /// For each of them its place among the selected ones, or -1.
    var places: [Int]
    /// The same among those to keep as text.
    var asides: [Int]
  }

  /// Selects among the columns of the first file. Throws `DataError` where the request names what is not there.
  init(_ request: TableRequest, in header: NamedColumns) throws {
    self.request = request
    asides = request.asides.reduce(into: []) { asides, name in
      let isWanted = !request.optionalAsides.contains(name) || header.names.contains(name)
      if isWanted, !asides.contains(name) { asides.append(name) }
    }
    if let known = request.known {
      names = known.map(\.name)
      isText = known.map { $0.texts != nil }
      return
    }
    let patterns = (request.columns + request.excluded + request.texts).map(NamePattern.init)
    for pattern in patterns where !header.names.contains(where: pattern.matches) {
      throw header.error(
        expected: "a column of the name \"\(pattern.text.onOneLine)\"",
        found: NearestNames.noneBut(pattern.text, among: header.names))
    }
    names = Self.selected(request, among: header.names)
    let texts = request.texts.map(NamePattern.init)
    isText = names.map { name in texts.contains { $0.matches(name) } }
    if names.isEmpty, asides.isEmpty {
      throw header.error(expected: "a column to read", found: "none that is left of \(header.names.count)")
    }
  }

  private static func selected(_ request: TableRequest, among names: [String]) -> [String] {
    let columns = request.columns.map(NamePattern.init)
    let excluded = request.excluded.map(NamePattern.init)
    let asides = Set(request.asides)
    return names.filter { name in
      !asides.contains(name) && (columns.isEmpty || columns.contains { $0.matches(name) })
        && !excluded.contains { $0.matches(name) }
    }
  }

  /// Whether a name is one that `request` looks for; see `TableHeader`.
  static func isKnown(_ name: String, to request: TableRequest) -> Bool {
    if let known = request.known, known.contains(where: { $0.name == name }) { return true }
    return (request.asides + request.columns + request.excluded + request.texts).contains(name)
  }

  // MARK: Files

  /// Where the columns of a file go. Throws `DataError` where one that is selected is missing or is there twice, and where the
  /// file has columns that the first did not have.
  func layout(of header: NamedColumns) throws -> Layout {
    if let known = request.known, !header.hasNames, known.contains(where: { UnnamedColumns.place(of: $0.name) != nil })
    {
      let isChoice = !request.columns.isEmpty || !request.excluded.isEmpty
      let width = UnnamedColumns.width(for: names, asides: asides, isChoice: isChoice)
      try UnnamedColumns.check(header.names.count, width, path: header.path)
    }
    var columns: [String: [Int]] = [:]
    for (column, name) in header.names.enumerated() { columns[name, default: []].append(column) }
    let missing = (names + asides).filter { columns[$0] == nil }
    if let first = missing.first {
      let listed = missing.prefix(5).map { "\"\($0.onOneLine)\"" }.joined(separator: ", ")
      let rest = missing.count > 5 ? " and \(missing.count - 5) more" : ""
      let names = missing.count == 1 ? "a column \(listed)" : "columns \(listed)\(rest)"
      throw header.error(expected: names, found: NearestNames.noneBut(first, among: header.names))
    }
    for name in names + asides {
      if let twice = columns[name], twice.count > 1 {
        throw header.error(
          expected: "columns of different names",
          found: "\"\(name.onOneLine)\" in columns \(twice[0] + 1) and \(twice[1] + 1) "
            + "(--exclude \(name.asShellWord), or rename one)")
      }
    }
    if request.known == nil {
      let known = Set(names)
      if let other = Self.selected(request, among: header.names).first(where: { !known.contains($0) }) {
        throw header.error(expected: "the columns of the first file", found: "\"\(other.onOneLine)\" beside them")
      }
    }
    var layout = Layout(
      names: header.names, places: Array(repeating: -1, count: header.names.count),
      asides: Array(repeating: -1, count: header.names.count))
    for (place, name) in names.enumerated() { layout.places[columns[name]![0]] = place }
    for (place, name) in asides.enumerated() { layout.asides[columns[name]![0]] = place }
    return layout
  }
}

/// The columns of a file by name.
struct NamedColumns {
  let names: [String]
  let path: String
  private let line: Int?

  /// Whether the file names them.
  var hasNames: Bool { line != nil }

  /// Those of the file at `path`, which begins so: "column 1" and so on where it has no names.
  init(_ start: TableStart, path: String) {
    self.path = path
    line = start.header == nil ? nil : start.headerLine
    names = (0..<start.columnCount).map { column in
      start.header.flatMap { $0[column].isEmpty ? nil : $0[column] } ?? UnnamedColumns.name(column)
    }
  }

  func error(expected: String, found: String) -> DataError {
    DataError(path: path, place: line.map { "line \($0)" }, expected: expected, found: found)
  }
}
