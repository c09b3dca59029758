import VAEData
import VAEKernels

/// What `inspect --json` prints. The names of its members are a contract.
struct SummaryJSON: Encodable {
  private let path: String?
  private let format: String
  private let kind: String
  private let rows: Int
  private let columns: Int
  private let stored: Int?
  private let storedShare: Double?
  private let image: Image?
  private let lowest: Float?
  private let highest: Float?
  private let training: Int
  private let test: Int
  private let validation: Int
  private let heldOut: String
  private let classes: [Class]?
  private let beside: [String: [String]]?
  private let ids: [String]?
  private let likelihood: String?
  private let model: String?
  private let columnDetails: [Column]
  private let remarks: [String]
  private let warnings: [String]

  private struct Image: Encodable {
    let width: Int
    let height: Int
    let channels: Int
    let bytes: Bool
  }

  private struct Class: Encodable {
    let name: String
    let rows: Int
  }

  private struct Level: Encodable {
    let value: String
    let share: Double
  }

  private struct Column: Encodable {
    let name: String
    let kind: String
    let missing: Int
    let missingShare: Double
    let lowest: Float?
    let highest: Float?
    let mean: Double?
    let standardDeviation: Double?
    let levelCount: Int?
    let levels: [Level]?
    let usual: Level?
    let becomes: String
    let fault: String?
    let firstRows: [String]
  }

  init(_ summary: DataSummary, _ architecture: Architecture?) {
    (path, format, kind) = (summary.path, summary.format, summary.kind.rawValue)
    (rows, columns) = (summary.rowCount, summary.columnCount)
    (stored, storedShare) = (summary.stored, summary.storedShare)
    image = summary.imageShape.map {
      Image(width: $0.width, height: $0.height, channels: $0.channels, bytes: summary.isBytes)
    }
    (lowest, highest) = (Self.finite(summary.range?.lowerBound), Self.finite(summary.range?.upperBound))
    (training, test) = (summary.division.train, summary.division.test)
    (validation, heldOut) = (summary.division.validation, summary.division.words)
    classes = summary.classes.isEmpty ? nil : summary.classes.map { Class(name: $0.name, rows: $0.count) }
    beside =
      summary.beside.isEmpty
      ? nil
      : Dictionary(uniqueKeysWithValues: summary.beside.map { ($0.name.replacing(" ", with: "_"), $0.items) })
    ids = summary.ids
    likelihood = architecture.map { "\($0.likelihood)" }
    model = architecture.map { $0.kind + $0.shape }
    columnDetails = summary.columns.map { column in
      Column(
        name: column.name, kind: column.kind.rawValue, missing: column.missing, missingShare: column.missingShare,
        lowest: Self.finite(column.range?.lowerBound), highest: Self.finite(column.range?.upperBound),
        mean: column.mean.flatMap { $0.isFinite ? $0 : nil },
        standardDeviation: column.standardDeviation.flatMap { $0.isFinite ? $0 : nil }, levelCount: column.levelCount,
        levels: column.levels.isEmpty ? nil : column.levels.map { Level(value: $0.text, share: $0.share) },
        usual: column.usual.map { Level(value: $0.text, share: $0.share) }, becomes: column.treatment,
        fault: column.fault.map { "expected \($0.expected), found \($0.found)" },
        firstRows: column.firstCells)
    }
    (remarks, warnings) = (summary.remarks, summary.warnings)
  }

  /// JSON has no infinity.
  private static func finite(_ number: Float?) -> Float? { number.flatMap { $0.isFinite ? $0 : nil } }
}
