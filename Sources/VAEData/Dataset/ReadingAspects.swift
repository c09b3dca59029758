/// What of a `DataReading` a format may have a use for, beside what all have.
public struct ReadingAspects: OptionSet, Sendable, Hashable {
  /// A bit for each.
  public let rawValue: UInt16
  /// Those of the bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Which columns are kept, and what they are taken for: of tables in whatever form.
  public static let columns = ReadingAspects(rawValue: 1)
  /// How a table is written down: what stands between its cells, whether its first line has names, what is missing.
  public static let text = ReadingAspects(rawValue: 2)
  /// How pictures in files of their own become examples of one shape.
  public static let pictures = ReadingAspects(rawValue: 4)
  /// Whether rows and columns of pictures change places.
  public static let transposition = ReadingAspects(rawValue: 8)
  /// Which array of an archive is meant.
  public static let archive = ReadingAspects(rawValue: 16)
  /// How numbers without a header lie.
  public static let raw = ReadingAspects(rawValue: 32)
  /// Whether its numbers may stay in their file.
  public static let storage = ReadingAspects(rawValue: 64)
  /// Which matrix, cells and genes.
  public static let cells = ReadingAspects(rawValue: 128)
  /// All of them.
  public static let all: ReadingAspects = [
    .columns, .text, .pictures, .transposition, .archive, .raw, .storage, .cells,
  ]
}

extension DataSource {
  /// What of its `reading` the data, or a test set that lies apart, have a use for, and what the data are called.
  ///
  /// Throws `DataError` where they are of no known format.
  public func heeded() throws -> (aspects: ReadingAspects, name: String) {
    guard let path else { return ([], "generated digits") }
    var aspects: ReadingAspects = reading.pictures.labelTable == nil ? [] : .text
    var names: [String] = []
    for path in [path, reading.testPath].compactMap({ $0 }) {
      // What matches no file is told where it is read.
      guard let first = try PathPattern.expand(path).first else { return (.all, path) }
      let format = try format(of: DataProbe(path: first))
      aspects.formUnion(format.heeded)
      names.append(format.name)
    }
    return (aspects, names[0])
  }
}
