import VAEKernels

/// A data set laid out as MNIST is, in a folder: images and, where they are known, labels, to train on and to test with.
///
/// `IDXFileName` says what the four files may be called. A folder may hold several sets, as EMNIST's does; one of them is
/// meant by its name behind that of the folder: `FOLDER/emnist-letters`, as if it were a folder of its own.
struct IDXFolder {
  /// Where the folder is.
  let path: String
  /// Which set in it is meant; nil for the one without a name, or the only one.
  var setName: String?
  /// Whether the pictures lie on their sides and are set upright.
  var transposed = false

  /// Finds out whether `path`, where nothing is, means a set: the name of one, or the words that the name of a single one
  /// begins with, behind the path of a folder with its files. Nil where it does not, and where something is at `path`.
  ///
  /// - Throws: `DataError` where several sets begin so.
  static func resolve(_ path: String, transposed: Bool = false) throws -> IDXFolder? {
    guard try Path.kind(path) == .nothing else { return nil }
    let (folder, name) = Folder.split(path)
    guard !name.isEmpty, try Path.kind(folder) == .folder else { return nil }
    let wanted = name.lowercased()
    let names = try IDXSets(in: folder).names
    let possible = names.contains(wanted) ? [wanted] : names.filter { $0.hasPrefix(wanted + "-") }
    guard possible.count < 2 else {
      throw DataError(
        path: path, expected: "one set, such as \(Folder.path(of: possible[0], in: folder))",
        found: IDXSets.words(possible))
    }
    return possible.first.map { IDXFolder(path: folder, setName: $0, transposed: transposed) }
  }

  /// What is read of a set: the examples to train on, and those to test with where there are some.
  struct Examples {
    let train: Dataset
    let test: Dataset?
    /// What a person should be told of them, a line each.
    var remarks: [String]
    /// Where they came from, in words.
    let source: String
  }

  /// Whether it has no images to test with, but some to train on.
  func isWithoutTest() throws -> Bool {
    let sets = try IDXSets(in: path)
    return try sets.files(of: choose(among: sets.names).set).test == nil
  }

  /// Reads the set.
  ///
  /// - Throws: `DataError` where files are missing or not as they should be, where images and labels, or images to train on
  ///   and to test with, do not go together, or where it is not said which of several sets is meant; `FileError` where the
  ///   files cannot be read.
  func read() throws -> Examples {
    let sets = try IDXSets(in: path)
    let (set, others) = try choose(among: sets.names)
    let files = try sets.files(of: set)
    let trainImages = try IDXImages(path: files.train.images, transposed: transposed)
    let testImages = try files.test.map { try IDXImages(path: $0.images, transposed: transposed) }
    if let testImages, let test = files.test {
      try check(testImages, test.images, areLike: trainImages, files.train.images)
    }
    let train = try dataset(trainImages, files.train)
    var remarks = train.remarks
    var test: Dataset?
    if let testImages, let files = files.test {
      let (data, more) = try dataset(testImages, files)
      test = try data.withClasses(of: train.data)
      remarks += more
    } else {
      remarks.append(
        "\(source): there are no images to test with; unless --test-data names some, a share of those to train on is held out"
      )
    }
    if !others.isEmpty {
      remarks.append(
        "\(path): the files without a set's name are taken; beside them lie \(IDXSets.words(others)), chosen as in --data "
          + Folder.path(of: others[0], in: path))
    }
    if !transposed { remarks += trainImages.remarksOnTransposition(set: set, path: source) }
    return Examples(train: train.data, test: test, remarks: remarks, source: source)
  }

  private var source: String { setName.map { Folder.path(of: $0, in: path) } ?? path }

  /// The set that is meant, and those that could have been.
  private func choose(among names: [String]) throws -> (set: String, others: [String]) {
    if let setName { return (setName, []) }
    if names.contains("") { return ("", names.filter { !$0.isEmpty }) }
    guard names.count < 2 else {
      throw DataError(
        path: path, expected: "one set, or the name of one, as in --data \(Folder.path(of: names[0], in: path))",
        found: IDXSets.words(names))
    }
    return (names.first ?? "", [])
  }

  private func dataset(
    _ images: IDXImages, _ files: IDXSets.Files
  ) throws -> (data: Dataset, remarks: [String]) {
    let labels = try files.labels.map { try IDXLabels(path: $0, of: images, at: files.images) }
    return (images.dataset(labels, name: files.images), images.remarks + (labels?.remarks ?? []))
  }

  private func check(
    _ test: IDXImages, _ testPath: String, areLike train: IDXImages, _ trainPath: String
  ) throws {
    func check(_ isAlike: Bool, _ words: (IDXImages) -> String) throws {
      guard !isAlike else { return }
      throw DataError(
        path: testPath, place: "header", expected: "\(words(train)), as in \(trainPath)", found: words(test))
    }
    try check(train.imageShape == test.imageShape && train.featureCount == test.featureCount) { images in
      "images of " + (images.imageShape.map { "\($0) pixels" } ?? images.featureCount.counted("feature"))
    }
    // Bytes stand for byte / 255, and other numbers for themselves: they are no data of one kind.
    try check((train.type == .unsignedByte) == (test.type == .unsignedByte), \.type.name)
  }
}
