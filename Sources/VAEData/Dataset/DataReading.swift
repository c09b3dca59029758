/// How data are to be read, as far as a person has said it: which numbers a path stands for. What is not said is found out.
///
/// A run keeps it in its config.json, so that the same data are read the same way when it goes on.
public struct DataReading: Sendable, Hashable, Codable {
  /// Where the test set is, if it is apart.
  public var testPath: String?
  /// The column whose text says which rows are held out: "train", "test" or "validation", or words like them.
  public var splitColumn: String?
  /// The column whose rows of one text are all held out, or none of them.
  public var groupColumn: String?
  /// Whether each class gives its share of the rows that are held out.
  public var isStratified = false
  /// The column with the class of each row.
  public var labelColumn: String?
  /// The column with each row's name.
  public var idColumn: String?
  /// Patterns of the columns to keep; all where there are none.
  public var columns: [String] = []
  /// Patterns of the columns to leave out.
  public var excluded: [String] = []
  /// How a table is written down.
  public var format = TableFormat()
  /// The array of an NPZ file.
  public var array: String?
  /// Its array with the classes.
  public var labelArray: String?
  /// How numbers lie in a file without a header; nil where a file says itself what it is.
  public var raw: RawLayout?
  /// What a column's numbers are taken for.
  public var modelling = TableModelling()
  /// Whether a text that a model does not know counts as missing, and is no error.
  public var takesUnknownTexts = false
  /// How pictures are brought to one size.
  public var pictures = PictureReading()
  /// Whether rows and columns of every picture change places, as EMNIST's have.
  public var isTransposed = false
  /// Which matrix, cells and genes of a file of cells, and what a model is told of them.
  public var cells = CellReading()
  /// Where the numbers of a large array are while a model looks at them.
  public var storage = Storage.automatic
  /// What rows of numbers are taken for.
  public var rows = Rows.automatic

  /// What rows of numbers may be.
  public enum Rows: String, Sendable, Codable, CaseIterable {
    /// Counts, where a sparse matrix looks like it, see `SparseContents`; else a table.
    case automatic = "auto"
    /// Columns, each modelled as what it is.
    case table
    /// Counts, of which what is not zero is stored.
    case counts
  }

  /// Where numbers may be.
  public enum Storage: String, Sendable, Codable, CaseIterable {
    /// In memory, or of arrays beyond 256 MiB in their file.
    case automatic = "auto"
    /// In memory.
    case memory
    /// In their file, of which a minibatch's rows are read when it wants them.
    case file
  }

  /// Which columns are read of what else is known of examples, for `Dataset.annotation`; not written.
  public var annotations = Annotations.none

  /// Columns that no model looks at.
  public enum Annotations: Sendable, Hashable {
    case none
    case named([String])
    /// All there are.
    case all
  }

  /// Whether columns that no model can use are read all the same, to be looked at; not of a run, and not written.
  var keepsFaultyColumns = false
  /// Whether the column of classes may be missing from a table, as from new rows for a model that was trained with them;
  /// not written.
  public var maybeWithoutLabels = false
  /// The same of the column of names.
  public var maybeWithoutIDs = false
  /// An option that was given now and that pictures and vectors have no use for; not written.
  public var optionOfTables: String?
  /// The same of one that is about the texts of columns, which a model of anything may be told; not written.
  public var optionOfTexts: String?
  /// Whether what says of itself what it is, as new rows for a model of numbers without a header may, is not taken for such
  /// numbers; not written.
  public var maybeNotRaw = false

  /// Nothing said.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case testPath, splitColumn, groupColumn, isStratified, labelColumn, idColumn, columns, excluded, format, array
    case labelArray, raw, modelling, takesUnknownTexts, pictures, isTransposed, storage, cells, rows
  }

  /// What is not written is as usual.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    testPath = try values.decodeIfPresent(String.self, forKey: .testPath)
    splitColumn = try values.decodeIfPresent(String.self, forKey: .splitColumn)
    groupColumn = try values.decodeIfPresent(String.self, forKey: .groupColumn)
    labelColumn = try values.decodeIfPresent(String.self, forKey: .labelColumn)
    idColumn = try values.decodeIfPresent(String.self, forKey: .idColumn)
    array = try values.decodeIfPresent(String.self, forKey: .array)
    labelArray = try values.decodeIfPresent(String.self, forKey: .labelArray)
    raw = try values.decodeIfPresent(RawLayout.self, forKey: .raw)
    try read(.isStratified, &isStratified)
    try read(.columns, &columns)
    try read(.excluded, &excluded)
    try read(.format, &format)
    try read(.modelling, &modelling)
    try read(.takesUnknownTexts, &takesUnknownTexts)
    try read(.pictures, &pictures)
    try read(.isTransposed, &isTransposed)
    try read(.storage, &storage)
    try read(.cells, &cells)
    try read(.rows, &rows)
  }
}

/// How pictures of many sizes become examples of one.
public struct PictureReading: Sendable, Hashable, Codable {
  /// Pixels in a row and rows of every example; nil where all pictures have one size already.
  public var width: Int?
  /// Rows.
  public var height: Int?
  /// What is done with a picture of another shape.
  public var fit = Fit.crop
  /// Grey or colour.
  public var channels = Channels.automatic
  /// What is behind pixels that are not opaque, and beside pictures that do not fill their example: red, green, blue.
  public var background: [UInt8] = [255, 255, 255]
  /// What is done about a picture that cannot be read.
  public var unreadable = Unreadable.skip
  /// A table with the class of each picture, whose columns `idColumn` and `labelColumn` name; nil where folders are classes.
  public var labelTable: String?

  /// What becomes of a picture whose shape is another.
  public enum Fit: String, Sendable, Codable, CaseIterable {
    /// The whole of it, with background beside it.
    case whole
    /// As much of its middle as has the right shape.
    case crop
  }

  /// Numbers in a pixel.
  public enum Channels: String, Sendable, Codable, CaseIterable {
    /// Grey where all pictures are.
    case automatic = "auto"
    case grey, color
  }

  /// What becomes of pictures that are none.
  public enum Unreadable: String, Sendable, Codable, CaseIterable {
    /// They are named and left out.
    case skip
    /// The first of them is an error.
    case fail
  }

  /// As they are.
  public init() {}
}
