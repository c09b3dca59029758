import VAEKernels

/// One IDX file of images, given by itself.
///
/// Where it is called as the images of a set are (`train-images-idx3-ubyte`, `emnist-letters-test-images-idx3-ubyte.gz`)
/// and the labels of that part of the set lie beside it, they are taken along. Images of the set's other part are not:
/// who names a file means that file, and what is to be held out of it is the caller's to choose.
struct IDXFile {
  let path: String
  /// Whether the pictures lie on their sides and are set upright.
  var transposed = false

  /// Reads it.
  ///
  /// Labels beside it that cannot be read, or are not as many as the images, are no error, since nobody asked for them: a
  /// remark says why the images come without.
  ///
  /// - Returns: The examples, and what a person should be told of them, a line each.
  /// - Throws: `DataError` where the file of images is not as it should be, `FileError` where it cannot be read.
  func read() throws -> (data: Dataset, remarks: [String]) {
    let images = try IDXImages(path: path, transposed: transposed)
    let (labels, remarks) = labels(ofImages: images.shape[0])
    let onTransposition = IDXFileName(Folder.split(path).name).flatMap { name in
      name.content == .images && !transposed ? images.remarksOnTransposition(set: name.set, path: path) : nil
    }
    return (images.dataset(labels, name: path), images.remarks + remarks + (onTransposition ?? []))
  }

  /// The labels beside it, and what a person should be told of them.
  func labels(ofImages count: Int) -> (labels: IDXLabels?, remarks: [String]) {
    let (folder, name) = Folder.split(path)
    guard let name = IDXFileName(name), name.content == .images else { return (nil, []) }
    do {
      let labels = try IDXSets(in: folder).labels(of: name).map {
        try IDXLabels(path: $0, ofImages: count, at: path)
      }
      return (labels, labels?.remarks ?? [])
    } catch {
      return (nil, ["\(path): read without labels: \(error)"])
    }
  }
}

extension IDXLabels {
  /// Reads the labels of `images`, which came from the file at `imagesPath`. Throws `DataError` too where they are not as
  /// many.
  init(path: String, of images: IDXImages, at imagesPath: String) throws {
    try self.init(path: path, ofImages: images.shape[0], at: imagesPath)
  }

  /// The same of so many images.
  init(path: String, ofImages count: Int, at imagesPath: String) throws {
    try self.init(path: path)
    guard self.count == count else {
      throw DataError(
        path: path, place: "header", expected: "\(count.counted("label")), one for each image of \(imagesPath)",
        found: "\(self.count)")
    }
  }
}
