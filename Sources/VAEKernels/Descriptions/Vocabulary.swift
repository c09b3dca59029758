/// The types that descriptions in options and files may name.
///
/// A program that has parts of its own adds them to the standard ones and hands the list to whatever reads:
///
///     var vocabulary = Vocabulary.standard
///     vocabulary.layers.append(Gated.self)
///     let model = try ModelFile.read(path, vocabulary: vocabulary).model
public struct Vocabulary: Sendable {
  /// What encoders and decoders are made of.
  public var layers: [any Layer.Type]
  /// What the encoder's output is made into.
  public var posteriors: [any Posterior.Type]
  /// What a latent is drawn from when nothing is known.
  public var priors: [any Prior.Type]
  /// The distributions of an example given its latent.
  public var likelihoods: [any Likelihood.Type]
  /// What training minimises.
  public var objectives: [any Objective.Type]

  /// All that the library has. A new part is one line here.
  public static let standard = Vocabulary(
    layers: [
      Dense.self, Activate.self, LayerNorm.self, BatchNorm.self, Dropout.self, Log1p.self, SquareRoot.self,
      UnitLength.self, Binarized.self,
    ],
    posteriors: [DiagonalGaussian.self, Point.self],
    priors: [StandardNormal.self],
    likelihoods: [
      Bernoulli.self, Gaussian.self, LearnedGaussian.self, PixelwiseGaussian.self, Categorical.self, ByColumn.self,
      Poisson.self, NegativeBinomial.self, ZeroInflatedNegativeBinomial.self,
    ],
    objectives: [ELBO.self, IWAE.self, Reconstruction.self])

  // MARK: Reading

  /// "gaussian 0.1". Throws `DescriptionError`.
  public func likelihood(_ text: String) throws -> any Likelihood { try one(text, of: likelihoods) as! any Likelihood }
  /// "point relu". Throws `DescriptionError`.
  public func posterior(_ text: String) throws -> any Posterior { try one(text, of: posteriors) as! any Posterior }
  /// "standard-normal". Throws `DescriptionError`.
  public func prior(_ text: String) throws -> any Prior { try one(text, of: priors) as! any Prior }
  /// "iwae 5". Throws `DescriptionError`.
  public func objective(_ text: String) throws -> any Objective { try one(text, of: objectives) as! any Objective }

  /// "dense 512, relu", or "none". Throws `DescriptionError`.
  public func layers(_ text: String) throws -> [any Layer] {
    if text.split(separator: " ") == ["none"] { return [] }
    return try Self.items(of: text).map { try Self.member($0, of: layers) as! any Layer }
  }

  private func one(_ text: String, of types: [any Described.Type]) throws -> any Described {
    let items = Self.items(of: text)
    if items.count > 1 {
      throw DescriptionError(text: text, position: items[0].end, expected: "one description", found: "a comma")
    }
    return try Self.member(items[0], of: types)
  }

  /// A member's words.
  private struct Item {
    let text: String
    let words: [Settings.Word]
    /// Where the comma behind it is, or the end.
    let end: Int
  }

  /// The text between commas, and the words of each.
  private static func items(of text: String) -> [Item] {
    var items: [Item] = []
    var words: [Settings.Word] = []
    var word = ""
    for (position, character) in Array(text).enumerated() {
      let isComma = character == ","
      if isComma || character.isWhitespace {
        if !word.isEmpty { words.append(.init(text: word, position: position - word.count)) }
        word = ""
        if isComma {
          items.append(Item(text: text, words: words, end: position))
          words = []
        }
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(.init(text: word, position: text.count - word.count)) }
    return items + [Item(text: text, words: words, end: text.count)]
  }

  private static func member(_ item: Item, of types: [any Described.Type]) throws -> any Described {
    guard let first = item.words.first, let type = types.first(where: { $0.names.contains(first.text) }) else {
      let names = types.flatMap { $0.names }.joined(separator: ", ")
      throw DescriptionError(
        text: item.text, position: item.words.first?.position ?? item.end, expected: "one of \(names)",
        found: item.words.first.map { "\"\($0.text)\"" } ?? (item.end == item.text.count ? "the end" : "a comma"))
    }
    var settings = Settings(item.words.dropFirst(), after: first.text, of: item.text, end: item.end)
    let member = try type.init(&settings)
    try settings.finish()
    return member
  }
}
