import ArgumentParser
import VAEKernels
import VAEReport

/// `vae-train reconstruct`.
struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show examples, their reconstructions and the difference.",
    usage: "vae-train reconstruct <run> [<options>]",
    discussion: """
      The set's first examples, as the model is shown them, below each what the model makes of its posterior mean, and \
      below that the difference: of grey images blue where the reconstruction is brighter, vermilion where it is darker.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Rows of examples, each above its reconstructions and differences (default: 4).", valueName: "count"),
    transform: Parse.gridSize)
  var rows = 4

  @Option(
    name: .long, help: ArgumentHelp("Pictures in a row (default: 12).", valueName: "count"), transform: Parse.gridSize)
  var columns = 12

  @OptionGroup var picture: PictureOptions

  func run() throws {
    let file = try picture.file(named: "reconstructions.png")
    let saved = try saved.load()
    let shape = try saved.pictureShape()
    try PictureLimit.check(3 * rows * columns, of: shape, option: "--rows, --columns")
    let dataset = try data.load(for: saved)
    let image = ModelPictures(saved.model, shape: shape).reconstructions(
      of: dataset, binarization: saved.binarization, seed: data.seed ?? saved.seed, rows: rows, columns: columns)
    let count = min(rows * columns, dataset.count)
    try file.write(
      image, showing: "\(count.counted("example")) and \(count == 1 ? "its reconstruction" : "their reconstructions")")
  }
}
