/// The numbers of an array in an archive, as many at a time as somebody asks for.
struct NPYBlocks {
  let type: NPYNumber
  /// How many there are in all.
  let count: Int
  /// The file, and the byte in it at which the numbers begin; nil where they are packed.
  let place: (file: FileReader, offset: Int)?
  private let stream: ZipEntryReader
  private let header: NPYHeader

  /// Of the array of this name. Throws `DataError` where it is damaged, or of another rank than one.
  init(_ archive: NPZArchive, _ array: String) throws {
    stream = try archive.stream(array)
    header = try NPZArchive.inEntry(array) { [stream] in try NPY.header(stream) }
    (count, type) = try NPZArchive.inEntry(array) { [stream, header] in
      try NPY.checkedCount(stream, header, array: array)
    }
    guard header.shape.count == 1 else {
      throw DataError(path: archive.path, place: array, expected: "numbers along one axis", found: "\(header.shape)")
    }
    place = stream.place
  }

  /// Fills `bytes`, which has room for numbers of this type that are still there, with the next of them.
  func next(into bytes: UnsafeMutableRawBufferPointer) throws {
    guard try stream.read(into: bytes) == bytes.count else {
      throw NPY.countError(stream, header, type, "fewer bytes")
    }
  }

  /// Looks at the end, and with it at the checksum, when all numbers have been read.
  func finish() throws { try NPY.checkEnd(stream, header, type) }
}
