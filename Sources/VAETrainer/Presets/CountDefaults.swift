import VAEData
import VAEKernels

/// What a model of sparse counts, such as cells, is and how it is trained unless told otherwise.
public enum CountDefaults {
  /// The steps that are trained for, as far as whole epochs allow.
  static let steps = 10_000

  /// Counts on a logarithmic scale into one hidden layer, a latent of ten dimensions, and negative binomial counts out of
  /// another: scVI's shape without its zero inflation, which counts of molecules do not need (Svensson 2020, "Droplet
  /// scRNA-seq is not zero-inflated").
  public static func architecture(of data: Dataset) -> Architecture {
    Architecture(
      inputCount: data.featureCount,
      encoder: [Log1p(), Dense(128), BatchNorm(), Activate(.relu), Dropout(0.1)], latentCount: 10,
      decoder: [Dense(128), BatchNorm(), Activate(.relu)], likelihood: NegativeBinomial())
  }

  /// What a person should be told of a model of counts whose encoder is shown them as they are: a few that are large say
  /// more than all others, and training may diverge. Nil where nothing is to be said.
  public static func advice(on architecture: Architecture) -> String? {
    let shown = architecture.encoder.layers.prefix { $0 is any InputTransform || $0 is Dropout }
    guard architecture.likelihood.sideInputs.contains(.exposure), !architecture.encoder.layers.isEmpty,
      !shown.contains(where: { $0 is any InputTransform })
    else { return nil }
    return
      "the encoder is shown counts as they are; \"log1p\" at its beginning, \"log1p, \(architecture.encoder)\", usually trains better"
  }

  /// Epochs for so many training rows: of few rows no more than make the held-out ELBO better, of many at least five.
  public static func epochs(rows: Int, batchSize: Int) -> Int { min(max(steps * batchSize / max(rows, 1), 5), 100) }

  /// β rises over 1,000 steps, or the first half of the epochs above where these have fewer. Without that the latent is used
  /// less, and cells of a type lie less together: Docs/Cells.md has the figures. It does not depend on how many epochs a run is
  /// asked for, so that one that is resumed for more goes on as one that was asked for all of them at once.
  public static func warmUp(rows: Int, batchSize: Int) -> KLWarmUp {
    let stepsPerEpoch = (max(rows, 1) + batchSize - 1) / batchSize
    let half = Double(epochs(rows: rows, batchSize: batchSize)) / 2
    return KLWarmUp(epochs: min(1000 / Double(stepsPerEpoch), half))
  }
}
