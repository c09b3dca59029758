/// The zip of an archive and the headers of its arrays.
struct NPZArchive {
  let arrays: [NPZ.Header]
  private let zip: Zip

  init(_ path: String) throws {
    zip = try Zip(path: path)
    var arrays: [NPZ.Header] = []
    for entry in zip.entries where entry.name.hasSuffix(Self.ending) {
      let header = try Self.inEntry(entry.name) { [zip] in try NPY.header(zip.open(entry)) }
      arrays.append(
        NPZ.Header(name: String(entry.name.dropLast(Self.ending.count)), type: header.typeName, shape: header.shape))
    }
    self.arrays = arrays
    guard !arrays.isEmpty else {
      throw DataError(path: path, expected: "an archive of arrays, whose names end in .npy", found: "none in it")
    }
  }

  private static let ending = ".npy"

  var path: String { zip.path }

  /// The array of that name; `option` is how a person asks for another.
  func array(_ name: String, option: String) throws -> NPZ.Header {
    if let array = arrays.first(where: { $0.name == name }) { return array }
    throw DataError(path: path, expected: "an array \(name), or --\(option) with one of \(names)", found: listing)
  }

  /// The one that is meant where none is named.
  func only() throws -> NPZ.Header {
    guard !isSparse else {
      throw DataError(path: path, expected: "an array", found: "a sparse matrix by scipy.sparse.save_npz")
    }
    let candidates = NPZ.candidates(in: arrays)
    if candidates.count == 1 { return candidates[0] }
    throw DataError(path: path, expected: "an array x, X or data, or --array with one of \(names)", found: listing)
  }

  func read(_ name: String) throws -> (values: [Float], shape: [Int]) {
    try Self.inEntry(name) { try NPY.read(stream(name), array: name) }
  }

  /// The whole numbers of an array, as they are.
  func integers(_ name: String) throws -> [Int] {
    try Self.inEntry(name) { try NPY.readIntegers(stream(name), array: name).values }
  }

  /// The contents of the array's entry.
  func stream(_ name: String) throws -> ZipEntryReader {
    guard let entry = zip[name + Self.ending] else {
      throw DataError(path: path, expected: "an array \(name)", found: listing)
    }
    return try zip.open(entry)
  }

  /// An error in an entry says which.
  static func inEntry<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as DataError {
      let place = error.place.map { $0.hasPrefix("entry") ? $0 : "\(name): \($0)" } ?? name
      throw DataError(path: error.path, place: place, expected: error.expected, found: error.found)
    }
  }

  // MARK: For messages

  private static let mostListed = 20

  private var names: String { Self.list(arrays.map(\.name)) }

  private var listing: String {
    Self.list(arrays.map { "\($0.name) (\($0.shape.map(String.init).joined(separator: " × ")) \($0.type))" })
  }

  private static func list(_ words: [String]) -> String {
    let words = words.map { $0.filter { $0 >= " " && !$0.isNewline } }
    return words.prefix(mostListed).joined(separator: ", ") + (words.count > mostListed ? ", …" : "")
  }
}
