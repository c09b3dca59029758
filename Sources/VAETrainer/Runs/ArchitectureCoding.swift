import VAEKernels

/// An architecture as `config.json` and the metadata of `model.safetensors` have it:
///
///     {"input_count": 784, "encoder_hidden": [512], "latent_count": 2, "decoder_hidden": [512],
///      "activation": "relu", "likelihood": "bernoulli"}
///
/// with the likelihood's settings beside it, such as "variance". An autoencoder has "model": "autoencoder" and its
/// "code_activation", a conditional model its "label_count".
extension Architecture: Codable {
  /// Fixed names and, for a likelihood's settings, any.
  private struct Key: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init(stringLiteral name: String) { stringValue = name }
    init?(intValue: Int) { nil }
  }

  /// Reads and validates an architecture.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    self.init(
      inputCount: try values.decode(Int.self, forKey: "inputCount"),
      encoderHidden: try values.decode([Int].self, forKey: "encoderHidden"),
      latentCount: try values.decode(Int.self, forKey: "latentCount"),
      decoderHidden: try values.decode([Int].self, forKey: "decoderHidden"),
      activation: try values.decode(Activation.self, forKey: "activation"),
      likelihood: try Self.likelihood(in: values),
      model: try values.decodeIfPresent(Model.self, forKey: "model") ?? .vae,
      codeActivation: try values.decodeIfPresent(Activation.self, forKey: "codeActivation") ?? .identity,
      labelCount: try values.decodeIfPresent(Int.self, forKey: "labelCount") ?? 0)
    try validate()
  }

  private static func likelihood(in values: KeyedDecodingContainer<Key>) throws -> Likelihood {
    let name = try values.decode(String.self, forKey: "likelihood")
    guard let family = Likelihood.families.first(where: { $0.name == name }) else {
      throw DecodingError.dataCorruptedError(
        forKey: "likelihood", in: values, debugDescription: "there is no likelihood \"\(name)\"")
    }
    var settings: [String: Float] = [:]
    for setting in family.settingNames {
      settings[setting] = try values.decode(Float.self, forKey: Key(stringValue: setting))
    }
    return Likelihood(try family.init(settings: settings))
  }

  /// Writes an architecture.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(inputCount, forKey: "inputCount")
    try values.encode(encoderHidden, forKey: "encoderHidden")
    try values.encode(latentCount, forKey: "latentCount")
    try values.encode(decoderHidden, forKey: "decoderHidden")
    try values.encode(activation, forKey: "activation")
    try values.encode(likelihood.name, forKey: "likelihood")
    for (setting, value) in likelihood.family.settings {
      try values.encode(value, forKey: Key(stringValue: setting))
    }
    if model != .vae { try values.encode(model, forKey: "model") }
    if codeActivation != .identity { try values.encode(codeActivation, forKey: "codeActivation") }
    if labelCount != 0 { try values.encode(labelCount, forKey: "labelCount") }
  }
}
