import VAEKernels

/// A folder of four IDX files, as MNIST has them.
public struct IDXFolderFormat: DataFormat {
  /// "a folder of IDX files".
  public let name = "a folder of IDX files"
  /// The one member.
  public init() {}
  /// Any folder: what is missing in one it says best.
  public func recognizes(_ probe: DataProbe) -> Bool { probe.isFolder }

  /// Reads the training set and the test set.
  public func read(_ paths: [String], _ reading: DataReading, known: TableCoding?) throws -> DataContents {
    let split = try IDXFolder(path: onlyOne(paths)).load()
    return DataContents(split.train, test: split.test, format: "IDX")
  }
}

/// A file of IDX images.
public struct IDXFormat: DataFormat {
  /// "IDX".
  public let name = "IDX"
  /// The one member.
  public init() {}
  /// By its first bytes, two of which are 0.
  public func recognizes(_ probe: DataProbe) -> Bool { probe.start.starts(with: [0, 0]) }

  /// Reads the images.
  public func read(_ paths: [String], _ reading: DataReading, known: TableCoding?) throws -> DataContents {
    let path = try onlyOne(paths)
    return DataContents(try IDX.images(path: path).dataset(labels: nil, name: path), format: "IDX")
  }
}
