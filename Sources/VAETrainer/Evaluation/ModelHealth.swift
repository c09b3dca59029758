import VAEKernels

/// What a pass over a data set shows of a model's health.
public struct ModelHealth: Sendable, Hashable {
  /// What each latent dimension is used for.
  public var latentUse: LatentUse
  /// The largest |s| of any example and dimension.
  public var largestLogVariance: Float
  /// The share of pixels for which a Bernoulli decoder's probability has rounded to the wrong one of 0 and 1, among some
  /// hundred examples: what it cannot learn from any more, for its sigmoid is flat there.
  public var shareCertainAndWrong: Double
}

/// What is wrong with a run, in a sentence.
public enum HealthWarning: Sendable, Hashable, CustomStringConvertible {
  /// No latent dimension is active.
  case collapsed
  /// A posterior is narrower, or wider, than a Float can tell from a point, or from anything.
  case logVariances(Float)
  /// The decoder is certain of pixels, and wrong.
  case saturated(share: Double)
  /// β is a ratio of dimensions, as where a loss is averaged over some of them and not over others.
  case scaledLoss(klWeight: Float, Scaling)

  /// How other programs come to such a β.
  public enum Scaling: Sendable, Hashable {
    /// The reconstruction averaged over D features, the KL divergence summed: β = D.
    case meanOverFeatures(Int)
    /// The reconstruction summed, the KL divergence averaged over L dimensions: β = 1 / L.
    case meanOverLatents(Int)
    /// Both averaged: β = D / L.
    case meanOverBoth(features: Int, latents: Int)
    /// The KL divergence summed and divided by D: β = 1 / D.
    case dividedByFeatures(Int)
  }

  /// One sentence, for a person.
  public var description: String {
    switch self {
    case .collapsed:
      "the posterior has collapsed: no latent dimension tells anything of the example; try a warm-up of "
        + "the KL weight, free bits, or a smaller KL weight"
    case .logVariances(let largest):
      "log-variances run away: one is \(largest), a deviation of exp(\(largest / 2)); try a lower learning rate, or "
        + "a clip norm of 1"
    case .saturated(let share):
      "outputs are saturated: \(percent(share)) of the pixels are certain and wrong, where the sigmoid has no slope to "
        + "learn from; try a lower learning rate"
    case .scaledLoss(let weight, let scaling):
      "β = \(weight) is \(scaling.origin); the objective is then no bound on −log p(x), and its numbers do not compare "
        + "with negative ELBOs of β = 1"
    }
  }

  private func percent(_ share: Double) -> String {
    "\((share * 1000).rounded() / 10) %"
  }

  /// What is wrong with a model. While β still rises a collapse is to be expected.
  static func warnings(of health: ModelHealth, isWarm: Bool) -> [HealthWarning] {
    var warnings: [HealthWarning] = []
    if health.latentUse.hasCollapsed == true && isWarm { warnings.append(.collapsed) }
    // exp(s/2) of 2e-5: a thousandth of it is below the last digit of a latent near 1.
    if health.largestLogVariance > 20 { warnings.append(.logVariances(health.largestLogVariance)) }
    if health.shareCertainAndWrong > 0.001 { warnings.append(.saturated(share: health.shareCertainAndWrong)) }
    return warnings
  }

  /// What is odd about the weight of the KL term.
  static func warning(klWeight: Float, _ architecture: Architecture) -> HealthWarning? {
    guard klWeight != 1, klWeight > 0 else { return nil }
    let (features, latents) = (architecture.inputCount, architecture.latentCount)
    let candidates: [(Double, Scaling)] = [
      (Double(features), .meanOverFeatures(features)), (1 / Double(latents), .meanOverLatents(latents)),
      (Double(features) / Double(latents), .meanOverBoth(features: features, latents: latents)),
      (1 / Double(features), .dividedByFeatures(features)),
    ]
    // 0.00128 is meant for 1/784.
    return candidates.first { $0.0 != 1 && abs(Double(klWeight) / $0.0 - 1) < 0.01 }
      .map { .scaledLoss(klWeight: klWeight, $0.1) }
  }
}

extension HealthWarning.Scaling {
  fileprivate var origin: String {
    switch self {
    case .meanOverFeatures(let features):
      "the number of features, \(features), as where the reconstruction is averaged over them and the KL divergence summed"
    case .meanOverLatents(let latents):
      "1 / \(latents), as where the KL divergence is averaged over the latent dimensions and the reconstruction summed"
    case .meanOverBoth(let features, let latents):
      "\(features) / \(latents), as where the reconstruction is averaged over features and the KL divergence over latent "
        + "dimensions"
    case .dividedByFeatures(let features):
      "1 / \(features), as where the KL divergence is divided by the number of features and the reconstruction is not"
    }
  }
}

extension VariationalAutoencoder {
  /// Of the outputs of some rows, the share whose probability is 0 or 1 as a Float, and whose pixel is on the other side
  /// of ½; nil where the outputs are no logits of pixels.
  func shareCertainAndWrong(_ workspace: Workspace, rows: Range<Int>) -> Double? {
    guard architecture.likelihood is Bernoulli, !rows.isEmpty else { return nil }
    var count = 0
    for row in rows {
      let logits = workspace.output.base + row * workspace.output.stride
      let pixels = workspace.target.base + row * workspace.target.stride
      // sigmoid(17) is 1 − 4e-8.
      for column in 0..<architecture.inputCount where abs(logits[column]) > 17 {
        if (logits[column] > 0) != (pixels[column] > 0.5) { count += 1 }
      }
    }
    return Double(count) / Double(rows.count * architecture.inputCount)
  }
}
