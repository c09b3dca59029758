import ArgumentParser
import VAEData

/// Which rows are held out, where it is not a share of them, drawn one by one. Each option is one way, and excludes the
/// others.
struct DivisionOptions: ParsableArguments {
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

  /// The options that were given, by name.
  var given: [String] {
    [
      ("test-data", testData != nil), ("split-column", splitColumn != nil), ("group-column", groupColumn != nil),
      ("stratify", stratify),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  func validate() throws {
    guard given.count > 1 else { return }
    throw ValidationError(
      "--\(given[1]): expected without --\(given[0]), which says too what is held out, found both; leave one of them out"
    )
  }

  /// Puts what was given in the place of what `reading` has.
  func apply(to reading: inout DataReading) {
    reading.testPath = testData.map(DataOptions.absolute) ?? reading.testPath
    reading.splitColumn = splitColumn ?? reading.splitColumn
    reading.groupColumn = groupColumn ?? reading.groupColumn
    reading.isStratified = stratify || reading.isStratified
  }

  /// The same where `reading` is a run's own. Throws where the run divides its data in another way.
  func apply(toRun reading: inout DataReading) throws {
    let own = [
      ("test-data", reading.testPath != nil), ("split-column", reading.splitColumn != nil),
      ("group-column", reading.groupColumn != nil), ("stratify", reading.isStratified),
    ].first { $0.1 }?.0
    if let own, let option = given.first, option != own {
      throw ValidationError(
        "--\(option): expected without --\(own), with which the run was trained, found both; --set all takes all rows")
    }
    apply(to: &reading)
  }
}
