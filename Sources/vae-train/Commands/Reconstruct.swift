import ArgumentParser
import VAEData
import VAEKernels
import VAEReport
import VAETrainer

/// `vae-train reconstruct`.
struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show examples, their reconstructions and the difference.",
    usage: "vae-train reconstruct <run> [<options>]",
    discussion: """
      The set's first examples, as the model is shown them, below each what the model makes of its posterior mean, and \
      below that the difference: of grey images blue where the reconstruction is brighter, vermilion where it is darker. \
      Of a table the rows of the set, or of a file named by --data all of them, as the model makes them of their \
      posterior means, as CSV; id is a row's name, or its number in the data, from 0.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Rows of examples, each above its reconstructions and differences (default: 4).", valueName: "count"),
    transform: Parse.gridSize)
  var rows: Int?

  @Option(
    name: .long, help: ArgumentHelp("Pictures in a row (default: 12).", valueName: "count"), transform: Parse.gridSize)
  var columns: Int?

  @OptionGroup var picture: PictureOptions

  func run() throws {
    let saved = try saved.load()
    if saved.data.coding != nil { return try writeRows(of: saved) }
    let file = try picture.file(named: "reconstructions.png")
    try file.check(keeping: data.inputs, of: saved)
    let shape = try saved.pictureShape()
    let (rows, columns) = (rows ?? 4, columns ?? 12)
    try PictureLimit.check(3 * rows * columns, of: shape, option: "--rows, --columns")
    let dataset = try data.load(for: saved)
    let image = ModelPictures(saved.model, shape: shape).reconstructions(
      of: dataset, binarization: saved.binarization, seed: data.seed ?? saved.seed, rows: rows, columns: columns)
    let count = min(rows * columns, dataset.count)
    try file.write(
      image, showing: "\(count.counted("example")) and \(count == 1 ? "its reconstruction" : "their reconstructions")")
  }

  /// A table's rows, with the names that they have.
  private func writeRows(of saved: SavedModel) throws {
    try ModelKind.table.refuse([("rows", rows != nil), ("columns", columns != nil)])
    let file = try picture.output.map { try OutputFile($0, extensions: ["csv", "tsv"]) }
    try file?.check(keeping: data.inputs, of: saved)
    let dataset = try data.loadRows(for: saved)
    guard let coding = dataset.coding else { preconditionFailure("a table without its coding") }
    let team = try ThreadTeam(count: TrainingOptions().threadCount)
    let evaluator = Evaluator(
      saved.model, binarization: saved.binarization, seed: data.seed ?? saved.seed, team: team)
    let rows = try evaluator.reconstructedRows(of: dataset)
    try TableOutput(file: file).write(
      [("id", dataset.rowNames)] + coding.cells(ofRaw: rows),
      showing: "\(dataset.count.counted("row")) as the model makes them of their latents")
  }
}
