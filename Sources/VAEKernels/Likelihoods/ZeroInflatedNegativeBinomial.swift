/// Negative binomial counts, some of which have been lost: with probability s = sigmoid(b) a count is 0 whatever it was.
///
///     −log p(x|z) = Σ { −log(s + (1 − s) exp(−l))     where x = 0,  l the loss of a 0 of `NegativeBinomial`
///                     { −log(1 − s) + l(x)            elsewhere
///
/// With w = (1 − s) exp(−l) / (s + (1 − s) exp(−l)), the probability that a 0 was counted, its gradients by log m and log θ
/// are w times those of l, and that by b is w − (1 − s); elsewhere they are those of l(x), and s. Source: as there.
public struct ZeroInflatedNegativeBinomial: CountLikelihood {
  /// "zinb".
  public static let name = "zinb"
  /// The short word and the long one.
  public static let names = ["zinb", "zero-inflated-negative-binomial"]
  /// How the mean follows from the output, and where θ comes from.
  public let form: CountForm
  let isDispersed = true
  let isInflated = true

  /// A zero-inflated negative binomial distribution.
  public init(_ form: CountForm = CountForm()) { self.form = form }
  /// "zinb", "zinb exp", "zinb dispersion decoder", "zinb dispersion batch".
  public init(_ settings: inout Settings) throws { form = try CountForm(&settings, isDispersed: true) }
  /// What is not as usual.
  public var settings: [String] { form.settings }
}
