import VAEKernels

/// A folder of IDX files, as MNIST and its relatives have them, or one of the sets in such a folder by its name.
public struct IDXFolderFormat: DataFormat {
  /// "a folder of IDX files".
  public let name = "a folder of IDX files"
  /// Whether its pictures are turned.
  public let heeded: ReadingAspects = .transposition
  /// The one member.
  public init() {}
  /// Any folder: what is missing in one it says best. And what is no path, but the beginning of files' names.
  public func recognizes(_ probe: DataProbe) -> Bool { probe.isFolder || probe.isNothing }

  /// Whether `names`, those in the folder at `path`, are IDX files' by their endings, be it that a file lies in a folder of
  /// its name, as some archives unpack.
  package static func hasFiles(_ names: [String], in path: String) -> Bool {
    names.contains { name in
      guard IDXFileName.hasEnding(name) else { return false }
      let inner = Folder.path(of: name, in: path)
      guard (try? Path.kind(inner)) == .folder else { return true }
      return (try? Folder.names(in: inner))?.contains(where: IDXFileName.hasEnding) ?? false
    }
  }

  /// Reads the training set, and the test set where there is one.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    let path = try onlyOne(paths)
    if try Path.kind(path) == .folder, try Folder.names(in: path).isEmpty {
      throw DataError(
        path: path, expected: "pictures, or IDX files such as train-images-idx3-ubyte.gz", found: "an empty folder")
    }
    let read = try Self.folder(path, reading).read()
    return DataContents(read.train, test: read.test, format: "IDX", remarks: read.remarks)
  }

  /// Whether the set at `path` has no images to test with.
  static func isWithoutTest(_ path: String, _ reading: DataReading) throws -> Bool {
    try folder(path, reading).isWithoutTest()
  }

  private static func folder(_ path: String, _ reading: DataReading) throws -> IDXFolder {
    try IDXFolder.resolve(path, transposed: reading.isTransposed)
      ?? IDXFolder(path: path, transposed: reading.isTransposed)
  }
}

/// A file of IDX images.
public struct IDXFormat: DataFormat {
  /// "IDX".
  public let name = "IDX"
  /// Whether its pictures are turned, and where its numbers are.
  public let heeded: ReadingAspects = [.transposition, .storage]
  /// The one member.
  public init() {}
  /// By its first bytes, two of which are 0.
  public func recognizes(_ probe: DataProbe) -> Bool { probe.start.starts(with: [0, 0]) }

  /// Reads the images and the labels beside them, or looks at how the images lie in the file where it is large.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    let path = try onlyOne(paths)
    let file = IDXFile(path: path, transposed: reading.isTransposed)
    if try ByteSource.isStream(path) {
      if reading.storage == .file { throw FileRows.refusal(path: path, found: "what comes but once") }
    } else if reading.storage != .memory, var images = try inFile(path, reading) {
      let (labels, remarks) = file.labels(ofImages: images.count)
      (images.labels, images.classNames) = (labels?.bytes, labels?.classNames)
      return DataContents(images, format: name, remarks: remarks)
    }
    let (images, remarks) = try file.read()
    return DataContents(images, format: name, remarks: remarks)
  }

  private func inFile(_ path: String, _ reading: DataReading) throws -> Dataset? {
    let header = try IDXHeader(path: path)
    guard reading.storage == .file || header.count * header.type.width > FileRows.leastBytes else { return nil }
    let layout = IDXPictureLayout(shape: header.shape, transposed: reading.isTransposed)
    guard !header.isCompressed, let layout, layout.isInOrder else {
      guard reading.storage == .file else { return nil }
      throw FileRows.refusal(
        path: path,
        found: header.isCompressed
          ? "gzip: unpack it by gunzip" : layout == nil ? "no pictures" : "pictures that lie in another order")
    }
    let width = header.count / header.shape[0]
    let rows = try FileRows(
      FileReader(path: path), type: header.type.inNumPy, start: header.start, count: header.shape[0], width: width,
      isPixels: header.type == .unsignedByte)
    return Dataset(rows, imageShape: layout.imageShape, name: path)
  }
}
