import Testing
import VAEKernels

/// Parts in words: what is read, and what is said of what cannot be.
@Suite struct VocabularyTests {
  private let vocabulary = Vocabulary.standard

  @Test(arguments: [
    "none", "dense 512, relu", "dense 1, dense 2", "relu",
    "dense 3, batch-norm momentum 0.01 epsilon 0.001, gelu, dropout 0.5",
  ])
  func layersAreWhatTheirWordsAre(words: String) throws {
    #expect("\(LayerList(try vocabulary.layers(words)))" == words)
  }

  @Test func spacesDoNotMatter() throws {
    #expect("\(LayerList(try vocabulary.layers("  dense   7 ,relu,dense 2 ")))" == "dense 7, relu, dense 2")
  }

  @Test(arguments: [
    ("gaussian", "gaussian 0.5"), ("gaussian 0.1", "gaussian 0.1"), ("categorical", "categorical 256"),
    ("bernoulli", "bernoulli"), ("gaussian-learned", "gaussian-learned"),
  ])
  func likelihoods(words: String, same: String) throws {
    #expect("\(try vocabulary.likelihood(words))" == same)
  }

  @Test(arguments: [
    "elbo", "elbo 5", "elbo free-bits 0.5", "elbo 2 capacity 20.0", "elbo monte-carlo",
    "elbo 3 monte-carlo sticking-the-landing",
    "iwae 5", "iwae 50 doubly-reparameterized", "reconstruction", "reconstruction l1 0.001",
    "reconstruction kl 0.01 0.1",
  ])
  func objectives(words: String) throws {
    #expect("\(try vocabulary.objective(words))" == words)
  }

  @Test(arguments: ["gaussian", "point", "point relu"]) func posteriors(words: String) throws {
    #expect("\(try vocabulary.posterior(words))" == words)
  }

  /// The place, and what could stand there.
  @Test(arguments: [
    ("dense 512, rleu", 11, "\"rleu\""), ("dense", 5, "the end"), ("dense x, relu", 6, "\"x\""),
    ("dense 0", 6, "\"0\""), ("dense 5,, relu", 8, "a comma"), ("dense 5,", 8, "the end"), ("", 0, "the end"),
    ("dense 5 6", 8, "\"6\""), ("dense, relu", 5, "the end"), ("none, relu", 0, "\"none\""),
    ("dense 99999999999999999999", 6, "\"99999999999999999999\""),
  ])
  func mistakesAreWhereTheyAre(words: String, position: Int, found: String) throws {
    let error = try #require(throws: DescriptionError.self) { try vocabulary.layers(words) }
    #expect(error.position == position && error.found == found && error.text == words, "\(error)")
    #expect(!error.expected.isEmpty)
  }

  /// Words that may follow are named where another does.
  @Test func whatCouldFollowIsNamed() throws {
    let error = try #require(throws: DescriptionError.self) { try vocabulary.layers("batch-norm 0.1") }
    #expect(error.expected.contains("momentum") && error.expected.contains("epsilon"), "\(error)")
  }

  @Test(arguments: [
    "gaussian, bernoulli", "gaussian x", "gaussian 0.1 0.2", "nb log", "poisson dispersion decoder", "",
  ])
  func oneDescriptionIsOne(words: String) {
    #expect(throws: DescriptionError.self) { try vocabulary.likelihood(words) }
  }

  /// A type of a program's own, beside the others.
  @Test func itCanBeAddedTo() throws {
    struct Own: Prior {
      static let name = "own"
      init(_ settings: inout Settings) {}
      func lay(_ blueprint: inout Blueprint, latentCount: Int) -> any PriorStage { StandardNormal() }
    }
    #expect(throws: DescriptionError.self) { try vocabulary.prior("own") }
    var larger = vocabulary
    larger.priors.append(Own.self)
    #expect(try larger.prior("own") is Own)
  }

  /// No two types of one family have a name in common.
  @Test func namesAreUnambiguous() {
    let families: [[any Described.Type]] = [
      vocabulary.layers, vocabulary.posteriors, vocabulary.priors, vocabulary.likelihoods, vocabulary.objectives,
    ]
    for family in families {
      let names = family.flatMap { $0.names }
      #expect(Set(names).count == names.count)
    }
  }
}
