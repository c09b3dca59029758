import VAEKernels

/// Examples, all with the same number of features, in memory or in a file that is read a minibatch at a time.
///
/// Bytes stay bytes (MNIST is 47 MB, and would be 188 as floats) and stand for byte / 255; they become floats a
/// minibatch at a time, in `gather`. So do the rows of a table, which a `TableCoding` makes features of. Subsets share the
/// numbers of the whole.
public struct Dataset: Sendable {
  /// Where the numbers of all examples are.
  enum Storage: Sendable {
    /// Each stands for byte / 255.
    case bytes([UInt8])
    /// Each stands for itself.
    case floats([Float])
    /// Of each row what is not zero.
    case compressed(CompressedRows)
    /// They are read where they lie.
    case file(FileRows)
  }

  /// What a person calls it: a file's name, or what the caller says.
  public let name: String
  /// The number of examples.
  public let count: Int
  /// The number of features of an example.
  public let featureCount: Int
  /// How the features lie on a picture, where they are one.
  public let imageShape: ImageShape?
  /// The class of each example, where it is known. A conditional model is told it; no other looks at it while it trains.
  public var labels: [UInt8]? {
    didSet { checkAsides() }
  }
  /// What the classes are called, by their numbers, where they have names.
  public var classNames: [String]?
  /// What each example is called, where they have names of their own.
  public var ids: [String]? {
    didSet { checkAsides() }
  }
  /// The columns of a table, whose numbers are what they are in the file; none of other data.
  public let columns: [Table.Column]
  /// How a table's rows become features; nil where its numbers are the features.
  public let coding: TableCoding?
  /// What the features are called, of data that are no table, where they have names.
  public internal(set) var featureNames: [String]?
  /// What a model is told of each example, of data that are no table.
  var toldTable: TableBeside?
  /// What else is known of each example, and no model looks at.
  var annotationTable: TableBeside?
  /// The exposure of each example, where that is a column of its own and not the sum of its numbers.
  public internal(set) var exposure: ExposureColumn?
  /// Whether a value of a column that is none of those which its coding knows counts as missing, and is no error.
  public internal(set) var takesUnknownLevels = false
  /// Whether some of its numbers are missing.
  package let hasMissing: Bool
  /// Whether some of its numbers are so far out that an encoder is shown a bound in their place.
  let hasFarNumbers: Bool
  let storage: Storage
  /// The numbers of a row as it is stored.
  let rawWidth: Int
  /// The rows of the storage, in the order of the examples; all of them where it is nil.
  let rows: [UInt32]?
  /// What has been found out about these rows.
  let found: FoundFigures

  /// Examples given as bytes, `featureCount` for each.
  public init(
    bytes: [UInt8], featureCount: Int, imageShape: ImageShape? = nil, labels: [UInt8]? = nil, name: String = "data"
  ) {
    self.init(
      .bytes(bytes), count: Self.rowCount(bytes.count, featureCount), width: featureCount, imageShape, labels, name)
  }

  /// Examples given as floats, `featureCount` for each: between 0 and 1 for a Bernoulli likelihood, any finite
  /// number for a Gaussian one.
  public init(
    _ values: [Float], featureCount: Int, imageShape: ImageShape? = nil, labels: [UInt8]? = nil, name: String = "data"
  ) {
    self.init(
      .floats(values), count: Self.rowCount(values.count, featureCount), width: featureCount, imageShape, labels, name)
  }

  /// The rows of a table, of at least one column, without a coding.
  public init(_ table: Table, labels: [UInt8]? = nil) {
    self.init(
      .floats(table.values), count: table.rowCount, width: table.columns.count, nil, labels, table.path,
      columns: table.columns)
  }

  /// Rows of which only what is not zero is stored, with the names of the columns where they have some.
  public init(_ rows: CompressedRows, featureNames: [String]? = nil, name: String = "data") {
    self.init(.compressed(rows), count: rows.rowCount, width: rows.columnCount, nil, nil, name)
    if let featureNames {
      precondition(featureNames.count == rows.columnCount, "\(featureNames.count) names of \(rows.columnCount) columns")
    }
    self.featureNames = featureNames
  }

  /// The rows of a file; of a table, where they have columns.
  init(_ file: FileRows, imageShape: ImageShape?, columns: [Table.Column] = [], name: String) {
    self.init(.file(file), count: file.count, width: file.width, imageShape, nil, name, columns: columns)
  }

  private init(
    _ storage: Storage, count: Int, width: Int, _ imageShape: ImageShape?, _ labels: [UInt8]?, _ name: String,
    columns: [Table.Column] = []
  ) {
    precondition(width > 0, "an example needs at least one feature, not \(width)")
    precondition(count <= Int(UInt32.max), "\(count) examples; at most 2^32 - 1 can be numbered")
    if let imageShape {
      precondition(imageShape.featureCount == width, "a picture of \(imageShape) for \(width) features")
    }
    self.storage = storage
    self.count = count
    self.imageShape = imageShape
    self.labels = labels
    self.name = name
    self.columns = columns
    (rawWidth, featureCount) = (width, width)
    (coding, rows, hasMissing, hasFarNumbers) = (nil, nil, false, false)
    found = FoundFigures()
    checkAsides()
  }

  /// The same, or some of the same, in another way.
  private init(
    _ other: Dataset, rows: [UInt32]?, labels: [UInt8]?, ids: [String]?, coding: TableCoding?, hasMissing: Bool,
    hasFarNumbers: Bool, found: FoundFigures, name: String? = nil
  ) {
    storage = other.storage
    count = rows?.count ?? other.count
    imageShape = other.imageShape
    self.labels = labels
    self.ids = ids
    classNames = other.classNames
    featureNames = other.featureNames
    (toldTable, annotationTable) = (other.toldTable, other.annotationTable)
    exposure = other.exposure
    takesUnknownLevels = other.takesUnknownLevels
    self.name = name ?? other.name
    columns = other.columns
    rawWidth = other.rawWidth
    featureCount = coding?.featureCount ?? other.rawWidth
    self.rows = rows
    self.coding = coding
    self.hasMissing = hasMissing
    self.hasFarNumbers = hasFarNumbers
    self.found = found
    checkAsides()
  }

  private static func rowCount(_ valueCount: Int, _ featureCount: Int) -> Int {
    precondition(featureCount > 0, "an example needs at least one feature, not \(featureCount)")
    precondition(
      valueCount % featureCount == 0, "\(valueCount) numbers are not whole examples of \(featureCount) features")
    return valueCount / featureCount
  }

  private func checkAsides() {
    if let labels { precondition(labels.count == count, "\(labels.count) labels for \(count) examples") }
    if let ids { precondition(ids.count == count, "\(ids.count) names for \(count) examples") }
  }

  // MARK: The same otherwise

  /// The examples with these indices, in this order.
  public func subset(_ indices: [Int]) -> Dataset {
    for index in indices {
      precondition(index >= 0 && index < count, "example \(index) of a data set that has \(count)")
    }
    return subset(places: indices.map { UInt32($0) })
  }

  /// The same of indices that are known to be right.
  func subset(places indices: [UInt32]) -> Dataset {
    var subset = Dataset(
      self, rows: rows.map { rows in indices.map { rows[Int($0)] } } ?? indices,
      labels: labels.map { labels in indices.map { labels[Int($0)] } },
      ids: ids.map { ids in indices.map { ids[Int($0)] } }, coding: coding, hasMissing: hasMissing,
      hasFarNumbers: hasFarNumbers, found: FoundFigures(partOf: found))
    subset.toldTable = told.map { TableBeside($0.subset(places: indices)) }
    subset.annotationTable = annotations.map { TableBeside($0.subset(places: indices)) }
    subset.exposure = exposure?.subset(places: indices)
    return subset
  }

  /// A table's rows with `coding`, whose columns are those of the table.
  public func coded(by coding: TableCoding) -> Dataset {
    precondition(
      coding.columns.count == rawWidth, "a coding of \(coding.columns.count) columns for rows of \(rawWidth)")
    return Dataset(
      self, rows: rows, labels: labels, ids: ids, coding: coding, hasMissing: hasMissing(coding),
      hasFarNumbers: hasFarNumbers(coding),
      found: FoundFigures(ofRawRowsOf: found))
  }

  /// These rows and then those of `other`, which are alike: copied, and into memory where they are in files.
  func joined(with other: Dataset, labels: [UInt8]?, ids: [String]?, name: String) -> Dataset {
    let storage: Storage
    if case .compressed(let first) = self.storage, case .compressed(let second) = other.storage {
      storage = .compressed(CompressedRows(first, some(of: first), and: second, other.some(of: second)))
    } else if let first = ownBytes, let second = other.ownBytes {
      storage = .bytes(first + second)
    } else {
      storage = .floats(allNumbers + other.allNumbers)
    }
    var joined = Dataset(
      storage, count: count + other.count, width: rawWidth, imageShape, labels, name, columns: columns)
    (joined.ids, joined.classNames, joined.takesUnknownLevels) = (ids, classNames, takesUnknownLevels)
    joined.featureNames = featureNames
    if let told, let more = other.told {
      joined.toldTable = TableBeside(told.joined(with: more, labels: nil, ids: nil, name: told.name))
    }
    if let annotations, let more = other.annotations {
      joined.annotationTable = TableBeside(
        annotations.joined(with: more, labels: nil, ids: nil, name: annotations.name))
    }
    if let exposure, let more = other.exposure { joined.exposure = exposure.joined(with: more) }
    return coding.map(joined.coded) ?? joined
  }

  /// The bytes of its examples, where that is what they are in memory.
  package var ownBytes: [UInt8]? {
    guard case .bytes(let bytes) = storage else { return nil }
    return rows.map { rows in rows.flatMap { bytes[Int($0) * rawWidth..<(Int($0) + 1) * rawWidth] } } ?? bytes
  }

  /// The same under another name.
  public func named(_ name: String) -> Dataset {
    Dataset(
      self, rows: rows, labels: labels, ids: ids, coding: coding, hasMissing: hasMissing, hasFarNumbers: hasFarNumbers,
      found: found, name: name)
  }

  // MARK: What there is

  /// The largest label, where there are labels.
  public var largestLabel: UInt8? { labels?.max() }

  /// What a minibatch of it carries beside x.
  public var sideInputs: SideInputs { coding?.sideInputs(hasMissing: hasMissing, hasFarNumbers: hasFarNumbers) ?? [] }

  /// The row of the storage that an example is.
  @inline(__always)
  func row(of example: Int) -> Int { rows.map { Int($0[example]) } ?? example }

  /// The row of the storage that each example is, for loops over many.
  struct RowPlaces {
    fileprivate let rows: UnsafePointer<UInt32>?

    @inline(__always)
    subscript(example: Int) -> Int { rows.map { Int($0[example]) } ?? example }
  }

  /// Calls `body` with the places of all examples.
  @inline(__always)
  func withRowPlaces(_ body: (RowPlaces) -> Void) {
    guard let rows else { return body(RowPlaces(rows: nil)) }
    rows.withUnsafeBufferPointer { body(RowPlaces(rows: $0.baseAddress)) }
  }

  /// The row that an example is, counted from 0, of the file or array that these examples are some of.
  public func rowOfWhole(_ example: Int) -> Int { row(of: example) }

  /// Where an example is, for messages: its column of this name, or all of it.
  package func place(of example: Int, column: String? = nil) -> String {
    if let column { return "row \(rowOfWhole(example) + 1), column \"\(column.onOneLine)\"" }
    return ids?[example] ?? "\(imageShape == nil ? "row" : "picture") \(rowOfWhole(example) + 1)"
  }

  /// Whether only what is not zero of its rows is stored.
  public var isSparse: Bool {
    if case .compressed = storage { return true }
    return false
  }

  /// Whether its rows are read where they lie, in a file.
  public var isInFile: Bool {
    switch storage {
    case .file: true
    case .compressed(let rows): rows.file != nil
    case .bytes, .floats: false
    }
  }

  /// Why its numbers could not be read, where some could not: of a file that changed while it was in use. The numbers
  /// that were handed out in their place are worth nothing.
  public var failure: FileError? {
    switch storage {
    case .file(let file): file.failure
    case .compressed(let rows): rows.file?.failure
    case .bytes, .floats: nil
    }
  }
}
