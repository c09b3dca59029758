import ArgumentParser
import VAEReport

/// `vae-train sample`.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw latents from the prior, N(0, I), and show what they decode to.",
    usage: "vae-train sample <run> [<options>]")

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var grid: GridOptions

  @Option(
    name: .long, help: ArgumentHelp("Key of the draws (default: the run's).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64?

  @OptionGroup var labels: LabelOptions

  @Flag(name: .long, help: "Draw pixels too, in place of showing the mean of each.")
  var drawPixels = false

  @OptionGroup var picture: PictureOptions

  func run() throws {
    let file = try picture.file(named: "samples.png")
    let saved = try saved.load()
    let shape = try saved.pictureShape()
    try PictureLimit.check(grid.rows * grid.columns, of: shape, option: "--rows, --columns")
    let image = try ModelPictures(saved.model, shape: shape)
      .samples(
        rows: grid.rows, columns: grid.columns, seed: seed ?? saved.seed, label: labels.label(for: saved),
        drawingPixels: drawPixels)
    let source =
      saved.model.architecture.model == .vae ? "the prior" : "N(0, I), which an autoencoder's code need not be of"
    try file.write(image, showing: "\(grid.rows * grid.columns) draws from \(source)")
  }
}
