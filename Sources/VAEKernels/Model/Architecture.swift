/// The shape of a model: everything that decides which parameters it has and what they mean.
public struct Architecture: Sendable, Hashable, CustomStringConvertible {
  /// The most inputs, outputs of a layer, or latent dimensions that a model may have.
  public static let maximumWidth = 1 << 24
  /// The most layers that an encoder or a decoder may have.
  public static let maximumDepth = 1000
  /// The most classes: labels are bytes.
  public static let maximumLabelCount = 256
  /// The most parameters that a model may have: 16 GiB of weights.
  public static let maximumParameterCount = 1 << 32

  /// D, the number of inputs, such as 784 pixels.
  public var inputCount: Int
  /// The encoder's layers before the posterior's own.
  public var encoder: LayerList
  /// L, the number of latent dimensions.
  public var latentCount: Int
  /// What the encoder's output is made into.
  public var posterior: any Posterior
  /// What a latent is drawn from when nothing is known.
  public var prior: any Prior
  /// The decoder's layers before the likelihood's own.
  public var decoder: LayerList
  /// The distribution of an example given its latent.
  public var likelihood: any Likelihood
  /// C, the number of classes that encoder and decoder are told an example's one of (Sohn, Lee and Yan 2015); 0 where
  /// they are not told.
  public var labelCount: Int
  /// The classes that there were examples of, in order, where these are not all of the C: labels that begin with 1 leave
  /// class 0 without any, and its weights as they started. Nil where all have been seen, or nobody knows.
  public var knownLabels: [UInt8]?
  /// The numbers that encoder and decoder are told of an example, beside its class.
  public var numericCovariateCount: Int
  /// Whether the encoder is told them too, and not the decoder alone: then the latent need not hold what is told, but is not
  /// kept from it either.
  public var encoderIsTold = true
  /// Whether each dense layer of a part that is told them is, and not its first alone; the heads are not.
  public var toldAtEveryLayer = false
  /// Which of those numbers are a one in the place of an example's batch, for what is of each: inverse dispersions by batch, and
  /// the prior of a learned exposure. Nil where there are no batches.
  public var batchCovariates: Range<Int>?
  /// The layers of the encoder that says the exposure of an example, where that is a latent of its own: see
  /// `LearnedExposure`. Nil where it comes with the data.
  public var exposureEncoder: LayerList?
  /// M, the number of columns that may be missing: the encoder is told of each whether it is known, behind x, which has
  /// some number in its place either way.
  public var indicatorCount: Int

  /// A model's shape.
  public init(
    inputCount: Int, encoder: LayerList, latentCount: Int, posterior: any Posterior = .gaussian,
    prior: any Prior = .standardNormal, decoder: LayerList, likelihood: any Likelihood = .bernoulli,
    labelCount: Int = 0, numericCovariateCount: Int = 0, indicatorCount: Int = 0
  ) {
    self.inputCount = inputCount
    self.encoder = encoder
    self.latentCount = latentCount
    self.posterior = posterior
    self.prior = prior
    self.decoder = decoder
    self.likelihood = likelihood
    self.labelCount = labelCount
    self.numericCovariateCount = numericCovariateCount
    self.indicatorCount = indicatorCount
  }

  /// The plain shape: dense layers of these widths, one activation. Where `decoderHidden` is not given it is
  /// `encoderHidden` reversed.
  public init(
    inputCount: Int, encoderHidden: [Int] = [512], latentCount: Int = 2, decoderHidden: [Int]? = nil,
    activation: Activation = .relu, likelihood: any Likelihood = .bernoulli, posterior: any Posterior = .gaussian,
    labelCount: Int = 0
  ) {
    self.init(
      inputCount: inputCount, encoder: .hidden(encoderHidden, activation), latentCount: latentCount,
      posterior: posterior, decoder: .hidden(decoderHidden ?? encoderHidden.reversed(), activation),
      likelihood: likelihood, labelCount: labelCount)
  }

  /// The classes that one may ask for.
  public var labels: [UInt8] { knownLabels ?? (0..<labelCount).map { UInt8($0) } }

  /// "a class from 1 to 26", or "one of the classes 1, 3, 4": what one may ask for, in words.
  public var labelsInWords: String {
    let labels = labels
    guard let first = labels.first, let last = labels.last else { return "no class" }
    return Int(last) - Int(first) == labels.count - 1
      ? "a class from \(first) to \(last)"
      : "one of the classes \(labels.map(String.init).joined(separator: ", "))"
  }

  /// The numbers that encoder and decoder are told of an example, beside what they work on.
  public var covariateCount: Int { labelCount + numericCovariateCount }
  /// ε of a sample: L numbers, and one more for a learned exposure.
  public var noiseCount: Int { latentCount + (exposureEncoder == nil ? 0 : 1) }
  /// What the data are to say of an example beside x.
  public var sideInputs: SideInputs {
    exposureEncoder == nil ? likelihood.sideInputs : likelihood.sideInputs.subtracting(.exposure)
  }
  /// Where among all covariates an example's batch is, where something is of each batch.
  var batchColumns: Range<Int>? {
    guard likelihood.learnsByBatch || exposureEncoder != nil else { return nil }
    return batchCovariates.map { labelCount + $0.lowerBound..<labelCount + $0.upperBound }
  }
  /// All that the encoder sees of an example: x, which columns are known, what it is told.
  public var encoderInputCount: Int { inputCount + indicatorCount + (encoderIsTold ? covariateCount : 0) }

  /// "784–512–2–512–784": the widths from input to output; with the words of layers that have more than a width.
  public var summary: String {
    let middle = [encoder, decoder].map { list in
      list.plain.map { $0.widths.map(String.init) } ?? ["[\(list)]"]
    }
    return (["\(inputCount)"] + middle[0] + ["\(latentCount)"] + middle[1] + ["\(inputCount)"])
      .joined(separator: "–")
  }

  /// Whether latents are drawn: false for an autoencoder.
  public var isVariational: Bool { posterior.isRandom }

  /// What a model of this shape minimises unless it is told otherwise: the ELBO, or an autoencoder's reconstruction loss.
  public var plainObjective: any Objective { isVariational ? ELBO() : Reconstruction() }

  /// "784–512–2–512–784, relu, bernoulli": the widths, and the words that are not in them; of a conditional model and of
  /// another posterior than a Gaussian that too.
  public var description: String { "\(kind)\(shape), \(likelihood)" }

  /// "784–512–2–512–784, relu".
  public var shape: String {
    var words = [summary]
    let activations = [encoder, decoder].compactMap { $0.layers.isEmpty ? nil : $0.plain?.activation }
    if let activation = activations.first, activations.allSatisfy({ $0 == activation }) {
      words.append(activation.rawValue)
    } else {
      words += activations.map(\.rawValue)
    }
    return words.joined(separator: ", ")
  }

  /// "autoencoder ", "told 10 classes, " or nothing, before the widths.
  public var kind: String {
    (isVariational ? "" : "autoencoder ")
      + (labelCount > 0 ? "told \(labels.count.counted("class", plural: "classes")), " : "")
      + (numericCovariateCount > 0 ? "told \(numericCovariateCount.counted("number")), " : "")
      + (covariateCount > 0 && !encoderIsTold ? "in the decoder alone, " : "")
      + (covariateCount > 0 && toldAtEveryLayer ? "at every layer, " : "")
      + (indicatorCount > 0 ? "told what is known of \(indicatorCount.counted("column")), " : "")
      + (exposureEncoder == nil ? "" : "of learned exposure, ")
  }

  /// Throws `ArchitectureError` where no model can have this shape.
  public func validate() throws { _ = try Plan(self) }

  /// What can be said before anything is laid out.
  func checkWidths() throws {
    let lists = [encoder, decoder] + (exposureEncoder.map { [$0] } ?? [])
    for list in lists where list.layers.count > 2 * Self.maximumDepth {
      throw ArchitectureError.depth(list.layers.count)
    }
    for list in lists {
      let count = list.layers.count { !($0 is Activate) }
      if count > Self.maximumDepth { throw ArchitectureError.depth(count) }
    }
    try Self.check("input", inputCount)
    try Self.check("latent", latentCount)
    try Self.check("output", likelihood.outputsPerFeature * inputCount)
    if let needed = likelihood.requiredFeatures, needed != inputCount {
      throw ArchitectureError.likelihood(
        likelihood.name, expected: inputCount.counted("feature"), found: "\(needed)")
    }
    guard (0...Self.maximumLabelCount).contains(labelCount) else { throw ArchitectureError.labelCount(labelCount) }
    if let knownLabels {
      let isRising = zip(knownLabels, knownLabels.dropFirst()).allSatisfy { $0 < $1 }
      guard isRising, let last = knownLabels.last, Int(last) < labelCount else {
        throw ArchitectureError.knownLabels(knownLabels, labelCount: labelCount)
      }
    }
    if numericCovariateCount != 0 { try Self.check("covariates", numericCovariateCount) }
    if let batchCovariates,
      batchCovariates.isEmpty || !(0...numericCovariateCount).contains(batchCovariates.lowerBound)
        || batchCovariates.upperBound > numericCovariateCount
    {
      throw ArchitectureError.batches(batchCovariates, numericCovariateCount: numericCovariateCount)
    }
    if exposureEncoder != nil {
      guard likelihood is any LearnsExposure else {
        throw ArchitectureError.exposure(expected: "a likelihood of counts", found: likelihood.name)
      }
      guard posterior.isRandom else {
        throw ArchitectureError.exposure(expected: "a latent that is drawn, as it is", found: "\(posterior)")
      }
    }
    guard (0...inputCount).contains(indicatorCount) else { throw ArchitectureError.indicators(indicatorCount) }
  }

  /// Throws where no hidden layer of a part can have so many outputs.
  static func check(width: Int, in part: ModelParts) throws { try check("\(part) hidden", width) }

  private static func check(_ place: String, _ width: Int) throws {
    guard (1...maximumWidth).contains(width) else { throw ArchitectureError.width(place: place, width: width) }
  }

  /// Whether the divergence of posterior and prior is an integral.
  var hasClosedFormDivergence: Bool { (try? Plan(self))?.divergence != nil }

  /// The number of trainable parameters; 0 where no model can have this shape.
  public var parameterCount: Int { (try? Plan(self))?.layout.parameterCount ?? 0 }

  private var words: [String] {
    ["\(encoder)", "\(posterior)", "\(prior)", "\(decoder)", "\(likelihood)"]
      + [inputCount, latentCount, labelCount, numericCovariateCount, indicatorCount].map(String.init)
      + ["\(encoderIsTold)", "\(toldAtEveryLayer)"]
      + [batchCovariates.map { "\($0)" } ?? "", exposureEncoder.map { "\($0)" } ?? ""]
      + (knownLabels ?? []).map { "\($0)" }
  }
  /// As the words compare.
  public static func == (a: Architecture, b: Architecture) -> Bool { a.words == b.words }
  /// As `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(words) }
}

/// Why no model can have a shape.
public enum ArchitectureError: Error, Equatable, CustomStringConvertible {
  /// A width is not between 1 and `Architecture.maximumWidth`.
  case width(place: String, width: Int)
  /// There are more than `Architecture.maximumDepth` hidden layers.
  case depth(Int)
  /// There are more classes than `Architecture.maximumLabelCount`, or fewer than none.
  case labelCount(Int)
  /// The classes that there were examples of are not some of those, in order.
  case knownLabels([UInt8], labelCount: Int)
  /// There are more columns that may be missing than inputs, or fewer than none.
  case indicators(Int)
  /// The numbers that say the batch are not some of those that are told.
  case batches(Range<Int>, numericCovariateCount: Int)
  /// An exposure cannot be learned.
  case exposure(expected: String, found: String)
  /// An activation whose gradient is not one of its value, where nothing else is kept.
  case activation(Activation, of: String)
  /// A layer cannot have such a setting, or follow such an input.
  case layer(String, expected: String, found: String)
  /// A likelihood is for examples of another number of features.
  case likelihood(String, expected: String, found: String)
  /// There would be more than `Architecture.maximumParameterCount` parameters.
  case tooManyParameters

  /// One line, for a person.
  public var description: String {
    switch self {
    case .width(let place, let width):
      "\(place) width: expected 1 to \(Architecture.maximumWidth), found \(width)"
    case .depth(let depth):
      "hidden layers: expected at most \(Architecture.maximumDepth), found \(depth)"
    case .labelCount(let count):
      "classes: expected 0 to \(Architecture.maximumLabelCount), found \(count)"
    case .knownLabels(let labels, let labelCount):
      "known classes: expected some of the \(labelCount), in rising order, found \(labels)"
    case .indicators(let count):
      "columns that may be missing: expected no more than there are inputs, found \(count)"
    case .batches(let batches, let count):
      "batches: expected some of the \(count.counted("number")) that the model is told, found \(batches)"
    case .exposure(let expected, let found):
      "learned exposure: expected \(expected), found \(found)"
    case .activation(let activation, let place):
      "activation of \(place): expected one with a gradient by its value, found \(activation.rawValue)"
    case .layer(let part, let expected, let found), .likelihood(let part, let expected, let found):
      "\(part): expected \(expected), found \(found)"
    case .tooManyParameters:
      "architecture: expected at most \(Architecture.maximumParameterCount) parameters, found more"
    }
  }
}
