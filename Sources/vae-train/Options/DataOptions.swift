import ArgumentParser
import VAECells
import VAEData
import VAEPictures
import VAETrainer

/// Where examples come from.
struct DataOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "A table (CSV, TSV), an array (NPY, NPZ), a matrix (.mtx, svmlight), cells (.h5ad, 10x, loom), a folder of pictures, IDX "
        + "files as MNIST has them; plain or .gz; 'part-*.csv' for several, - for standard input (default: generated digits).",
      valueName: "path"),
    completion: .file(), transform: Parse.path)
  var data: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Share of a single file held out as the test set (default: 0.1).", valueName: "share"),
    transform: Parse.share)
  var testFraction: Double?

  /// What there may be at a path.
  static let formats: [any DataFormat] = [CellFormat(), PictureFolderFormat()] + DataFormats.standard

  /// The path, for a run that may be resumed from another folder.
  var absolutePath: String? { data.map(Self.absolute) }

  /// A path from the root; standard input is itself.
  static func absolute(_ path: String) -> String { path == "-" ? path : Path.absolute(path) }

  /// Throws where a `testFraction` was asked for of data that have a test set of their own.
  static func check(testFraction: Double?, of data: RunConfiguration.Data) throws {
    guard testFraction != nil, try !data.source(seed: 0, formats: formats).isDivided() else { return }
    let found =
      data.reading.testPath.map { "--test-data \($0)" } ?? data.reading.splitColumn.map { "--split-column \($0)" }
      ?? data.path.map { "the folder \($0)" } ?? "generated digits"
    throw ValidationError(
      "--test-fraction: expected with a single file of examples, found with \(found), where a test set stands apart")
  }
}
