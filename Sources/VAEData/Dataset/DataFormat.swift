/// A kind of file or folder that examples may be in.
///
/// One that a program adds stands in the list that it hands to `DataSource`, as `DataFormats.standard` is one.
public protocol DataFormat: Sendable {
  /// What people call it: "CSV".
  var name: String { get }
  /// What of a `DataReading` it has a use for.
  var heeded: ReadingAspects { get }
  /// Whether what `probe` has seen is of this kind.
  func recognizes(_ probe: DataProbe) -> Bool
  /// Reads what is at some paths, more than one where they are parts of one set. Throws `DataError` or `FileError`.
  ///
  /// `known` is what a saved model, or a training set, knows of its data: the columns or features are to be those of it.
  func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents
}

extension DataFormat {
  /// All of it, unless a format says otherwise.
  public var heeded: ReadingAspects { .all }
}

/// The formats that the library reads.
public enum DataFormats {
  /// Those of this module, the most particular first.
  public static let standard: [any DataFormat] = [
    IDXFolderFormat(), NPYFormat(), NPZFormat(), MatrixMarketFormat(), SVMLightFormat(), IDXFormat(),
    TextTableFormat(),
  ]
}

/// What is looked at to tell a format.
public struct DataProbe: Sendable {
  /// The path.
  public let path: String
  /// Whether it is a folder.
  public let isFolder: Bool
  /// Whether it is a pipe, a device or standard input, "-", which is read once.
  public let isStream: Bool
  /// Whether nothing is there, but files whose names begin so.
  public let isNothing: Bool
  /// The first bytes of a file's contents, or of what a stream yields, inflated where it is gzip; at most 512.
  public let start: [UInt8]

  /// Looks at what is at `path`.
  public init(path: String) throws {
    self.path = path
    let kind = try ByteSource.isStream(path) ? .other : Path.kind(path)
    isNothing = try kind == .nothing && IDXFolder.resolve(path) != nil
    guard kind != .nothing || isNothing else {
      throw DataError(path: path, expected: "a folder or a file with data", found: "no such file or folder")
    }
    (isFolder, isStream) = (kind == .folder, kind == .other)
    start =
      switch kind {
      case .file: try Contents(path: path).read(atMost: 512)
      // So much of what is compressed holds more than 512 bytes.
      case .other:
        try Contents(
          ByteSource(ByteSource.start(ofStream: path, length: 1 << 16), path: ByteSource.name(of: path))
        ).read(atMost: 512)
      case .folder, .nothing: []
      }
  }

  /// Whether `init` finds something at `path`, which is not looked into.
  package static func finds(_ path: String) -> Bool {
    guard let kind = try? Path.kind(path) else { return false }
    return kind != .nothing || (try? IDXFolder.resolve(path)) != nil
  }
}

/// What a format has read.
public struct DataContents: Sendable {
  /// The examples, of a set that is whole; the training examples where `test` is there.
  public var examples: Dataset
  /// The test set, where it stands apart.
  public var test: Dataset?
  /// For each example which part it belongs to, where a column says so.
  public var parts: [String]?
  /// For each example what is to be kept together, where a column says so.
  public var groups: [String]?
  /// What it is: "CSV".
  public var format: String
  /// What is odd, a sentence each, for a person.
  public var remarks: [String] = []
  /// The stored values of a sparse matrix.
  public var stored: Int?
  /// What else stands there, for a person who looks at the data.
  public var beside: [DataSummary.Beside] = []
  /// What the column was called that the classes came from, where that is no more than its name.
  var labelColumn: String?
  /// What is wrong with columns of a table that were only to be looked at, by name.
  var faults: [String: DataError] = [:]

  /// What has been read.
  public init(_ examples: Dataset, test: Dataset? = nil, format: String, remarks: [String] = []) {
    self.examples = examples
    self.test = test
    self.format = format
    self.remarks = remarks
  }
}
