/// Independent negative binomial counts, of mean m and variance m + m² / θ:
///
///     −log p(x|z) = Σ (log Γ(θ) + log x! − log Γ(x + θ) − θ log(θ / (θ + m)) − x log(m / (θ + m)))      nats an example
///     by log m:   θ (m − x) / (θ + m)
///     by log θ:   −θ (log(θ / (θ + m)) + 1 − (x + θ) / (θ + m) + ψ(x + θ) − ψ(θ))
///
/// and of x = 0: θ log(1 + m / θ), θ m / (θ + m), θ (log(1 + m / θ) − m / (θ + m)). θ, the inverse dispersion, is exp of one
/// learned number a feature, or a feature and batch, or of an output of the decoder. Sources: Lopez, Regier, Cole, Jordan and
/// Yosef 2018 (scVI), appendix; `gamma.inc` for the form in which nothing cancels.
public struct NegativeBinomial: CountLikelihood {
  /// "nb".
  public static let name = "nb"
  /// The short word and the long one.
  public static let names = ["nb", "negative-binomial"]
  /// How the mean follows from the output, and where θ comes from.
  public let form: CountForm
  let isDispersed = true
  let isInflated = false

  /// A negative binomial distribution.
  public init(_ form: CountForm = CountForm()) { self.form = form }
  /// "nb", "nb exp", "nb dispersion decoder", "nb dispersion batch".
  public init(_ settings: inout Settings) throws { form = try CountForm(&settings, isDispersed: true) }
  /// What is not as usual.
  public var settings: [String] { form.settings }
}
