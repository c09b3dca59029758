import ArgumentParser
import VAEData

/// How pictures become examples of one size.
struct PictureReadingOptions: ParsableArguments {
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
      "A table with each picture's class, by its file's name; --id-column and --label-column name the two columns "
        + "(default: the first two). Otherwise folders are classes.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv", "gz"]), transform: Parse.path)
  var labelTable: String?

  /// The options that were given, by name.
  var given: [String] {
    [
      ("image-size", imageSize != nil), ("fit", fit != nil), ("channels", channels != nil),
      ("background", background != nil), ("unreadable", unreadable != nil), ("transpose-images", transposeImages),
      ("label-table", labelTable != nil),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  /// Puts what was given in the place of what `reading` has.
  func apply(to reading: inout DataReading) {
    if let imageSize { (reading.pictures.width, reading.pictures.height) = (imageSize.width, imageSize.height) }
    reading.pictures.fit = fit ?? reading.pictures.fit
    reading.pictures.channels = channels ?? reading.pictures.channels
    reading.pictures.background = background?.parts ?? reading.pictures.background
    reading.pictures.unreadable = unreadable ?? reading.pictures.unreadable
    reading.pictures.labelTable = labelTable.map(Path.absolute) ?? reading.pictures.labelTable
    reading.isTransposed = transposeImages || reading.isTransposed
  }

  // MARK: Parsing

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
