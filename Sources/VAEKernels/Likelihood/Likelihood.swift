/// The distribution p(x | z) of an example given the decoder's output.
public enum Likelihood: Sendable, Hashable {
  /// Independent Bernoulli pixels; the decoder's outputs are logits. See `Bernoulli`.
  case bernoulli
  /// Independent Gaussian pixels of one fixed variance; the decoder's outputs are means. See `Gaussian`.
  case gaussian(variance: Float)

  /// "bernoulli" or "gaussian", as in options and files.
  public var name: String {
    switch self {
    case .bernoulli: "bernoulli"
    case .gaussian: "gaussian"
    }
  }
}
