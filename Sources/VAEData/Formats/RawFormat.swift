import VAEKernels

/// Numbers one after another and nothing else, as many programs and instruments write them; what they are a person says.
///
/// There is nothing to know them by: `DataSource` takes a file for them where the reading has a layout.
struct RawFormat: DataFormat {
  let layout: RawLayout
  let name = "raw numbers"
  let heeded: ReadingAspects = [.columns, .raw, .storage]

  func recognizes(_ probe: DataProbe) -> Bool { !probe.isFolder && !probe.isStream }

  func read(_ paths: [String], _ reading: DataReading, known: TableCoding?) throws -> DataContents {
    let path = try onlyOne(paths)
    let contents = try Contents(path: path)
    // How long what is compressed is, nobody knows before it is read.
    let length = try contents.length ?? contents.skip(atMost: .max)
    let header = try layout.header(byteCount: length, path: path)
    return try StoredArray(path: path, header: header, start: layout.start).contents(
      reading, known: known, format: name)
  }
}
