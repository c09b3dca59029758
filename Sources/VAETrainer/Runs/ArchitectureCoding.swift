import VAEKernels

/// An architecture as `config.json` and the metadata of `model.safetensors` have it, its parts in words:
///
///     {"input_count": 784, "encoder": "dense 512, relu", "latent_count": 2, "posterior": "gaussian",
///      "prior": "standard-normal", "decoder": "dense 512, relu", "likelihood": "bernoulli"}
///
/// A conditional model has its "label_count" or "numeric_covariate_count", and "known_labels" where there were no examples of
/// some classes; one of a table with columns that may be missing, their "indicator_count"; one with an exposure that is
/// learned, its "exposure_encoder"; and one that is told batches, with something of each, "batch_covariates": [0, 3]. `EarlierArchitecture` reads what versions before words wrote.
extension Architecture: Codable {
  private enum CodingKeys: String, CodingKey {
    case inputCount, encoder, latentCount, posterior, prior, decoder, likelihood, labelCount, knownLabels
    case numericCovariateCount, encoderIsTold, toldAtEveryLayer, indicatorCount, batchCovariates, exposureEncoder
  }

  /// Reads and validates an architecture.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    guard values.contains(.encoder) else {
      self = try EarlierArchitecture(from: decoder).architecture
      try validate()
      return
    }
    let vocabulary = decoder.vocabulary
    func read<Value>(_ key: CodingKeys, _ read: (String) throws -> Value) throws -> Value {
      try decoder.read(values.decode(String.self, forKey: key), "\(key.stringValue)", read)
    }
    self.init(
      inputCount: try values.decode(Int.self, forKey: .inputCount),
      encoder: LayerList(try read(.encoder, vocabulary.layers)),
      latentCount: try values.decode(Int.self, forKey: .latentCount),
      posterior: try read(.posterior, vocabulary.posterior), prior: try read(.prior, vocabulary.prior),
      decoder: LayerList(try read(.decoder, vocabulary.layers)),
      likelihood: try read(.likelihood, vocabulary.likelihood),
      labelCount: try values.decodeIfPresent(Int.self, forKey: .labelCount) ?? 0,
      numericCovariateCount: try values.decodeIfPresent(Int.self, forKey: .numericCovariateCount) ?? 0,
      indicatorCount: try values.decodeIfPresent(Int.self, forKey: .indicatorCount) ?? 0)
    encoderIsTold = try values.decodeIfPresent(Bool.self, forKey: .encoderIsTold) ?? true
    toldAtEveryLayer = try values.decodeIfPresent(Bool.self, forKey: .toldAtEveryLayer) ?? false
    knownLabels = try values.decodeIfPresent([UInt8].self, forKey: .knownLabels)
    batchCovariates = try values.decodeIfPresent(Range<Int>.self, forKey: .batchCovariates)
    if values.contains(.exposureEncoder) { exposureEncoder = LayerList(try read(.exposureEncoder, vocabulary.layers)) }
    try validate()
  }

  /// Writes an architecture.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(inputCount, forKey: .inputCount)
    try values.encode("\(self.encoder)", forKey: .encoder)
    try values.encode(latentCount, forKey: .latentCount)
    try values.encode("\(posterior)", forKey: .posterior)
    try values.encode("\(prior)", forKey: .prior)
    try values.encode("\(decoder)", forKey: .decoder)
    try values.encode("\(likelihood)", forKey: .likelihood)
    if labelCount != 0 { try values.encode(labelCount, forKey: .labelCount) }
    try values.encodeIfPresent(knownLabels, forKey: .knownLabels)
    if numericCovariateCount != 0 { try values.encode(numericCovariateCount, forKey: .numericCovariateCount) }
    if !encoderIsTold { try values.encode(encoderIsTold, forKey: .encoderIsTold) }
    if toldAtEveryLayer { try values.encode(toldAtEveryLayer, forKey: .toldAtEveryLayer) }
    if indicatorCount != 0 { try values.encode(indicatorCount, forKey: .indicatorCount) }
    try values.encodeIfPresent(batchCovariates, forKey: .batchCovariates)
    try values.encodeIfPresent(exposureEncoder?.description, forKey: .exposureEncoder)
  }
}

extension CodingUserInfoKey {
  /// The `Vocabulary` that a file is read with.
  static let vocabulary = CodingUserInfoKey(rawValue: "vocabulary")!
}

extension Decoder {
  /// The types that the file may name.
  var vocabulary: Vocabulary { userInfo[.vocabulary] as? Vocabulary ?? .standard }

  /// A value from words; what is wrong with them is what is wrong with the file.
  func read<Value>(_ text: String, _ place: String, _ read: (String) throws -> Value) throws -> Value {
    do {
      return try read(text)
    } catch let error as DescriptionError {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "\(place) \"\(text)\", \(error)"))
    }
  }
}
