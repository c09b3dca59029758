import VAEKernels

/// Numbers one after another and nothing else, as many programs and instruments write them; what they are a person says.
///
/// There is nothing to know them by: `DataSource` takes a file for them where the reading has a layout.
struct RawFormat: DataFormat {
  let layout: RawLayout
  let name = "raw numbers"
  let heeded: ReadingAspects = [.columns, .raw, .storage]

  func recognizes(_ probe: DataProbe) -> Bool { !probe.isFolder && !probe.isStream }

  /// Whether it is a file of whole examples.
  func fits(_ probe: DataProbe) throws -> Bool {
    try recognizes(probe) && layout.holdsWholeExamples(Self.length(probe.path))
  }

  /// How long the contents are; of what is compressed nobody knows before it is read.
  private static func length(_ path: String) throws -> Int {
    let contents = try Contents(path: path)
    return try contents.length ?? contents.skip(atMost: .max)
  }

  func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    let path = try onlyOne(paths)
    let header = try layout.header(byteCount: Self.length(path), path: path)
    return try StoredArray(path: path, header: header, start: layout.start).contents(
      reading, known: known.coding, format: name)
  }
}
