/// The shape of a model: everything that decides which parameters it has and what they mean.
public struct Architecture: Sendable, Hashable {
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

  /// A model's shape. Where `decoderHidden` is not given it is `encoderHidden` reversed.
  public init(
    inputCount: Int, encoderHidden: [Int] = [512], latentCount: Int = 2, decoderHidden: [Int]? = nil,
    activation: Activation = .relu, likelihood: Likelihood = .bernoulli
  ) {
    self.inputCount = inputCount
    self.encoderHidden = encoderHidden
    self.latentCount = latentCount
    self.decoderHidden = decoderHidden ?? encoderHidden.reversed()
    self.activation = activation
    self.likelihood = likelihood
  }
}
