import ArgumentParser
import VAEData

/// Which columns of a table are modelled, and as what. A saved model knows its own.
struct ColumnOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Columns to keep, with commas between; * stands for any text.", valueName: "names"),
    transform: Parse.columnNames)
  var columns: [String]?

  @Option(
    name: .long, help: ArgumentHelp("Columns to leave out.", valueName: "names"), transform: Parse.columnNames)
  var exclude: [String]?

  @Option(
    name: .long, help: ArgumentHelp("Columns that are categories, though they hold numbers.", valueName: "names"),
    transform: Parse.columnNames)
  var categories: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp("Columns that are counts, under a Poisson likelihood.", valueName: "names"),
    transform: Parse.columnNames)
  var counts: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp("Columns that are numbers, where they would be taken for another kind.", valueName: "names"),
    transform: Parse.columnNames)
  var numbers: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Columns that the model is told, so that sample --given may set them; * as above.", valueName: "names"),
    transform: Parse.columnNames)
  var conditions: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What is done to numbers: \(Parse.names(TableModelling.Scaling.self)) "
        + "(default: auto, which is quantile).", valueName: "name"),
    completion: .choices(TableModelling.Scaling.self), transform: Parse.choice)
  var scaling: TableModelling.Scaling?

  /// The options that were given, by name.
  var given: [String] {
    [
      ("columns", columns != nil), ("exclude", exclude != nil), ("categories", categories != nil),
      ("counts", counts != nil), ("numbers", numbers != nil), ("conditions", conditions != nil),
      ("scaling", scaling != nil),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  /// Puts what was given in the place of what `reading` has.
  func apply(to reading: inout DataReading) {
    if let option = given.first { reading.optionOfTables = "--\(option)" }
    reading.columns = columns ?? reading.columns
    reading.excluded = exclude ?? reading.excluded
    reading.modelling.categories = categories ?? reading.modelling.categories
    reading.modelling.counts = counts ?? reading.modelling.counts
    reading.modelling.numbers = numbers ?? reading.modelling.numbers
    reading.modelling.conditions = conditions ?? reading.modelling.conditions
    reading.modelling.scaling = scaling ?? reading.modelling.scaling
  }
}
