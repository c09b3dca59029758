/// The shape of a model: everything that decides which parameters it has and what they mean.
public struct Architecture: Sendable, Hashable {
  /// The most inputs, outputs of a layer, or latent dimensions that a model may have.
  public static let maximumWidth = 1 << 24
  /// The most hidden layers that an encoder or a decoder may have.
  public static let maximumDepth = 1000
  /// The most classes: labels are bytes.
  public static let maximumLabelCount = 256
  /// The most parameters that a model may have: 16 GiB of weights.
  public static let maximumParameterCount = 1 << 32

  /// What lies between encoder and decoder.
  public enum Model: String, Sendable, Codable, CaseIterable {
    /// A variational autoencoder: a Gaussian posterior, of which a latent is drawn.
    case vae
    /// An autoencoder: the encoder's output is the code, and nothing is drawn.
    case autoencoder
  }

  /// What lies between encoder and decoder.
  public var model: Model
  /// D, the number of inputs, such as 784 pixels.
  public var inputCount: Int
  /// The widths of the encoder's hidden layers, first to last; may be empty.
  public var encoderHidden: [Int]
  /// L, the number of latent dimensions.
  public var latentCount: Int
  /// The widths of the decoder's hidden layers, first to last; may be empty.
  public var decoderHidden: [Int]
  /// The activation of every hidden layer.
  public var activation: Activation
  /// The distribution of an example given its latent.
  public var likelihood: Likelihood
  /// What an autoencoder's code passes through; `identity` for a variational autoencoder.
  public var codeActivation: Activation
  /// C, the number of classes that encoder and decoder are told an example's one of (Sohn, Lee and Yan 2015); 0 where
  /// they are not told.
  public var labelCount: Int

  /// A model's shape. Where `decoderHidden` is not given it is `encoderHidden` reversed.
  public init(
    inputCount: Int, encoderHidden: [Int] = [512], latentCount: Int = 2, decoderHidden: [Int]? = nil,
    activation: Activation = .relu, likelihood: Likelihood = .bernoulli, model: Model = .vae,
    codeActivation: Activation = .identity, labelCount: Int = 0
  ) {
    self.model = model
    self.inputCount = inputCount
    self.encoderHidden = encoderHidden
    self.latentCount = latentCount
    self.decoderHidden = decoderHidden ?? encoderHidden.reversed()
    self.activation = activation
    self.likelihood = likelihood
    self.codeActivation = codeActivation
    self.labelCount = labelCount
  }

  /// The decoder's outputs: some for each input.
  public var outputCount: Int { likelihood.family.outputsPerFeature * inputCount }
  /// What the encoder puts out: mean and log-variance, or a code.
  public var headCount: Int { model == .vae ? 2 * latentCount : latentCount }

  /// "784–512–2–512–784": the widths from input to output.
  public var summary: String {
    ([inputCount] + encoderHidden + [latentCount] + decoderHidden + [inputCount])
      .map(String.init).joined(separator: "–")
  }

  /// Throws `ArchitectureError` where no model can have this shape.
  public func validate() throws {
    for hidden in [encoderHidden, decoderHidden] where hidden.count > Self.maximumDepth {
      throw ArchitectureError.depth(hidden.count)
    }
    let widths =
      [("input", inputCount), ("latent", latentCount)] + encoderHidden.map { ("encoder hidden", $0) }
      + decoderHidden.map { ("decoder hidden", $0) }
    for (place, width) in widths where !(1...Self.maximumWidth).contains(width) {
      throw ArchitectureError.width(place: place, width: width)
    }
    guard outputCount <= Self.maximumWidth else { throw ArchitectureError.width(place: "output", width: outputCount) }
    _ = try type(of: likelihood.family).init(settings: likelihood.family.settings)
    guard (0...Self.maximumLabelCount).contains(labelCount) else { throw ArchitectureError.labelCount(labelCount) }
    guard model == .autoencoder || codeActivation == .identity else {
      throw ArchitectureError.codeActivationOfVAE(codeActivation)
    }
    guard parameterCount <= Self.maximumParameterCount else { throw ArchitectureError.tooManyParameters }
  }

  /// The number of trainable parameters.
  ///
  /// An `Int` holds it for every architecture that is within the limits of width and depth.
  public var parameterCount: Int {
    let encoder = [inputCount + labelCount] + encoderHidden + [headCount]
    let decoder = [latentCount + labelCount] + decoderHidden + [outputCount]
    return [encoder, decoder].reduce(likelihood.family.parameterNames.count) { count, widths in
      zip(widths, widths.dropFirst()).reduce(count) { $0 + ($1.0 + 1) * $1.1 }
    }
  }
}

/// Why no model can have a shape.
public enum ArchitectureError: Error, Equatable, CustomStringConvertible {
  /// A width is not between 1 and `Architecture.maximumWidth`.
  case width(place: String, width: Int)
  /// There are more than `Architecture.maximumDepth` hidden layers.
  case depth(Int)
  /// There are more classes than `Architecture.maximumLabelCount`, or fewer than none.
  case labelCount(Int)
  /// A variational autoencoder has a mean and a log-variance, which pass through nothing.
  case codeActivationOfVAE(Activation)
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
    case .codeActivationOfVAE(let activation):
      "code activation: expected with an autoencoder alone, found \(activation.rawValue) with a vae"
    case .tooManyParameters:
      "architecture: expected at most \(Architecture.maximumParameterCount) parameters, found more"
    }
  }
}
