import ArgumentParser
import VAEData

/// How data are read and what their columns are taken for. Every option is nil, or empty, where it was not given.
struct ReadingOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("The test set, of the same columns, where it is apart.", valueName: "path"),
    completion: .file(), transform: Parse.path)
  var testData: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Column that says which rows are held out: train, test or validation.", valueName: "name"))
  var splitColumn: String?

  @Option(
    name: .long, help: ArgumentHelp("Column whose rows of one text stay together, in or out.", valueName: "name"))
  var groupColumn: String?

  @Flag(name: .long, help: "Hold out the same share of every class.")
  var stratify = false

  @Option(
    name: .long,
    help: ArgumentHelp("Column with the class of each row, which is not modelled.", valueName: "name"))
  var labelColumn: String?

  @Option(
    name: .long, help: ArgumentHelp("Column with the name of each row, which is not modelled.", valueName: "name"))
  var idColumn: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Columns to keep, with commas between; * stands for any text.", valueName: "names"),
    transform: Self.names)
  var columns: [String]?

  @Option(
    name: .long, help: ArgumentHelp("Columns to leave out.", valueName: "names"), transform: Self.names)
  var exclude: [String]?

  @Option(
    name: .long, help: ArgumentHelp("Columns that are categories, though they hold numbers.", valueName: "names"),
    transform: Self.names)
  var categories: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp("Columns that are counts, under a Poisson likelihood.", valueName: "names"),
    transform: Self.names)
  var counts: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp("Columns that are numbers, where they would be taken for another kind.", valueName: "names"),
    transform: Self.names)
  var numbers: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp("Columns that the model is told, so that sample --given may set them.", valueName: "names"),
    transform: Self.names)
  var conditions: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What is done to numbers: \(Parse.names(TableModelling.Scaling.self)) "
        + "(default: auto, which is quantile).", valueName: "name"),
    completion: .choices(TableModelling.Scaling.self), transform: Parse.choice)
  var scaling: TableModelling.Scaling?

  @Option(
    name: .long,
    help: ArgumentHelp("Words that stand for a missing value, beside the usual.", valueName: "words"),
    transform: Self.names)
  var missing: [String]?

  /// What becomes of a text that the model has never seen.
  enum Unseen: String, CaseIterable { case error, missing }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What a category is that the training rows do not have: \(Parse.names(Unseen.self)) (default: error).",
      valueName: "name"),
    completion: .choices(Unseen.self), transform: Parse.choice)
  var unseen: Unseen?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What stands between cells: \(Parse.names(TableFormat.Delimiter.self)) (default: automatic).", valueName: "name"),
    completion: .choices(TableFormat.Delimiter.self), transform: Parse.choice)
  var delimiter: TableFormat.Delimiter?

  @Flag(name: .long, help: "\"1,5\" is one and a half.")
  var decimalComma = false

  /// Whether the first line has names.
  enum Header: String, CaseIterable { case automatic = "auto", yes, no }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Whether the first line names the columns: \(Parse.names(Header.self)) (default: auto).", valueName: "name"),
    completion: .choices(Header.self), transform: Parse.choice)
  var header: Header?

  @Option(
    name: .long, help: ArgumentHelp("The array of an NPZ file (default: x, X or data).", valueName: "name"))
  var array: String?

  @Option(
    name: .long, help: ArgumentHelp("Its array with the classes (default: y or labels).", valueName: "name"))
  var labelArray: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Pixels of every picture, 64 or 64x48; their own size where not given.", valueName: "size"),
    transform: Self.size)
  var imageSize: Size?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What is done with a picture of another shape: \(Parse.names(PictureReading.Fit.self)) (default: crop).",
      valueName: "name"),
    completion: .choices(PictureReading.Fit.self), transform: Parse.choice)
  var fit: PictureReading.Fit?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "\(Parse.names(PictureReading.Channels.self)) (default: auto, grey where all pictures are).", valueName: "name"),
    completion: .choices(PictureReading.Channels.self), transform: Parse.choice)
  var channels: PictureReading.Channels?

  @Option(
    name: .long,
    help: ArgumentHelp("Behind what is not opaque, as RRGGBB (default: FFFFFF).", valueName: "color"),
    transform: Self.color)
  var background: Color?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What is done with a picture that cannot be read: \(Parse.names(PictureReading.Unreadable.self)) "
        + "(default: skip).", valueName: "name"),
    completion: .choices(PictureReading.Unreadable.self), transform: Parse.choice)
  var unreadable: PictureReading.Unreadable?

  @Flag(name: .long, help: "Swap rows and columns of every picture, for EMNIST.")
  var transposeImages = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where numbers are while a model looks at them: \(Parse.names(DataReading.Storage.self)) (default: auto, in the "
        + "file where an array is beyond 256 MiB).", valueName: "name"),
    completion: .choices(DataReading.Storage.self), transform: Parse.choice)
  var storage: DataReading.Storage?

  /// Puts what was given in the place of what `reading` has.
  func apply(to reading: inout DataReading) {
    reading.testPath = testData.map(Path.absolute) ?? reading.testPath
    reading.splitColumn = splitColumn ?? reading.splitColumn
    reading.groupColumn = groupColumn ?? reading.groupColumn
    reading.isStratified = stratify || reading.isStratified
    reading.labelColumn = labelColumn ?? reading.labelColumn
    reading.idColumn = idColumn ?? reading.idColumn
    reading.columns = columns ?? reading.columns
    reading.excluded = exclude ?? reading.excluded
    reading.modelling.categories = categories ?? reading.modelling.categories
    reading.modelling.counts = counts ?? reading.modelling.counts
    reading.modelling.numbers = numbers ?? reading.modelling.numbers
    reading.modelling.conditions = conditions ?? reading.modelling.conditions
    reading.modelling.scaling = scaling ?? reading.modelling.scaling
    reading.format.missing = missing ?? reading.format.missing
    if let unseen { reading.takesUnknownTexts = unseen == .missing }
    reading.format.delimiter = delimiter ?? reading.format.delimiter
    reading.format.hasDecimalComma = decimalComma || reading.format.hasDecimalComma
    if let header { reading.format.hasHeader = header == .automatic ? nil : header == .yes }
    reading.array = array ?? reading.array
    reading.labelArray = labelArray ?? reading.labelArray
    if let imageSize { (reading.pictures.width, reading.pictures.height) = (imageSize.width, imageSize.height) }
    reading.pictures.fit = fit ?? reading.pictures.fit
    reading.pictures.channels = channels ?? reading.pictures.channels
    reading.pictures.background = background?.parts ?? reading.pictures.background
    reading.pictures.unreadable = unreadable ?? reading.pictures.unreadable
    reading.isTransposed = transposeImages || reading.isTransposed
    reading.storage = storage ?? reading.storage
  }

  // MARK: Parsing

  /// "age,income": names with commas between.
  @Sendable private static func names(_ text: String) throws -> [String] {
    let names = text.split(separator: ",").map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    if names.isEmpty { throw ValidationError("expected names with commas between") }
    return names
  }

  /// Pixels.
  struct Size: Sendable {
    let width: Int
    let height: Int
  }

  @Sendable private static func size(_ text: String) throws -> Size {
    let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard (1...2).contains(numbers.count), numbers.allSatisfy({ (1...4096).contains($0) }) else {
      throw ValidationError("expected a size from 1 to 4096, such as 64 or 64x48")
    }
    return Size(width: numbers[0], height: numbers.last!)
  }

  /// Red, green, blue.
  struct Color: Sendable {
    let parts: [UInt8]
  }

  @Sendable private static func color(_ text: String) throws -> Color {
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard digits.count == 6, let number = UInt32(digits, radix: 16) else {
      throw ValidationError("expected six hexadecimal digits, such as FFFFFF")
    }
    return Color(parts: [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
  }
}
