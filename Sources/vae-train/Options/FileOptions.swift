import ArgumentParser
import VAEData

/// How a file of rows is written down, and which of its columns are no data.
struct FileOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Column with the class of each row, which is not modelled.", valueName: "name"))
  var labelColumn: String?

  @Option(
    name: .long, help: ArgumentHelp("Column with the name of each row, which is not modelled.", valueName: "name"))
  var idColumn: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Words that stand for a missing value, beside the usual.", valueName: "words"),
    transform: Parse.words)
  var missing: [String]?

  /// What becomes of a text that the model has never seen.
  enum Unseen: String, CaseIterable { case error, other }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What a category is that no training row has: error; or other, unknown: it is masked as a missing cell is, so that "
        + "the model neither sees it nor is asked for it (default: error).",
      valueName: "name"),
    completion: .choices(Unseen.self), transform: Self.unseen)
  var unseen: Unseen?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What stands between cells: \(Parse.names(TableFormat.Delimiter.self)) (default: automatic).", valueName: "name"),
    completion: .choices(TableFormat.Delimiter.self), transform: Parse.choice)
  var delimiter: TableFormat.Delimiter?

  @Flag(name: .long, inversion: .prefixedNo, help: "\"1,5\" is one and a half (default: not).")
  var decimalComma: Bool?

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
    help: ArgumentHelp(
      "The file has numbers and no header: their type, \(Parse.rawTypes), or NumPy's word, such as >f4.",
      valueName: "type"),
    completion: .list(RawLayout.types.map(\.0)), transform: Parse.rawType)
  var rawType: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Of such a file the shape of an example: its columns, such as 784; height x width of a picture, 28x28; or with "
        + "channels behind, 32x32x3.", valueName: "shape"),
    transform: Parse.exampleShape)
  var rawShape: [Int]?

  @Option(
    name: .long,
    help: ArgumentHelp("Of such a file the bytes before the first number (default: 0).", valueName: "number"),
    transform: Parse.byteCount)
  var rawOffset: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where numbers are while a model looks at them: \(Parse.names(DataReading.Storage.self)) (default: auto, in the "
        + "file where an array is beyond 256 MiB).", valueName: "name"),
    completion: .choices(DataReading.Storage.self), transform: Parse.choice)
  var storage: DataReading.Storage?

  /// The options that were given, by name.
  var given: [String] {
    [
      ("label-column", labelColumn != nil), ("id-column", idColumn != nil), ("missing", missing != nil),
      ("unseen", unseen != nil), ("delimiter", delimiter != nil), ("decimal-comma", decimalComma == true),
      ("no-decimal-comma", decimalComma == false), ("header", header != nil), ("array", array != nil),
      ("label-array", labelArray != nil), ("raw-type", rawType != nil), ("raw-shape", rawShape != nil),
      ("raw-offset", rawOffset != nil), ("storage", storage != nil),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  func validate() throws {
    guard (rawType == nil) == (rawShape == nil) else {
      throw ValidationError(
        "--raw-type and --raw-shape: expected both or neither, found --\(rawType != nil ? "raw-type" : "raw-shape") alone"
      )
    }
    if rawOffset != nil, rawType == nil {
      throw ValidationError("--raw-offset: expected with --raw-type and --raw-shape, found without them")
    }
    if rawType != nil, raw == nil {
      throw ValidationError("--raw-shape: expected an example whose bytes can be counted, found one of too many")
    }
  }

  /// How numbers without a header lie.
  private var raw: RawLayout? {
    guard let rawType, let rawShape else { return nil }
    return RawLayout(type: rawType, shape: rawShape, start: rawOffset ?? 0)
  }

  /// Puts what was given in the place of what `reading` has.
  func apply(to reading: inout DataReading) {
    reading.labelColumn = labelColumn ?? reading.labelColumn
    reading.idColumn = idColumn ?? reading.idColumn
    reading.format.missing = missing ?? reading.format.missing
    if let unseen { (reading.takesUnknownTexts, reading.optionOfTexts) = (unseen == .other, "--unseen") }
    reading.format.delimiter = delimiter ?? reading.format.delimiter
    reading.format.hasDecimalComma = decimalComma ?? reading.format.hasDecimalComma
    if let header { reading.format.hasHeader = header == .automatic ? nil : header == .yes }
    reading.array = array ?? reading.array
    reading.labelArray = labelArray ?? reading.labelArray
    reading.raw = raw ?? reading.raw
    reading.storage = storage ?? reading.storage
  }

  /// "missing" is what "other" was called.
  @Sendable private static func unseen(_ text: String) throws -> Unseen {
    text == "missing" ? .other : try Parse.choice(text)
  }
}
