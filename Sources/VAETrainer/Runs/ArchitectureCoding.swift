import VAEKernels

/// An architecture as `config.json` and the metadata of `model.safetensors` have it:
///
///     {"input_count": 784, "encoder_hidden": [512], "latent_count": 2, "decoder_hidden": [512],
///      "activation": "relu", "likelihood": "bernoulli"}
///
/// with "variance" beside the likelihood where it is Gaussian.
extension Architecture: Codable {
  private enum CodingKeys: String, CodingKey {
    case inputCount, encoderHidden, latentCount, decoderHidden, activation, likelihood, variance
  }

  /// Reads and validates an architecture.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let likelihood: Likelihood
    switch try values.decode(String.self, forKey: .likelihood) {
    case "bernoulli": likelihood = .bernoulli
    case "gaussian": likelihood = .gaussian(variance: try values.decode(Float.self, forKey: .variance))
    case let name:
      throw DecodingError.dataCorruptedError(
        forKey: .likelihood, in: values, debugDescription: "there is no likelihood \"\(name)\"")
    }
    self.init(
      inputCount: try values.decode(Int.self, forKey: .inputCount),
      encoderHidden: try values.decode([Int].self, forKey: .encoderHidden),
      latentCount: try values.decode(Int.self, forKey: .latentCount),
      decoderHidden: try values.decode([Int].self, forKey: .decoderHidden),
      activation: try values.decode(Activation.self, forKey: .activation), likelihood: likelihood)
    try validate()
  }

  /// Writes an architecture.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(inputCount, forKey: .inputCount)
    try values.encode(encoderHidden, forKey: .encoderHidden)
    try values.encode(latentCount, forKey: .latentCount)
    try values.encode(decoderHidden, forKey: .decoderHidden)
    try values.encode(activation, forKey: .activation)
    try values.encode(likelihood.name, forKey: .likelihood)
    if case .gaussian(let variance) = likelihood { try values.encode(variance, forKey: .variance) }
  }
}
