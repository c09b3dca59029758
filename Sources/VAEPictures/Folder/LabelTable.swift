import VAEData

/// A table of text that has a column with names of pictures and one with their classes, and maybe others.
struct LabelTable {
  /// Where it is.
  let path: String
  /// The column of names; nil for the first that the other is not.
  let idColumn: String?
  /// The column of classes; nil for the first that the other is not.
  let labelColumn: String?

  /// The class of each name in it; "./" before a name does not count.
  ///
  /// A first line without a number is one of names of columns, unless it has the name of one of `pictures` and no column
  /// is called by its name. Throws `DataError` where a column is not there, and where a picture has no class or two.
  func classes(format: TableFormat, of pictures: Pictures) throws -> [String: String] {
    let named = [idColumn, labelColumn].compactMap { $0 }
    var table = try TableText(path: path, format: format, isKnown: named.contains)
    var places = try places(in: table)
    if named.isEmpty, format.hasHeader == nil, let header = table.header,
      pictures.hasPicture(called: Self.plain(header[places.id]))
    {
      var format = format
      format.hasHeader = false
      table = try TableText(path: path, format: format)
      places = try self.places(in: table)
    }
    var classes: [String: String] = [:]
    for (id, label) in zip(try table.texts(in: places.id), try table.texts(in: places.label)) {
      guard !label.text.isEmpty else {
        throw DataError(
          path: path, place: "line \(label.line), column \(places.label + 1)", expected: "a class",
          found: "an empty cell")
      }
      if let other = classes.updateValue(label.text, forKey: Self.plain(id.text)), other != label.text {
        throw DataError(
          path: path, place: "line \(label.line), column \(places.label + 1)", expected: "one class for \(id.text)",
          found: "\"\(label.text)\" after \"\(other)\"")
      }
    }
    return classes
  }

  /// Where the two columns stand.
  private func places(in table: TableText) throws -> (id: Int, label: Int) {
    guard table.columnCount >= 2 else {
      throw DataError(
        path: path, place: "line \(table.headerLine)", expected: "a column of pictures' names and one of classes",
        found: table.columnCount.counted("column"))
    }
    let (id, label) = (try place(of: idColumn, in: table), try place(of: labelColumn, in: table))
    if let id, id == label {
      throw DataError(
        path: path, expected: "a column of names and another of classes", found: "\"\(idColumn ?? "")\" for both")
    }
    let chosenID = id ?? (label == 0 ? 1 : 0)
    return (chosenID, label ?? (chosenID == 0 ? 1 : 0))
  }

  private func place(of name: String?, in table: TableText) throws -> Int? {
    guard let name else { return nil }
    guard let place = table.header?.firstIndex(of: name) else {
      throw DataError(
        path: path, expected: "a column of the name \"\(name)\"",
        found: NearestNames.noneBut(name, among: table.header ?? []))
    }
    return place
  }

  private static func plain(_ name: String) -> String { name.hasPrefix("./") ? String(name.dropFirst(2)) : name }
}
