import VAEKernels

extension Fixture: Decodable {
  private enum Key: String, CodingKey {
    case name, architecture, klWeight, parameters, examples, noise, parameterGradients, activationGradients, adam
  }

  /// Reads a file of `Scripts/make-fixtures.py`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decode(String.self, forKey: .name)
    architecture = try container.decode(FixtureShape.self, forKey: .architecture).architecture
    klWeight = try container.decode(Double.self, forKey: .klWeight)
    parameters = try container.decode([String: [Double]].self, forKey: .parameters)
    examples = try container.decode([[Double]].self, forKey: .examples)
    noise = try container.decode([[Double]].self, forKey: .noise)
    expected = try Expected(from: decoder)
    parameterGradients = try container.decode([String: [Double]].self, forKey: .parameterGradients)
    activationGradients = try container.decode(ActivationGradients.self, forKey: .activationGradients)
    adam = try container.decode(Adam.self, forKey: .adam)
  }
}

/// A model's shape as the fixtures have it.
struct FixtureShape: Decodable {
  let inputCount: Int
  let encoderHidden: [Int]
  let latentCount: Int
  let decoderHidden: [Int]
  let activation: Activation
  let likelihood: String
  let variance: Float?
  let levels: Int?
  let model: String?
  let codeActivation: Activation?
  let labelCount: Int?

  var architecture: Architecture {
    get throws {
      let words = [likelihood] + (variance.map { ["\($0)"] } ?? []) + (levels.map { ["\($0)"] } ?? [])
      return Architecture(
        inputCount: inputCount, encoderHidden: encoderHidden, latentCount: latentCount, decoderHidden: decoderHidden,
        activation: activation, likelihood: try Vocabulary.standard.likelihood(words.joined(separator: " ")),
        posterior: model == "autoencoder" ? Point(codeActivation ?? .identity) : DiagonalGaussian(),
        labelCount: labelCount ?? 0)
    }
  }
}
