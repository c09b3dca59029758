import ArgumentParser
import VAEData

/// Which matrix, cells and genes of a file of cells a run is of, and what its model is told of them.
struct CellOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("The matrix of a file of cells: X, layers/NAME or raw/X (default: X).", valueName: "path"))
  var matrix: String?

  @Option(name: .long, help: ArgumentHelp("The genome of a 10x file with several.", valueName: "name"))
  var genome: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Column of what is known of the cells, such as a sample, that the decoder is told, so that the latent is free of it.",
      valueName: "name"))
  var batchColumn: String?

  @Option(
    name: .long,
    help: ArgumentHelp("More such columns, of categories or numbers, with commas between.", valueName: "names"),
    transform: Parse.columnNames)
  var covariates: [String]?

  @Option(
    name: .long,
    help: ArgumentHelp("Column of the genes that says which are kept, such as highly_variable.", valueName: "name"))
  var geneColumn: String?

  @Option(
    name: .long, help: ArgumentHelp("Leave out cells with less counted in all (default: 0).", valueName: "count"),
    transform: Parse.wholeNumber)
  var minCounts: Int?

  @Option(
    name: .long, help: ArgumentHelp("Leave out genes seen in fewer cells (default: 0).", valueName: "count"),
    transform: Parse.wholeNumber)
  var minCells: Int?

  func validate() throws {
    for (name, value) in [("min-counts", minCounts), ("min-cells", minCells)] {
      if let value, value < 0 { throw ValidationError("--\(name): expected 0 or more, found \(value)") }
    }
  }

  /// The options that were given, by name.
  var given: [String] {
    [
      ("matrix", matrix != nil), ("genome", genome != nil), ("batch-column", batchColumn != nil),
      ("covariates", covariates != nil), ("gene-column", geneColumn != nil), ("min-counts", minCounts != nil),
      ("min-cells", minCells != nil),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  /// Puts what was given in the place of what `reading` has.
  func apply(to reading: inout DataReading) {
    reading.cells.matrix = matrix ?? reading.cells.matrix
    reading.cells.genome = genome ?? reading.cells.genome
    reading.cells.geneColumn = geneColumn ?? reading.cells.geneColumn
    reading.cells.leastCounts = minCounts ?? reading.cells.leastCounts
    reading.cells.leastCells = minCells ?? reading.cells.leastCells
    let told = (batchColumn.map { [$0] } ?? []) + (covariates ?? []).filter { $0 != batchColumn }
    if !told.isEmpty { reading.cells.told = told }
  }
}
