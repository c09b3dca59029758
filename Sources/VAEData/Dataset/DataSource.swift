import VAEKernels

/// Finds out what a path holds, reads it, and divides it.
public struct DataSource: Sendable {
  /// A folder, a file, or a pattern of files' names that are parts of one set; nil for the generated digits.
  public var path: String?
  /// How it is to be read.
  public var reading: DataReading
  /// How much to hold out as the test set, of what has none; between 0 and 1.
  public var testFraction: Double
  /// Chooses the examples held out; draws the generated digits.
  public var seed: UInt64
  /// What a saved model knows of its data; what it does not is found from the training rows.
  public var known = DataDescription()
  /// The coding of a table, of a saved model; where it is nil one is fitted to the training rows.
  public var coding: TableCoding? {
    get { known.coding }
    set { known.coding = newValue }
  }
  /// What there may be.
  public var formats: [any DataFormat]

  /// A source.
  public init(
    path: String?, reading: DataReading = DataReading(), testFraction: Double = 0.1, seed: UInt64,
    coding: TableCoding? = nil, known: DataDescription? = nil, formats: [any DataFormat] = DataFormats.standard
  ) {
    self.path = path
    self.reading = reading
    self.testFraction = testFraction
    self.seed = seed
    self.formats = formats
    self.known = known ?? DataDescription(coding: coding)
  }

  /// Data to train on and to test with.
  ///
  /// - Parameters:
  ///   - path: A folder with the usual four files, or one file; nil for the generated digits.
  ///   - testFraction: How much of a single file to hold out as the test set; between 0 and 1.
  ///   - seed: Chooses the examples held out of a single file; draws the generated digits.
  /// - Throws: `DataError` where the data are not as they should be, `FileError` where they cannot be read.
  public static func load(path: String?, testFraction: Double = 0.1, seed: UInt64) throws -> DataSplit {
    try DataSource(path: path, testFraction: testFraction, seed: seed).split()
  }

  /// All the examples there are, nothing held out: those of one file in its order, or those of a folder, the training
  /// set before the test set. Otherwise as `load`.
  public static func loadAll(path: String?, seed: UInt64) throws -> Dataset {
    try DataSource(path: path, seed: seed).all()
  }

  /// Data to train on and to test with, a table's with its coding.
  public func split() throws -> DataSplit {
    guard let path else { return GeneratedDigits.split(seed: seed) }
    let contents = try contents()
    var split = try divide(contents, path)
    split.remarks = contents.remarks
    split.format = contents.format
    split.stored = contents.stored
    return try coded(split)
  }

  /// All the examples there are, nothing held out; those of a file in its order, a test set behind the training set. Of a
  /// table, which needs a coding, only with that of a model or one fitted to all of it. `onRemark` is called with what a
  /// person should be told of them, a sentence each.
  public func all(onRemark: (String) -> Void = { _ in }) throws -> Dataset {
    guard path != nil else {
      let split = GeneratedDigits.split(seed: seed)
      return split.train.appending(split.test, name: split.source)
    }
    let contents = try contents()
    contents.remarks.forEach(onRemark)
    let whole = contents.test.map { contents.examples.appending($0, name: path ?? "") } ?? contents.examples
    return try told(coding(for: whole).map(whole.coded) ?? whole, by: known.told)
  }

  /// Whether `split` divides what is at `path`, and so has a use for a test fraction: a folder with a test set, and the
  /// generated digits, have one of their own.
  public func isDivided() throws -> Bool {
    guard let path, reading.testPath == nil, reading.splitColumn == nil else { return false }
    let paths = try PathPattern.expand(path)
    guard let first = paths.first else { return true }
    let probe = try DataProbe(path: first)
    guard try format(of: probe) is IDXFolderFormat else { return true }
    return try IDXFolderFormat.isWithoutTest(first, reading)
  }

  // MARK: Reading

  /// What is at the path, and not divided.
  public func contents() throws -> DataContents {
    guard let path else { preconditionFailure("generated digits are nowhere") }
    var contents = try read(path)
    if let testPath = reading.testPath {
      guard contents.test == nil else {
        throw DataError(path: path, expected: "one test set", found: "one here and \(testPath)")
      }
      let test = try readTest(testPath, like: contents.examples)
      contents.test = test.examples
      contents.remarks += test.remarks.filter { !contents.remarks.contains($0) }
    }
    return contents
  }

  private func read(_ path: String, known: DataDescription? = nil) throws -> DataContents {
    let known = known ?? self.known
    var reading = reading
    // What a model is told is named where it was trained, and of data that say it by themselves nowhere.
    if reading.cells.told.isEmpty, let told = known.told { reading.cells.told = told.columns.map(\.name) }
    reading.cells.exposureColumn = reading.cells.exposureColumn ?? known.exposureColumn
    let paths = try PathPattern.expand(path)
    guard let first = paths.first else {
      throw DataError(path: path, expected: "files whose names are like this", found: "none")
    }
    let probe = try DataProbe(path: first)
    let format = try format(of: probe)
    if let table = reading.pictures.labelTable, !probe.isFolder || format is IDXFolderFormat {
      throw DataError(
        path: path, expected: "a folder of pictures, whose classes are in the table \(table)", found: format.name)
    }
    var contents = try format.read(paths, reading, known: known)
    if reading.areCounts(for: known) { try contents.takeCounts(reading, known: known) }
    if contents.examples.columns.isEmpty, contents.examples.told == nil {
      // Counts with names have columns to choose among.
      let isWithoutNames = contents.examples.featureNames == nil
      if let option = reading.optionOfTexts ?? (isWithoutNames ? reading.optionOfTables : nil) {
        let what = isWithoutNames ? "a table" : "columns that the model is told"
        throw DataError(
          path: ByteSource.name(of: path), expected: "\(what), for \(option)", found: contents.examples.shapeInWords)
      }
    }
    // A format whose features have names has looked for the columns beside them itself.
    if contents.examples.columns.isEmpty, contents.examples.featureNames == nil, let name = reading.asides.first {
      throw DataError(
        path: path, expected: "a table, with a column of the name \"\(name.onOneLine)\"", found: contents.format)
    }
    if let name = reading.cells.exposureColumn, contents.examples.exposure == nil {
      throw DataError(
        path: path, expected: "cells with the column \"\(name.onOneLine)\", which has their exposure",
        found: contents.format)
    }
    contents.examples.takesUnknownLevels = reading.takesUnknownTexts
    guard contents.examples.count > 0 else {
      throw DataError(path: ByteSource.name(of: path), expected: "at least one example", found: "none")
    }
    if paths.count > 1 { contents.examples = contents.examples.named(path) }
    return contents
  }

  func format(of probe: DataProbe) throws -> any DataFormat {
    if let layout = try rawLayout(of: probe) {
      let format = RawFormat(layout: layout)
      guard format.recognizes(probe) else {
        throw DataError(
          path: ByteSource.name(of: probe.path), expected: "a file, for --raw-type and --raw-shape",
          found: probe.isFolder ? "a folder" : probe.isStream ? "a pipe, whose length nobody knows" : "nothing")
      }
      return format
    }
    if let format = formats.first(where: { $0.recognizes(probe) }) { return format }
    throw DataError(
      path: ByteSource.name(of: probe.path), expected: "a table, an array, a matrix or pictures in a known format",
      found: ForeignData.describe(probe))
  }

  /// How the numbers lie in what is taken for numbers without a header.
  private func rawLayout(of probe: DataProbe) throws -> RawLayout? {
    // An array with its header, such as a test set, is not raw whatever is said of its siblings.
    guard let layout = reading.raw, !NPYFormat().recognizes(probe) else { return nil }
    guard reading.maybeNotRaw, let other = formats.first(where: { $0.recognizes(probe) }) else { return layout }
    switch other {
    // Two zeros are little to know IDX by.
    case is IDXFormat: return layout
    // All bytes of a picture may be those of letters; those of wider numbers are no lines of digits.
    case is TextTableFormat:
      let isText = !layout.isOfBytes && TextBytes.looksLikeRows(probe.start)
      return try !isText && RawFormat(layout: layout).fits(probe) ? layout : nil
    default: return nil
    }
  }

  /// The test set of a file of its own, whose columns, or features, are those of the training set.
  private func readTest(_ path: String, like train: Dataset) throws -> DataContents {
    func coding(of columns: [Table.Column]?) -> TableCoding? {
      columns.map { TableCoding(columns: $0.map { CodedColumn(ofSource: $0) }) }
    }
    let known = DataDescription(
      coding: train.columns.isEmpty ? nil : coding(of: train.columns), featureNames: train.featureNames,
      told: coding(of: train.told?.columns), exposureColumn: train.exposure?.name)
    var source = self
    source.reading.pictures.takeChannels(of: train.imageShape)
    var contents = try source.read(path, known: known)
    let test = contents.examples
    guard test.rawWidth == train.rawWidth, test.imageShape == train.imageShape else {
      let advice = contents.format == "pictures" ? train.imageShape?.advice(toPicturesOf: test.imageShape) : nil
      throw DataError(
        path: path, expected: "\(train.shapeInWords), as in \(train.name)\(advice ?? "")", found: test.shapeInWords)
    }
    contents.examples = try test.withClasses(of: train)
    return contents
  }

  // MARK: Dividing

  func divide(_ contents: DataContents, _ path: String) throws -> DataSplit {
    let examples = contents.examples
    if let test = contents.test {
      return DataSplit(train: examples, test: test, source: reading.testPath.map { "\(path), \($0)" } ?? path)
    }
    if let parts = contents.parts {
      let places = try SplitWords.places(parts, column: reading.splitColumn ?? "", path: path)
      var split = DataSplit(
        train: examples.subset(places.train), test: examples.subset(places.test),
        source: "\(path), divided by \(reading.splitColumn ?? "")")
      if !places.validation.isEmpty { split.validation = examples.subset(places.validation) }
      return split
    }
    guard examples.count >= 2 else {
      throw DataError(
        path: ByteSource.name(of: path), expected: "at least two examples, one to train on and one to hold out",
        found: "\(examples.count)")
    }
    let (train, test): (Dataset, Dataset)
    if let groups = contents.groups {
      (train, test) = try examples.split(heldOutFraction: testFraction, groups: groups, seed: seed)
    } else if reading.isStratified {
      guard let labels = examples.labels else {
        throw DataError(path: path, expected: "classes, for --stratify", found: "none")
      }
      (train, test) = examples.split(heldOutFraction: testFraction, strata: labels, seed: seed)
    } else {
      (train, test) = examples.split(heldOutFraction: testFraction, seed: seed)
    }
    return DataSplit(train: train, test: test, source: "\(path), \(test.count.counted("example")) held out")
  }

  // MARK: Coding

  private func coded(_ split: DataSplit) throws -> DataSplit {
    Dataset.survey([split.train] + split.heldOut)
    let split = try told(split)
    guard let coding = try coding(for: split.train, allowing: split.heldOut) else { return split }
    var coded = split.coded(by: coding)
    if self.coding == nil { coded.remarks += TableRemarks.of(split.train) }
    return coded
  }

  /// What the rows of no table are told, coded as a saved model has it, or after the training rows.
  private func told(_ split: DataSplit) throws -> DataSplit {
    let coding: TableCoding
    if let known = known.told {
      coding = known
    } else {
      guard let table = split.train.told else { return split }
      coding = try TableCoding.fitTold(table, allowing: split.heldOut.compactMap(\.told))
    }
    var result = DataSplit(
      train: try told(split.train, by: coding), test: try told(split.test, by: coding), source: split.source)
    result.validation = try split.validation.map { try told($0, by: coding) }
    (result.format, result.remarks, result.stored) = (split.format, split.remarks, split.stored)
    if known.told == nil, let table = split.train.told { result.remarks += TableRemarks.ofTold(table, by: coding) }
    return result
  }

  /// The same with what its rows are told coded. Throws for what the coding does not know, with the row.
  private func told(_ examples: Dataset, by coding: TableCoding?) throws -> Dataset {
    guard let coding else { return examples }
    guard let table = examples.told else {
      throw DataError(
        path: examples.name,
        expected: "what the model is told, \(coding.columns.map(\.name.onOneLine).joined(separator: ", "))",
        found: "nothing")
    }
    var told = table
    told.takesUnknownLevels = reading.takesUnknownTexts
    return examples.telling(told.coded(by: coding))
  }

  private func coding(for train: Dataset, allowing others: [Dataset] = []) throws -> TableCoding? {
    guard !train.columns.isEmpty else { return nil }
    if let coding { return coding }
    try reading.checkKinds(train.columns.map(\.name), path: train.name)
    try reading.checkModelling(train.columns.map(\.name), path: train.name)
    return try TableCoding.fit(train, reading.modelling, allowing: others)
  }
}
