import VAEKernels

// What version 0.1.0 wrote, before parts were described in words. Files of it are read, and none are written.

/// An architecture of widths and one activation:
///
///     {"input_count": 784, "encoder_hidden": [512], "latent_count": 2, "decoder_hidden": [512],
///      "activation": "relu", "likelihood": "bernoulli"}
///
/// with the likelihood's settings, "variance" or "levels", beside it; of an autoencoder "model": "autoencoder" and its
/// "code_activation"; of a conditional model its "label_count".
struct EarlierArchitecture {
  let architecture: Architecture

  private enum CodingKeys: String, CodingKey {
    case inputCount, encoderHidden, latentCount, decoderHidden, activation, likelihood, variance, levels, model
    case codeActivation, labelCount
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.decode(String.self, forKey: .likelihood)
    var words = name
    if name == Gaussian.name { words += " \(try values.decode(Float.self, forKey: .variance))" }
    if name == Categorical.name { words += " \(try values.decode(Int.self, forKey: .levels))" }
    let code = try values.decodeIfPresent(Activation.self, forKey: .codeActivation)
    let model = try values.decodeIfPresent(String.self, forKey: .model) ?? "vae"
    guard ["vae", "autoencoder"].contains(model) else {
      throw DecodingError.dataCorruptedError(
        forKey: .model, in: values, debugDescription: "there is no model \"\(model)\"")
    }
    architecture = Architecture(
      inputCount: try values.decode(Int.self, forKey: .inputCount),
      encoderHidden: try values.decode([Int].self, forKey: .encoderHidden),
      latentCount: try values.decode(Int.self, forKey: .latentCount),
      decoderHidden: try values.decode([Int].self, forKey: .decoderHidden),
      activation: try values.decode(Activation.self, forKey: .activation),
      likelihood: try decoder.read(words, "likelihood", decoder.vocabulary.likelihood),
      posterior: model == "vae" ? DiagonalGaussian() : Point(code ?? .identity),
      labelCount: try values.decodeIfPresent(Int.self, forKey: .labelCount) ?? 0)
  }
}

/// An objective with a place for everything that any might have.
struct EarlierObjective: Decodable {
  private struct Term<Kind: Decodable>: Decodable {
    var kind: Kind
    var nats: Float
  }

  private struct Penalty: Decodable {
    var penalty: Sparsity.Penalty
    var weight: Float
    var target: Float
  }

  private var bound: String
  private var samples: Int
  private var klEstimate: String
  private var estimator: GradientEstimator
  private var klConstraint: Term<KLConstraint.Kind>
  private var sparsity: Penalty

  /// As it is now; of an autoencoder without a penalty, whose objective looked like any, an ELBO.
  var objective: any Objective {
    if sparsity.penalty != .none {
      return Reconstruction(Sparsity(sparsity.penalty, weight: sparsity.weight, target: sparsity.target))
    }
    if bound == "iwae" { return IWAE(samples: samples, estimator) }
    if klEstimate == "monte-carlo" { return .monteCarlo(samples: samples, estimator) }
    return ELBO(samples: samples, constraint: KLConstraint(klConstraint.kind, nats: klConstraint.nats))
  }
}

extension RunConfiguration {
  /// With the objective that an autoencoder's is called now: it had no name of its own.
  var inPresentForm: RunConfiguration {
    var configuration = self
    if training.objective is ELBO && !architecture.isVariational { configuration.training.objective = .reconstruction }
    return configuration
  }
}
