/// Archives of arrays by NumPy's `savez` and `savez_compressed`: a zip of NPY files, each array by its name.
public enum NPZ {
  /// What the header of an array in an archive says.
  public struct Header: Sendable, Hashable {
    /// Its name, without ".npy".
    public let name: String
    /// NumPy's word for its type, such as "<f4".
    public let type: String
    /// Its sizes.
    public let shape: [Int]

    /// Whether it is one of numbers that can be read.
    public var isNumeric: Bool { NPYNumber(type) != nil }
    /// Whether it is one of texts.
    public var isText: Bool { NPYText(type) != nil }
  }

  /// What is read of an archive.
  public struct Contents: Sendable {
    /// The numbers, the last index fastest.
    public let values: [Float]
    /// Their sizes.
    public let shape: [Int]
    /// The name of the array that they are of.
    public let name: String
    /// A label for each row, where there are some.
    public let labels: Labels?
    /// Why an array that is called as labels are is none of them, for a person.
    public let remark: String?
  }

  private static let dataNames = ["x", "X", "data"]

  /// The arrays of the archive at `path`, in its order. The headers alone are read.
  public static func arrays(path: String) throws -> [Header] { try NPZArchive(path).arrays }

  /// Reads an array, and the labels of its rows.
  ///
  /// - Parameters:
  ///   - path: Where the archive is.
  ///   - array: The array's name. Nil to take `x`, `X` or `data`, or else the only one of numbers in two or more dimensions.
  ///   - labels: The name of the labels' array. Nil to take `y`, `labels`, `label` or `Y`, or to `x_NAME` `y_NAME`, if it
  ///     is there.
  /// - Throws: `DataError` where there is no such array, with those that there are, where it is none of numbers, and where
  ///   labels are not one a row; `FileError`.
  public static func read(path: String, array: String? = nil, labels: String? = nil) throws -> Contents {
    let archive = try NPZArchive(path)
    let chosen = try array.map { try archive.array($0, option: "array") } ?? archive.only()
    let (labelArray, remark) = try archive.labels(of: chosen, named: labels, isNamed: array != nil)
    let (values, shape) = try archive.read(chosen.name)
    // Of no examples there are none, however many there are said to be.
    let read = shape.contains(0) ? nil : try labelArray.map(archive.readLabels)
    return Contents(values: values, shape: shape, name: chosen.name, labels: read, remark: remark)
  }

  /// The columns of a table that the library has written to an archive, whose array has `count` of them; nil in others.
  static func storedColumns(path: String, count: Int) throws -> StoredColumns? {
    guard let bytes = try names(StoredColumns.entry, path: path) else { return nil }
    return try NPZArchive.inEntry(StoredColumns.entry) { try StoredColumns(bytes, count: count, path: path) }
  }

  /// What an entry with names has; nil where there is none.
  static func names(_ name: String, path: String) throws -> [UInt8]? {
    let zip = try Zip(path: path)
    guard let entry = zip[name] else { return nil }
    // Names and texts of a table, and not more.
    guard entry.size < 1 << 30 else {
      throw entry.error(path, expected: "less than 1 GiB of names", found: "\(entry.size) bytes")
    }
    return try zip.open(entry).read(atMost: entry.size + 1)
  }

  /// The one of the usual names, or else all that could be meant.
  static func candidates(in arrays: [Header]) -> [Header] {
    let named = dataNames.compactMap { name in arrays.first { $0.name == name } }
    return named.isEmpty ? arrays.filter { $0.isNumeric && $0.shape.count >= 2 } : [named[0]]
  }
}
