import VAEKernels

/// A table of text: CSV or TSV.
public struct TextTableFormat: DataFormat {
  /// "CSV or TSV".
  public let name = "CSV or TSV"
  /// Its columns, and how they are written.
  public let heeded: ReadingAspects = [.columns, .text]
  /// The one member.
  public init() {}
  /// Whatever is text.
  public func recognizes(_ probe: DataProbe) -> Bool {
    !probe.isFolder && !probe.start.isEmpty && TableFile.looksLikeText(probe.start)
  }

  /// Reads the columns that are modelled as numbers, and those of names, classes, groups and parts as they are.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    let table = try TableFile.read(
      paths: paths, format: reading.format, request: Self.request(reading, known: known.coding))
    return try DataContents(table, reading, format: "CSV")
  }

  /// What to ask for. Columns of names, classes and so on are not modelled; of a model's data, only the model's own columns
  /// are.
  package static func request(_ reading: DataReading, known: TableCoding?) -> TableRequest {
    var request = TableRequest()
    request.asides = reading.asides
    request.optionalAsides = reading.optionalAsides
    request.texts = reading.modelling.categories
    request.takesUnknownTexts = reading.takesUnknownTexts
    request.keepsFaultyColumns = reading.keepsFaultyColumns
    (request.columns, request.excluded) = (reading.columns, reading.excluded)
    request.known = known.map { $0.columns.map(\.source) }
    return request
  }
}
