/// The distribution p(x|z) of an example given the decoder's output: a member of a `LikelihoodFamily`.
public struct Likelihood: Sendable, Hashable, CustomStringConvertible {
  /// Formulas and settings.
  public let family: any LikelihoodFamily

  /// A member of any family.
  public init(_ family: any LikelihoodFamily) {
    self.family = family
  }

  /// All families.
  public static let families: [any LikelihoodFamily.Type] = [
    Bernoulli.self, Gaussian.self, LearnedGaussian.self, PixelwiseGaussian.self, Categorical.self,
  ]

  /// The member of the family `name` with these settings, or nil where there is no such family. Throws
  /// `LikelihoodError`.
  public init?(named name: String, settings: [String: Float] = [:]) throws {
    guard let family = Self.families.first(where: { $0.name == name }) else { return nil }
    self.init(try family.init(settings: settings))
  }

  /// Independent Bernoulli pixels; the decoder's outputs are logits.
  public static let bernoulli = Likelihood(Bernoulli())
  /// Independent Gaussian pixels of one fixed variance; the decoder's outputs are means.
  public static func gaussian(variance: Float) -> Likelihood { Likelihood(Gaussian(variance: variance)) }
  /// Independent Gaussian pixels of one variance, which is learned.
  public static let learnedGaussian = Likelihood(LearnedGaussian())
  /// Independent Gaussian pixels, the decoder putting out the mean and the log-variance of each.
  public static let pixelwiseGaussian = Likelihood(PixelwiseGaussian())
  /// Independent pixels of a number of levels, each with a probability.
  public static func categorical(levels: Int) -> Likelihood { Likelihood(Categorical(levels: levels)) }

  /// The family's name, as in options and files.
  public var name: String { type(of: family).name }

  /// "gaussian, variance 0.5".
  public var description: String {
    let settings = family.settings.sorted { $0.key < $1.key }
    return ([name] + settings.map { "\($0.key) \($0.value)" }).joined(separator: ", ")
  }

  /// The same family with the same settings.
  public static func == (a: Likelihood, b: Likelihood) -> Bool {
    a.name == b.name && a.family.settings == b.family.settings
  }

  /// As `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(family.settings)
  }
}
