import VAEData
import VAEKernels
import VAETrainer

/// A preset whose outcome was published: what was, and how near is near enough.
struct Reproduction {
  /// Of the preset.
  let name: String
  let summary: String
  /// Of training on two cores, in words.
  let time: String
  /// What is measured at the end.
  let figure: Figure
  let published: String
  /// The figure that counts as reproduced.
  let accepted: ClosedRange<Double>?
  let architecture: Architecture
  var training: TrainingOptions

  /// What is compared, of the test set in nats.
  enum Figure {
    /// The negative ELBO, one draw an example.
    case negativeELBO
    /// −log p(x) from 5,000 samples, and active units.
    case logLikelihood
    /// The reconstruction loss of a pixel.
    case reconstructionOfAPixel
    /// How far log p(x) of the training set is from that of probabilistic PCA, as a share of it.
    case distanceFromPPCA
  }

  /// Which objective `iwae-mnist` is to be trained with.
  enum Bound: String, CaseIterable {
    case vae, iwae
  }

  static let names = ["pytorch-example", "dense-2d", "autoencoder-32", "linear-ppca", "iwae-mnist"]
  /// The stages of the schedule of `iwae-mnist`.
  static let stageCount = LearningRateSchedule.stagesOfBurda.starts.count - 1

  private init(
    _ name: String, _ summary: String, time: String, _ figure: Figure, published: String, accepted: ClosedRange<Double>?
  ) throws {
    guard let preset = Preset.named(name) else { preconditionFailure("no preset \(name)") }
    self.name = name
    self.summary = summary
    self.time = time
    self.figure = figure
    self.published = published
    self.accepted = accepted
    architecture = try preset.architecture(inputCount: 784)
    training = try preset.training()
  }

  /// By name; the last three arguments are for `iwae-mnist` alone.
  static func named(_ name: String, samples: Int, bound: Bound, stages: Int) throws -> Reproduction? {
    switch name {
    // The test loss after epoch 10 in two published logs of it.
    case "pytorch-example":
      try Reproduction(
        name, "784–400–20–400–784, relu, batch 128, Adam 1e-3, 10 epochs, grey pixels", time: "20 seconds",
        .negativeELBO, published: "105.56 and 105.59 nats (two logs)", accepted: 0...106.3)
    case "dense-2d":
      try Reproduction(
        name, "784–200–2–200–784, relu, batch 100, Adam 1e-3, 50 epochs, grey pixels", time: "half a minute",
        .negativeELBO, published: "176.3, 158.0, 154.7, 152.3 nats after epochs 1, 10, 20, 50", accepted: 0...151.5)
    case "autoencoder-32":
      try Reproduction(
        name, "autoencoder 784–32–784, relu code, batch 256, Adam 1e-3, 50 epochs, grey pixels",
        time: "a quarter of a minute", .reconstructionOfAPixel, published: "0.09 nats a pixel", accepted: 0...0.095)
    case "linear-ppca":
      try Reproduction(
        name,
        "linear 784–10–784, one learned variance, batch 100, Adam 1e-3 falling by a cosine, 30 epochs, grey pixels",
        time: "ten seconds", .distanceFromPPCA, published: "the maximum likelihood of probabilistic PCA, exactly",
        accepted: 0...0.005)
    case "iwae-mnist": try iwaeMNIST(samples: samples, bound: bound, stages: stages)
    default: nil
    }
  }

  private static func iwaeMNIST(samples: Int, bound: Bound, stages: Int) throws -> Reproduction {
    let published: [Bound: [Int: String]] = [
      .vae: [1: "86.76", 5: "86.47", 50: "86.35"], .iwae: [1: "86.76", 5: "85.54", 50: "84.78"],
    ]
    let figure = published[bound]?[samples].map { "\($0) nats" } ?? "nothing for K = \(samples)"
    let isWholeSchedule = stages == stageCount
    let epochs = LearningRateSchedule.stagesOfBurda.starts[stages]
    var reproduction = try Reproduction(
      "iwae-mnist",
      "784–200–200–50–200–200–784, tanh, batch 20, pixels drawn every epoch, \(bound.rawValue), K = \(samples), "
        + "\(epochs) epochs in \(stages) stages",
      time: "1.2 s an epoch at K = 1, 0.4 s more for every further sample", .logLikelihood,
      published: figure + (isWholeSchedule ? "" : ", after all 8 stages"),
      accepted: isWholeSchedule && samples == 1 ? 86.0...87.3 : nil)
    // The schedule stays that of all stages, so that a run of some can go on to the others.
    reproduction.training.epochs = epochs
    reproduction.training.objective = bound == .iwae ? IWAE(samples: samples) : ELBO(samples: samples)
    return reproduction
  }
}
