/// Independent Poisson counts:
///
///     −log p(x|z) = Σ (m − x log m + log x!)                    nats an example
///     d = m − x                                                 by log m; see `CountLikelihood` for a
///
/// Terms of the size of x log x cancel in it; `poisson_of` has the deviance instead (Loader 2000).
public struct Poisson: CountLikelihood {
  /// "poisson".
  public static let name = "poisson"
  /// How the mean follows from the output.
  public let form: CountForm
  let isDispersed = false
  let isInflated = false

  /// A Poisson distribution.
  public init(link: CountForm.Link = .softmax) { form = CountForm(link: link) }
  /// "poisson", or "poisson exp".
  public init(_ settings: inout Settings) throws { form = try CountForm(&settings, isDispersed: false) }
  /// The link, where it is not the usual one.
  public var settings: [String] { form.settings }
}
