import VAEKernels

/// Finds out what a path holds and reads it.
public enum DataSource {
  /// Data to train on and to test with.
  ///
  /// - Parameters:
  ///   - path: A folder with the usual four files, or one file of images; nil for the generated digits.
  ///   - testFraction: How much of a single file to hold out as the test set; between 0 and 1.
  ///   - seed: Chooses the examples held out of a single file; draws the generated digits.
  /// - Throws: `DataError` where the data are not as they should be, `FileError` where they cannot be read.
  public static func load(path: String?, testFraction: Double = 0.1, seed: UInt64) throws -> DataSplit {
    guard let path else { return GeneratedDigits.split(seed: seed) }
    if try isFolder(path) { return try IDXFolder(path: path).load() }
    let all = try loadFile(path)
    guard all.count >= 2 else {
      throw DataError(
        path: path, expected: "at least two examples, one to train on and one to hold out", found: "\(all.count)")
    }
    let (train, test) = all.split(heldOutFraction: testFraction, seed: seed)
    return DataSplit(train: train, test: test, source: "\(path), \(test.count.counted("example")) held out")
  }

  /// All the examples there are, nothing held out: those of one file in its order, or those of a folder, the training
  /// set before the test set. Otherwise as `load`.
  public static func loadAll(path: String?, seed: UInt64) throws -> Dataset {
    if let path, try !isFolder(path) { return try loadFile(path) }
    let split = try load(path: path, seed: seed)
    return split.train.appending(split.test, name: split.source)
  }

  /// Whether `load` divides what is at `path`, and so has a use for a test fraction: a folder, and the generated digits,
  /// have a test set of their own.
  public static func isDivided(path: String?) throws -> Bool { try path.map { try !isFolder($0) } ?? false }

  private static func isFolder(_ path: String) throws -> Bool {
    let kind = try Path.kind(path)
    guard kind != .nothing else {
      throw DataError(path: path, expected: "a folder or a file with data", found: "no such file or folder")
    }
    return kind == .folder
  }

  /// All the examples in one file, whatever its format.
  private static func loadFile(_ path: String) throws -> Dataset {
    // One format so far; another is another file under Formats and another case here, chosen by the first bytes.
    try IDX.images(path: path).dataset(labels: nil, name: path)
  }
}

extension IDX {
  /// The examples, with `labels` if there are any.
  func dataset(labels: [UInt8]?, name: String) -> Dataset {
    Dataset(
      bytes: bytes, featureCount: bytes.count / shape[0], imageShape: imageShape, labels: labels, name: name)
  }
}
