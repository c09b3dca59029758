import ArgumentParser
import VAEKernels
import VAEReport
import VAETrainer

/// `vae-train sample`.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw latents from the prior, N(0, I), or near a class, and show what they decode to.",
    usage: "vae-train sample <run> [<options>]",
    discussion: """
      Of a model of pictures a grid of them. Of a model of a table new rows, --count of them, in its columns, units and \
      categories, as CSV; one that was trained with --conditions draws them for the values of --given.
      """)

  @OptionGroup var saved: SavedModelOptions

  @Option(
    name: .long, help: ArgumentHelp("Rows of pictures (default: 8).", valueName: "count"), transform: Parse.gridSize)
  var rows: Int?

  @Option(
    name: .long, help: ArgumentHelp("Pictures in a row (default: 12).", valueName: "count"), transform: Parse.gridSize)
  var columns: Int?

  @Option(
    name: .long, help: ArgumentHelp("Key of the draws (default: the run's).", valueName: "number"),
    transform: Parse.seed)
  var seed: UInt64?

  @OptionGroup var labels: LabelOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Of pictures, where the model is not told classes: draw from a Gaussian fitted to the encoded training examples of "
        + "this class, by name, or where classes have none by number.",
      valueName: "class"))
  var nearLabel: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "For --near-label, and what --given leaves out: where the training examples are (default: the run's).",
      valueName: "path"),
    completion: .file(), transform: Parse.path)
  var data: String?

  @Flag(name: .long, help: "Draw pixels too, in place of showing the mean of each.")
  var drawPixels = false

  @Option(
    name: .long, help: ArgumentHelp("Of a table: rows to draw (default: 100).", valueName: "count"),
    transform: Parse.wholeNumber)
  var count: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Of a table: what the model is told, such as 'age=40, city=\"New, York\"' (default: as a training row has it).",
      valueName: "values"))
  var given: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    let saved = try saved.load()
    if let coding = saved.data.coding, coding.featureCount > 0 {
      try ModelKind.table.refuse([
        ("rows", rows != nil), ("columns", columns != nil), ("draw-pixels", drawPixels),
        ("near-label", nearLabel != nil),
      ])
      if data != nil, !coding.columns.contains(where: { $0.role == .condition }) {
        throw ValidationError("--data: expected with a model that is told columns, found one that is told none")
      }
      return try sampleRows(of: saved, coding)
    }
    try saved.kind.refuse([("count", count != nil), ("given", given != nil)])
    if data != nil && nearLabel == nil {
      throw ValidationError("--data: expected with --near-label alone, found without it")
    }
    let (rows, columns) = (rows ?? 8, columns ?? 12)
    let file = try picture.file(named: "samples.png")
    try file.check(keeping: [data], of: saved)
    let shape = try saved.pictureShape()
    try PictureLimit.check(rows * columns, of: shape, option: "--rows, --columns")
    let pictures = ModelPictures(saved.model, shape: shape)
    let label = try labels.label(for: saved)
    let count = rows * columns
    let latents: [Float]
    let source: String
    if let nearLabel {
      latents = try codes(near: nearLabel, of: saved).draws(count, seed: seed ?? saved.seed)
      source = "a Gaussian fitted to the codes of class \(nearLabel)"
    } else {
      latents = pictures.priorDraws(count, seed: seed ?? saved.seed)
      let isVariational = saved.model.architecture.isVariational
      source = isVariational ? "the prior" : "N(0, I), which an autoencoder's code need not be of"
    }
    let image = pictures.decoded(
      latents, columns: columns, label: label, drawingPixels: drawPixels ? seed ?? saved.seed : nil)
    try file.write(image, showing: "\(count.counted("draw")) from \(source)")
  }

  func validate() throws {
    if threads.threads != nil && nearLabel == nil {
      throw ValidationError("--threads: expected with --near-label alone, found without it")
    }
    if labels.label != nil && nearLabel != nil {
      throw ValidationError("--near-label: expected without --label, found both")
    }
  }

  /// The codes of the training examples of a class.
  private func codes(near label: String, of saved: SavedModel) throws -> ClassGaussian {
    guard saved.model.architecture.labelCount == 0 else {
      throw ValidationError(
        "--near-label: expected with a model that is told no classes, found one that is; try --label")
    }
    let dataset = try saved.dataset(.train, path: data)
    guard let all = dataset.labels else {
      throw ValidationError("--near-label: expected training examples with labels, found none in \(dataset.name)")
    }
    let classes = KnownClasses(known: Set(all).sorted(), names: dataset.classNames)
    guard let known = classes.label(label) else {
      throw ValidationError("--near-label: expected one of the classes \(classes.list), found \(classes.found(label))")
    }
    let indices = all.indices.filter { all[$0] == known }
    let evaluator = Evaluator(
      saved.model, binarization: saved.binarization, seed: saved.seed, team: try threads.team())
    do {
      return try ClassGaussian(
        codes: evaluator.encode(dataset.subset(indices)).mean, latentCount: saved.model.architecture.latentCount)
    } catch let error as ClassGaussianError {
      throw ValidationError("--near-label \(label): \(error)")
    }
  }
}
