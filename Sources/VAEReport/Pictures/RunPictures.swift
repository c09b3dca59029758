import VAEData
import VAEKernels
import VAETrainer

/// The pictures in the folder `images/` of a run.
public enum RunPictures {
  /// What pictures are drawn of.
  public struct Subject {
    /// The model.
    public var model: VariationalAutoencoder
    /// How an example lies on a picture, where the data are images.
    public var imageShape: ImageShape?
    /// The examples shown; nil or empty where there are none, and then so are the pictures that need them.
    public var test: Dataset?
    /// The epochs so far.
    public var metrics: [EpochMetrics]
    /// How examples are shown to the model.
    public var binarization: Binarization
    /// Of the draws.
    public var seed: UInt64
    /// The threads that encode.
    public var team: ThreadTeam

    /// A model and what is known of its run.
    public init(
      _ model: VariationalAutoencoder, imageShape: ImageShape?, test: Dataset?, metrics: [EpochMetrics] = [],
      binarization: Binarization = .none, seed: UInt64 = 0, team: ThreadTeam
    ) {
      self.model = model
      self.imageShape = imageShape
      self.test = test
      self.metrics = metrics
      self.binarization = binarization
      self.seed = seed
      self.team = team
    }

    /// The model of a trainer, as it is now.
    public init(_ trainer: Trainer, metrics: [EpochMetrics]) {
      self.init(
        trainer.model, imageShape: trainer.test.imageShape, test: trainer.test, metrics: metrics,
        binarization: trainer.options.binarization, seed: trainer.options.seed, team: trainer.team)
    }
  }

  /// Draws what makes sense for a run's model and data, over what is there of the same names, and returns the paths.
  ///
  /// Throws `FileError` where a file cannot be written, and `PlotError` or `PNGError` where a picture cannot be drawn.
  public static func write(_ subject: Subject, to folder: String) throws -> [String] {
    try Folder.create(at: folder)
    let codes = Codes(of: subject)
    return try writePlots(of: subject, codes, to: folder) + writeGrids(of: subject, codes, to: folder)
  }

  /// Draws the plots alone: `latent-space`, `loss-curves`, `latent-kl` and of a table `column-histograms`, each as PNG and
  /// SVG.
  public static func writePlots(of subject: Subject, to folder: String) throws -> [String] {
    try Folder.create(at: folder)
    return try writePlots(of: subject, Codes(of: subject), to: folder)
  }

  /// What the encoder makes of the test set, or of 10,000 of its examples.
  struct Codes {
    let mean: [Float]
    let use: LatentUse
    /// The class of each.
    let labels: [Int]?

    /// Nil without examples.
    init?(of subject: Subject) {
      guard let all = subject.test, all.count > 0 else { return nil }
      let test = all.shown()
      let evaluator = Evaluator(
        subject.model, binarization: subject.binarization, seed: subject.seed, team: subject.team)
      let posterior = evaluator.encode(test)
      mean = posterior.mean
      labels = test.labels?.map { Int($0) }
      use = LatentUse(
        mean: mean, logVariance: posterior.logVariance, latentCount: subject.model.architecture.latentCount)
    }
  }

  private static func writePlots(of subject: Subject, _ codes: Codes?, to folder: String) throws -> [String] {
    let architecture = subject.model.architecture
    var figures: [(String, Figure?)] = [
      ("loss-curves", LossCurvesPlot.figure(subject.metrics))
    ]
    if let codes, let test = subject.test {
      var plot = LatentSpacePlot(
        mean: codes.mean, latentCount: architecture.latentCount, labels: codes.labels, use: codes.use)
      if let names = test.classNames { plot.className = { $0 < names.count ? names[$0] : "\($0)" } }
      figures += [("latent-space", plot.figure()), ("latent-kl", LatentKLPlot.figure(codes.use))]
      if let rows = ModelledRows(subject.model, test, seed: subject.seed) {
        figures.append(("column-histograms", ColumnHistogramsPlot.figure(rows)))
      }
    }
    return try figures.flatMap { name, figure in
      try figure?.write(to: Folder.path(of: name, in: folder)) ?? []
    }
  }

  private static func writeGrids(of subject: Subject, _ codes: Codes?, to folder: String) throws -> [String] {
    guard let shape = subject.imageShape, shape.channels == 1 || shape.channels == 3 else { return [] }
    let pictures = ModelPictures(subject.model, shape: shape)
    let architecture = subject.model.architecture
    let layout = layout(of: shape)
    var images = [("samples", pictures.samples(rows: layout.rows, columns: layout.columns, seed: subject.seed))]
    if let test = subject.test, test.count > 0 {
      let reconstructions = pictures.reconstructions(
        of: test, binarization: subject.binarization, seed: subject.seed,
        rows: max(1, min(layout.rows / 2, layout.most / (9 * layout.columns))),
        columns: min(layout.columns, max(1, layout.most / 9)))
      let interpolations = pictures.interpolations(
        between: test, binarization: subject.binarization, seed: subject.seed, rows: layout.rows,
        steps: max(2, layout.columns - 2))
      images += [("reconstructions", reconstructions), ("interpolations", interpolations)]
    }
    if architecture.latentCount == 2 { images.append(("manifold", pictures.manifold(size: layout.side))) }
    if architecture.latentCount > 2, let codes, codes.use.hasCollapsed != true {
      let rows = max(1, min(maximumTraversals, layout.most / ModelPictures.traversalSteps))
      images.append(("traversals", pictures.traversals(of: codes.use, codes: codes.mean, atMost: rows)))
    }
    return try images.map { name, image in
      let path = Folder.path(of: "\(name).png", in: folder)
      try image.write(to: path)
      return path
    }
  }

  /// As many rows as a person looks through.
  static let maximumTraversals = 32

  /// The rows and columns of a grid, the side of a walk, and the most images in either: 256 MB of floats at most, so that a run on large images does
  /// not end for want of memory.
  static func layout(of shape: ImageShape) -> (rows: Int, columns: Int, side: Int, most: Int) {
    let most = max(2, (1 << 26) / shape.featureCount)
    let columns = min(12, most / 2)
    return (min(8, most / columns), columns, min(20, Int(Double(most).squareRoot())), most)
  }
}
