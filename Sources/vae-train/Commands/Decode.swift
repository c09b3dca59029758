import ArgumentParser
import Foundation
import VAEData
import VAEReport

/// `vae-train decode`.
struct Decode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what latents of your own decode to.",
    usage: "vae-train decode <run> --latents <file> [<options>]",
    discussion: """
      FILE.csv has a row for each latent and a column for each of its L numbers, or columns mean_0 and so on among \
      others, as "encode" writes them. FILE.npy is an array [count, L], or [count, 2 L] as "encode" writes it.
      """)

  @OptionGroup var saved: SavedModelOptions

  @Option(
    name: .long, help: ArgumentHelp("What to read: a .csv or .npy file.", valueName: "file"),
    completion: .file(extensions: ["csv", "npy"]), transform: Parse.path)
  var latents: String

  @Option(
    name: .long, help: ArgumentHelp("Pictures in a row (default: as many as rows).", valueName: "count"),
    transform: Parse.gridSize)
  var columns: Int?

  @OptionGroup var labels: LabelOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    let file = try picture.file(named: "decoded.png")
    let saved = try saved.load()
    let shape = try saved.pictureShape()
    let latentCount = saved.model.architecture.latentCount
    let values = try LatentFile.read(latents, latentCount: latentCount)
    let count = values.count / latentCount
    let columns = columns ?? Int(Double(count).squareRoot().rounded(.up))
    let rows = (count + columns - 1) / columns
    try PictureLimit.check(rows * columns, of: shape, option: "--latents \(latents)")
    let image = ModelPictures(saved.model, shape: shape).decoded(
      values, columns: columns, label: try labels.label(for: saved))
    try file.write(image, showing: "\(count) latents")
  }
}
