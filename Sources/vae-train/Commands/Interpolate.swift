import ArgumentParser
import VAEKernels
import VAEReport

/// `vae-train interpolate`.
struct Interpolate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Walk from one example to another, through the latent space.",
    usage: "vae-train interpolate <run> [<options>]",
    discussion: """
      A row for each pair of the set's first examples, of two classes where it has labels: the one, what is decoded along \
      the straight line between their posterior means, and the other. Where the model is told classes, both are of one.
      """)

  @OptionGroup var saved: SavedModelOptions
  @OptionGroup var data: EvaluationDataOptions

  @Option(
    name: .long, help: ArgumentHelp("Pairs of examples (default: 8).", valueName: "count"), transform: Parse.gridSize)
  var rows = 8

  @Option(
    name: .long, help: ArgumentHelp("Pictures between the two (default: 10).", valueName: "count"),
    transform: Parse.gridSize)
  var steps = 10

  @OptionGroup var picture: PictureOptions

  func validate() throws {
    if steps < 2 { throw ValidationError("--steps: expected 2 or more, found \(steps)") }
  }

  func run() throws {
    let file = try picture.file(named: "interpolations.png")
    let saved = try saved.load()
    try file.check(keeping: data.inputs, of: saved)
    let shape = try saved.pictureShape(
      instead: "encode two rows, and decode makes rows of the latents between them")
    try PictureLimit.check(rows * (steps + 2), of: shape, option: "--rows, --steps")
    let dataset = try data.load(for: saved)
    let image = ModelPictures(saved.model, shape: shape).interpolations(
      between: dataset, binarization: saved.binarization, seed: data.seed ?? saved.seed, rows: rows, steps: steps)
    // Fewer than were asked for where there are not as many examples.
    let pairs = max(1, min(rows, dataset.count / 2))
    try file.write(
      image, showing: "the way between the examples of \(pairs.counted("pair")) in \(steps.counted("step"))")
  }
}
