import VAEKernels

/// A folder laid out as MNIST is: images and, where they are known, labels, to train on and to test with.
///
/// Each of the four files may be compressed, and may be called `train-images-idx3-ubyte` or
/// `train-images.idx3-ubyte`, with `.gz` or without, in letters of either case. Where there is no such file, but a folder
/// of that name, as some archives unpack to, the file may be in it.
struct IDXFolder {
  let path: String

  func load() throws -> DataSplit {
    let names = try Folder.names(in: path)
    // All names are looked up before the first byte is read, so that a missing file is told at once.
    let trainPaths = try paths(of: "train", in: names)
    let testPaths = try paths(of: "t10k", in: names)
    let train = try dataset(trainPaths)
    let test = try dataset(testPaths)
    guard train.imageShape == test.imageShape, train.featureCount == test.featureCount else {
      throw DataError(
        path: testPaths.images, place: "header", expected: "images of \(size(train)), as in \(trainPaths.images)",
        found: "images of \(size(test))")
    }
    return DataSplit(train: train, test: test, source: path)
  }

  private func dataset(_ paths: (images: String, labels: String?)) throws -> Dataset {
    let images = try IDX.images(path: paths.images)
    guard let labelsPath = paths.labels else { return images.dataset(labels: nil, name: paths.images) }
    let labels = try IDX.labels(path: labelsPath)
    guard labels.bytes.count == images.shape[0] else {
      throw DataError(
        path: labelsPath, place: "header",
        expected: "\(images.shape[0].counted("label")), one for each image of \(paths.images)",
        found: "\(labels.bytes.count)")
    }
    return images.dataset(labels: labels.bytes, name: paths.images)
  }

  private func paths(of part: String, in names: [String]) throws -> (images: String, labels: String?) {
    guard let images = try find("\(part)-images", "idx3-ubyte", in: names) else {
      throw DataError(
        path: path, expected: "a file \(part)-images-idx3-ubyte or \(part)-images-idx3-ubyte.gz",
        found: names.isEmpty ? "an empty folder" : "none")
    }
    return (images, try find("\(part)-labels", "idx1-ubyte", in: names))
  }

  /// The first of the possible names that is a file, or else the first that is a folder with one of them in it.
  private func find(_ stem: String, _ ending: String, in names: [String]) throws -> String? {
    let wanted = ["\(stem)-\(ending)", "\(stem).\(ending)"].flatMap { [$0, $0 + ".gz"] }
    func candidates(_ names: [String], in folder: String) -> [String] {
      wanted.flatMap { wanted in names.filter { $0.lowercased() == wanted } }.map { Folder.path(of: $0, in: folder) }
    }
    let found = candidates(names, in: path)
    if let file = try found.first(where: { try Path.kind($0) == .file }) { return file }
    for folder in try found.filter({ try Path.kind($0) == .folder }) {
      let files = candidates(try Folder.names(in: folder), in: folder)
      if let file = try files.first(where: { try Path.kind($0) == .file }) { return file }
    }
    return found.first
  }

  private func size(_ data: Dataset) -> String {
    data.imageShape.map { "\($0) pixels" } ?? data.featureCount.counted("feature")
  }
}
