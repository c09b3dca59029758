import ArgumentParser
import VAEData
import VAEReport

/// `vae-train manifold`.
struct Manifold: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Walk through two latent dimensions in equal steps of probability.",
    usage: "vae-train manifold <run> [<options>]",
    discussion: """
      The latents are the inverse Gaussian CDF of an even grid, so that each picture stands for as much of the prior \
      as any other. Dimensions beyond the two are 0.
      """)

  @OptionGroup var saved: SavedModelOptions

  @Option(
    name: .long, help: ArgumentHelp("Pictures along each side (default: 20).", valueName: "count"),
    transform: Parse.gridSize)
  var size = 20

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The dimensions that grow to the right and upwards, counted from 0 (default: 0,1).", valueName: "two"),
    transform: Parse.dimensions)
  var dimensions: [Int]?

  @OptionGroup var labels: LabelOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    let file = try picture.file(named: "manifold.png")
    let saved = try saved.load()
    try file.check(of: saved)
    let shape = try saved.pictureShape(
      instead: "decode makes rows of latents of your own, and report a page to walk through them")
    let latentCount = saved.model.architecture.latentCount
    guard latentCount >= 2 else {
      throw DataError(path: saved.path, expected: "a model of two latent dimensions or more", found: "\(latentCount)")
    }
    let dimensions = dimensions ?? [0, 1]
    for dimension in dimensions where dimension >= latentCount {
      throw ValidationError("--dimensions: expected 0 to \(latentCount - 1), found \(dimension)")
    }
    try PictureLimit.check(size * size, of: shape, option: "--size")
    let image = ModelPictures(saved.model, shape: shape)
      .manifold(size: size, horizontal: dimensions[0], vertical: dimensions[1], label: try labels.label(for: saved))
    try file.write(
      image, showing: "latent dimensions \(dimensions[0]) (to the right) and \(dimensions[1]) (upwards)")
  }
}
