import VAEKernels

/// A table of text: CSV or TSV.
public struct TextTableFormat: DataFormat {
  /// "CSV or TSV".
  public let name = "CSV or TSV"
  /// The one member.
  public init() {}
  /// Whatever is text, or comes by standard input.
  public func recognizes(_ probe: DataProbe) -> Bool {
    probe.isStream || !probe.isFolder && !probe.start.isEmpty && TableFile.looksLikeText(probe.start)
  }

  /// Reads the columns that are modelled as numbers, and those of names, classes, groups and parts as they are.
  public func read(_ paths: [String], _ reading: DataReading, known: TableCoding?) throws -> DataContents {
    let table = try TableFile.read(
      paths: paths, format: reading.format, request: Self.request(reading, known: known))
    var contents = DataContents(Dataset(table), format: "CSV")
    if let column = reading.labelColumn, let texts = table.asides[column] {
      let classes = try DataClasses(texts, column: column, path: table.path)
      (contents.examples.labels, contents.examples.classNames) = (classes.labels, classes.names)
    }
    if let column = reading.idColumn { contents.examples.ids = table.asides[column] }
    contents.parts = reading.splitColumn.flatMap { table.asides[$0] }
    contents.groups = reading.groupColumn.flatMap { table.asides[$0] }
    return contents
  }

  /// What to ask for. Columns of names, classes and so on are not modelled; of a model's data, those that are not there are
  /// not missed, but for the model's own.
  package static func request(_ reading: DataReading, known: TableCoding?) -> TableRequest {
    var request = TableRequest()
    request.asides = [reading.labelColumn, reading.idColumn, reading.splitColumn, reading.groupColumn]
      .compactMap { $0 }.reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
    request.texts = reading.modelling.categories
    request.takesUnknownTexts = reading.takesUnknownTexts
    if let known {
      request.known = known.columns.map(\.source)
    } else {
      (request.columns, request.excluded) = (reading.columns, reading.excluded)
    }
    return request
  }
}
