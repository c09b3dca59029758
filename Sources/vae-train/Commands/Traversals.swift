import ArgumentParser
import VAEReport
import VAETrainer

/// `vae-train traversals`.
struct Traversals: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what each active latent dimension does.",
    usage: "vae-train traversals <run> [<options>]",
    discussion: """
      A row for each active dimension, the one of largest KL on top: it goes from −3 to 3 standard deviations of the \
      prior, the others are 0. An autoencoder's codes are no draws from the prior: there it is the mean and the \
      deviations of the set's codes.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions

  @Option(
    name: .long, help: ArgumentHelp("Dimensions at most (default: 32).", valueName: "count"),
    transform: Parse.gridSize)
  var rows = 32

  @OptionGroup var labels: LabelOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    let file = try picture.file(named: "traversals.png")
    let saved = try saved.load()
    try file.check(keeping: data.inputs, of: saved)
    let shape = try saved.pictureShape(
      instead: "report makes a page with a slider for each latent dimension")
    let latentCount = saved.model.architecture.latentCount
    try PictureLimit.check(min(rows, latentCount) * ModelPictures.traversalSteps, of: shape, option: "--rows")
    let posterior = try data.evaluator(of: saved, threads: threads).encode(try data.load(for: saved))
    let use = LatentUse(mean: posterior.mean, logVariance: posterior.logVariance, latentCount: latentCount)
    let image = ModelPictures(saved.model, shape: shape).traversals(
      of: use, codes: posterior.mean, atMost: rows, label: try labels.label(for: saved))
    let shown = Array((use.activeDimensions.isEmpty ? use.dimensionsByUse : use.activeDimensions).prefix(rows))
    try file.write(
      image, showing: "latent dimension\(shown.count == 1 ? "" : "s") \(shown.map(String.init).joined(separator: ", "))"
    )
  }
}
