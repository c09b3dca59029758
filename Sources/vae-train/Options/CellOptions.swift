import ArgumentParser
import VAEData

/// Which matrix of a file of cells is meant: of that of a run, and of others.
struct CellFileOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("The matrix of a file of cells: X, layers/NAME or raw/X (default: X).", valueName: "path"))
  var matrix: String?

  @Option(name: .long, help: ArgumentHelp("The genome of a 10x file with several.", valueName: "name"))
  var genome: String?

  /// The options that were given, by name.
  var given: [String] { [("matrix", matrix != nil), ("genome", genome != nil)].compactMap { $0.1 ? $0.0 : nil } }

  /// Puts what was given in the place of what `reading` has.
  func apply(to reading: inout DataReading) {
    reading.cells.matrix = matrix ?? reading.cells.matrix
    reading.cells.genome = genome ?? reading.cells.genome
  }
}

/// Which matrix, cells and genes of a file of cells a run is of, and what its model is told of them.
struct CellOptions: ParsableArguments {
  @OptionGroup var file: CellFileOptions

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
    help: ArgumentHelp(
      "Column of what is known of the cells with the exposure of each, a positive number such as a library size (default: what was counted of its genes).",
      valueName: "name"))
  var exposureColumn: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Column of the genes that says which are kept, such as highly_variable.", valueName: "name"))
  var geneColumn: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Keep so many genes, those that differ most between cells, of each batch where there are some (default: all).",
      valueName: "count"),
    transform: Parse.wholeNumber)
  var topFeatures: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "By what they are said to differ: \(Parse.names(CellReading.GeneSelection.self)) (default: seurat_v3).",
      valueName: "name"),
    completion: .choices(CellReading.GeneSelection.self), transform: Parse.choice)
  var featureSelection: CellReading.GeneSelection?

  @Option(
    name: .long, help: ArgumentHelp("Leave out cells with less counted in all (default: 0).", valueName: "count"),
    transform: Parse.wholeNumber)
  var minCounts: Int?

  @Option(
    name: .long, help: ArgumentHelp("Leave out genes seen in fewer cells (default: 0).", valueName: "count"),
    transform: Parse.wholeNumber)
  var minCells: Int?

  func validate() throws {
    if let topFeatures, topFeatures < 1 {
      throw ValidationError("--top-features: expected 1 or more, found \(topFeatures)")
    }
    if featureSelection != nil, topFeatures == nil {
      throw ValidationError("--feature-selection: expected with --top-features, found without it")
    }
    for (name, value) in [("min-counts", minCounts), ("min-cells", minCells)] {
      if let value, value < 0 { throw ValidationError("--\(name): expected 0 or more, found \(value)") }
    }
  }

  /// The options that were given, by name.
  var given: [String] {
    file.given
      + [
        ("batch-column", batchColumn != nil),
        ("covariates", covariates != nil), ("exposure-column", exposureColumn != nil),
        ("gene-column", geneColumn != nil),
        ("top-features", topFeatures != nil), ("feature-selection", featureSelection != nil),
        ("min-counts", minCounts != nil),
        ("min-cells", minCells != nil),
      ].compactMap { $0.1 ? $0.0 : nil }
  }

  /// Puts what was given in the place of what `reading` has.
  func apply(to reading: inout DataReading) {
    file.apply(to: &reading)
    reading.cells.topGenes = topFeatures ?? reading.cells.topGenes
    reading.cells.geneSelection = featureSelection ?? reading.cells.geneSelection
    reading.cells.geneColumn = geneColumn ?? reading.cells.geneColumn
    reading.cells.leastCounts = minCounts ?? reading.cells.leastCounts
    reading.cells.leastCells = minCells ?? reading.cells.leastCells
    reading.cells.exposureColumn = exposureColumn ?? reading.cells.exposureColumn
    let told = (batchColumn.map { [$0] } ?? []) + (covariates ?? []).filter { $0 != batchColumn }
    if !told.isEmpty { reading.cells.told = told }
    reading.cells.batchColumn = batchColumn ?? reading.cells.batchColumn
  }
}
