import VAEKernels

/// An array in a file of its own, with how it lies there: as a header says, or a person.
struct StoredArray {
  let path: String
  let header: NPYHeader
  /// The byte, of what a compressed file holds, at which the numbers begin.
  let start: Int

  /// Reads the array, or leaves it in its file where it is large; with the columns, classes and names beside it.
  func contents(_ reading: DataReading, known: TableCoding?, format: String) throws -> DataContents {
    let stored = try StoredColumns.read(beside: path, count: header.shape.count == 2 ? header.shape[1] : nil)
    var contents = try array(stored?.ofTable, reading, known, format)
    BesideArray.add(to: &contents, path: path, classNames: stored?.classes)
    return contents
  }

  /// Reads an array that comes but once, with nothing beside it.
  static func contents(
    ofStream path: String, _ reading: DataReading, known: TableCoding?, format: String
  ) throws -> DataContents {
    let stream = try Contents(ByteSource(path: path))
    let header = try NPY.header(stream)
    let array = StoredArray(path: stream.path, header: header, start: stream.offset)
    return try array.read(stream, nil, reading, known, format)
  }

  private func array(
    _ names: [Table.Column]?, _ reading: DataReading, _ known: TableCoding?, _ format: String
  ) throws -> DataContents {
    if reading.storage != .memory, let dataset = try inFile(names, reading, known) {
      return DataContents(dataset, format: format)
    }
    let stream = try Contents(path: path)
    _ = try stream.skip(atMost: start)
    return try read(stream, names, reading, known, format)
  }

  /// The array whose numbers `stream` goes on with.
  private func read(
    _ stream: Contents, _ names: [Table.Column]?, _ reading: DataReading, _ known: TableCoding?, _ format: String
  ) throws -> DataContents {
    let (values, shape) = try NPY.read(stream, header)
    let array = ArrayData(values, shape: shape, isBytes: isBytes, names: names, path: path)
    return try array.contents(reading, known: known, format: format)
  }

  private var isBytes: Bool { header.typeName.hasSuffix("u1") }

  /// The rows of the array where they lie, if that is wanted and they lie one after another.
  private func inFile(
    _ names: [Table.Column]?, _ reading: DataReading, _ known: TableCoding?
  ) throws -> Dataset? {
    let shape = header.shape
    guard let type = header.type, let count = header.count, shape.count >= 2, shape[0] > 0,
      reading.storage == .file || count * type.width > FileRows.leastBytes
    else { return nil }
    let array = ArrayData([], shape: shape, isBytes: isBytes, names: names, path: path)
    let (isCompressed, found) = (try Contents(path: path).isCompressed, try array.inFile())
    guard !isCompressed, !header.isFortranOrder, let place = found else {
      guard reading.storage == .file else { return nil }
      throw FileRows.refusal(
        path: path,
        found: isCompressed
          ? "gzip: unpack it by gunzip" : header.isFortranOrder ? "Fortran's order" : "pictures channel by channel")
    }
    // Of a model's data the model's own columns are what is kept.
    let isChoice = known == nil && !(reading.columns.isEmpty && reading.excluded.isEmpty)
    let isWhole =
      !isChoice
      && !reading.asides.contains(where: { aside in
        !reading.optionalAsides.contains(aside) || place.columns.contains { $0.name == aside }
      })
    guard isWhole, place.shape != nil || known.map({ $0.hasColumns(place.columns) }) ?? true else {
      guard reading.storage == .file else { return nil }
      if place.shape == nil, let known { try array.checkWidth(known.columns.map(\.source), reading) }
      throw DataError(
        path: path,
        expected: "all columns, in order, of what stays in its file (vae-train convert makes a file of some)",
        found: "a choice of them")
    }
    let rows = try FileRows(
      FileReader(path: path), type: type, start: start, count: shape[0], width: count / shape[0],
      isPixels: isBytes && place.shape != nil)
    return Dataset(rows, imageShape: place.shape, columns: place.columns, name: path)
  }
}
