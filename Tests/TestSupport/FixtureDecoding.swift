import VAEKernels

extension Fixture: Decodable {
  private enum Key: String, CodingKey {
    case name, architecture, klWeight, parameters, examples, noise, parameterGradients, activationGradients, adam
  }

  private struct Shape: Decodable {
    let inputCount: Int
    let encoderHidden: [Int]
    let latentCount: Int
    let decoderHidden: [Int]
    let activation: Activation
    let likelihood: String
    let variance: Float?
  }

  /// Reads a file of `Scripts/make-fixtures.py`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decode(String.self, forKey: .name)
    let shape = try container.decode(Shape.self, forKey: .architecture)
    let likelihood: Likelihood
    switch (shape.likelihood, shape.variance) {
    case ("bernoulli", nil): likelihood = .bernoulli
    case ("gaussian", let variance?): likelihood = .gaussian(variance: variance)
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .architecture, in: container,
        debugDescription: "likelihood \(shape.likelihood) with variance \(String(describing: shape.variance))")
    }
    architecture = Architecture(
      inputCount: shape.inputCount, encoderHidden: shape.encoderHidden, latentCount: shape.latentCount,
      decoderHidden: shape.decoderHidden, activation: shape.activation, likelihood: likelihood)
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
