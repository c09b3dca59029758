import ArgumentParser
import VAEData
import VAETrainer

/// Where examples come from.
struct DataOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Folder with the four IDX files of MNIST or a set like it, or one IDX file of images; plain or .gz "
        + "(default: generated digits).", valueName: "path"),
    completion: .file(), transform: Parse.path)
  var data: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Share of a single file held out as the test set (default: 0.1).", valueName: "share"),
    transform: Parse.share)
  var testFraction: Double?

  /// The path, for a run that may be resumed from another folder.
  var absolutePath: String? { data.map(Path.absolute) }

  /// Throws where a `testFraction` was asked for of data that have a test set of their own.
  static func check(testFraction: Double?, of path: String?) throws {
    guard testFraction != nil, try !DataSource(path: path, seed: 0).isDivided() else { return }
    let found = path.map { "the folder \($0)" } ?? "generated digits"
    throw ValidationError(
      "--test-fraction: expected with a single file of examples, found with \(found), where a test set stands apart")
  }
}
