import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// The shape of a model. Every option is nil where it was not given, so that its default stands in one place, the
/// library.
struct ModelOptions: ParsableArguments {
  private static let vocabulary = Vocabulary.standard

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The encoder's layers, with commas between: \(Parse.names(vocabulary.layers)) (default: \"dense 512, relu\"; of a table 256; of sparse counts \"log1p, dense 128, batch-norm, relu, dropout 0.1\").",
      valueName: "layers"),
    completion: .names(vocabulary.layers), transform: Parse.words(vocabulary.layers))
  var encoder: LayerList?

  @Option(
    name: .long,
    help: ArgumentHelp("The decoder's layers (default: the encoder's dense ones, reversed).", valueName: "layers"),
    completion: .names(vocabulary.layers), transform: Parse.words(vocabulary.layers))
  var decoder: LayerList?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Short for an encoder of dense layers of these widths (default: 512; of a table 256).", valueName: "widths"),
    transform: Parse.widths)
  var hidden: [Int]?

  @Option(
    name: .long,
    help: ArgumentHelp("The same for the decoder (default: the encoder's, reversed).", valueName: "widths"),
    transform: Parse.widths)
  var decoderHidden: [Int]?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Behind each of those layers: \(Parse.names(Activation.self)) (default: relu).", valueName: "name"),
    completion: .choices(Activation.self), transform: Parse.choice)
  var activation: Activation?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Latent dimensions (default: 2; of a table one for two columns, 2 to 32; of sparse counts 10).",
      valueName: "count"),
    transform: Parse.wholeNumber)
  var latent: Int?

  @Option(
    name: .customLong("likelihood"),
    help: ArgumentHelp(
      "auto, \(Parse.names(vocabulary.likelihoods)) (default: auto: by-column for tables, nb for sparse counts, bernoulli for pixels in [0, 1]).",
      valueName: "words"),
    completion: .names(vocabulary.likelihoods), transform: LikelihoodChoice.read)
  var likelihoodChoice: LikelihoodChoice?

  /// A likelihood, or the one that the data ask for.
  enum LikelihoodChoice: Sendable {
    case auto
    case one(any Likelihood)

    @Sendable static func read(_ text: String) throws -> LikelihoodChoice {
      text == "auto" ? .auto : .one(try Parse.words(vocabulary.likelihood)(text))
    }
  }

  /// The one that was named.
  var likelihood: (any Likelihood)? {
    if case .one(let likelihood) = likelihoodChoice { return likelihood }
    return nil
  }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "That of gaussian (default: 0.5, which is the plain sum of squared errors and a constant).",
      valueName: "number"),
    transform: Parse.number)
  var variance: Float?

  @Option(
    name: .long, help: ArgumentHelp("Levels of a pixel, for categorical (default: 256).", valueName: "count"),
    transform: Parse.number)
  var levels: Float?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What the encoder's output is made into: \(Parse.names(vocabulary.posteriors)) (default: gaussian).",
      valueName: "words"),
    completion: .names(vocabulary.posteriors), transform: Parse.words(vocabulary.posterior))
  var posterior: (any Posterior)?

  @Option(
    name: .long,
    help: ArgumentHelp("What latents are drawn from: \(Parse.names(vocabulary.priors)).", valueName: "words"),
    completion: .names(vocabulary.priors), transform: Parse.words(vocabulary.prior))
  var prior: (any Prior)?

  /// Short for a posterior.
  enum Model: String, CaseIterable {
    case vae, autoencoder
  }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "vae, or autoencoder: short for --posterior point, a code that is not drawn, and no KL divergence (default: vae).",
      valueName: "name"),
    completion: .choices(Model.self), transform: Parse.choice)
  var model: Model?

  @Option(
    name: .long,
    help: ArgumentHelp("What an autoencoder's code passes through (default: identity).", valueName: "name"),
    completion: .choices(Activation.self), transform: Parse.choice)
  var codeActivation: Activation?

  @Flag(name: .long, help: "Tell encoder and decoder the class of each example, so that one can ask for a class.")
  var conditional = false

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Tell the encoder too what the decoder is told of cells (default: not, so that the latent is free of it).")
  var encoderCovariates: Bool?

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Tell every dense layer what a model is told, and not the first alone (default: the first).")
  var covariatesAtEveryLayer: Bool?

  /// Where the exposure of counts comes from.
  enum Exposure: String, CaseIterable {
    case observed, learned
  }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How much was counted in all: observed, the sum of a row or --exposure-column, or learned, a latent of its own (default: observed).",
      valueName: "name"),
    completion: .choices(Exposure.self), transform: Parse.choice)
  var exposure: Exposure?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The layers of the encoder that says a learned exposure (default: the encoder's, up to its second dense one).",
      valueName: "layers"),
    completion: .names(vocabulary.layers), transform: Parse.words(vocabulary.layers))
  var exposureEncoder: LayerList?

  func validate() throws {
    if exposureEncoder != nil, exposure != .learned {
      throw ValidationError("--exposure-encoder: expected with --exposure learned, found without it")
    }
    func refuse(_ option: String, _ isGiven: Bool, with other: String) throws {
      if isGiven { throw ValidationError("--\(option): expected without --\(other), found both") }
    }
    if encoder != nil { try refuse("hidden", hidden != nil, with: "encoder") }
    if decoder != nil { try refuse("decoder-hidden", decoderHidden != nil, with: "decoder") }
    if posterior != nil {
      try refuse("model", model != nil, with: "posterior")
      try refuse("code-activation", codeActivation != nil, with: "posterior")
    }
    if activation != nil && hidden == [] && decoderHidden ?? [] == [] {
      throw ValidationError("--activation: expected with hidden layers, found with --hidden none")
    }
    if encoder != nil && decoderHidden == nil { try refuse("activation", activation != nil, with: "encoder") }
  }

  /// The model for data of so many features and, where it is to be told them, classes and batches; `preset` where nothing is said.
  ///
  /// Where they are of data that have not been read, what depends on a likelihood of theirs is left out.
  func architecture(
    inputCount: Int, labelCount: Int = 0, batchCount: Int? = nil, preset: Preset? = nil, isBeforeData: Bool = false
  ) throws -> Architecture {
    var usual = try preset?.architecture(inputCount: inputCount) ?? Architecture(inputCount: inputCount)
    if let batchCount {
      (usual.numericCovariateCount, usual.batchCovariates, usual.encoderIsTold) = (batchCount, 0..<batchCount, false)
    }
    return try architecture(
      from: usual, labelCount: labelCount, knowsLikelihood: !isBeforeData || preset != nil)
  }

  /// The model for `data`: of the shape and with the likelihood that suit them, or those of `preset`, where nothing is
  /// said.
  func architecture(for data: Dataset, labelCount: Int, preset: Preset?) throws -> Architecture {
    var usual =
      try preset?.architecture(inputCount: data.featureCount)
      ?? data.coding.map(TableDefaults.architecture)
      ?? (data.isSparse && data.isOfCounts ? CountDefaults.architecture(of: data) : nil)
      ?? Architecture(inputCount: data.featureCount)
    if let coding = data.coding {
      (usual.indicatorCount, usual.numericCovariateCount) = (coding.indicatorCount, coding.conditionCount)
      usual.likelihood = TableDefaults.likelihood(for: coding)
    } else if data.toldCount > 0 {
      usual.numericCovariateCount = data.toldCount
      usual.encoderIsTold = false
    }
    if data.coding == nil, usual.likelihood is Bernoulli, !data.lies(within: 0...1) {
      usual.likelihood = LearnedGaussian()
    }
    if labelCount == 0, usual.numericCovariateCount == 0 {
      for (option, isGiven) in [
        ("encoder-covariates", encoderCovariates != nil), ("covariates-at-every-layer", covariatesAtEveryLayer != nil),
      ] where isGiven {
        throw ValidationError(
          "--\(option): expected with a model that is told something (--batch-column, --covariates, --conditions, "
            + "--conditional), found with one that is told nothing")
      }
    }
    var architecture = try architecture(from: usual, labelCount: labelCount)
    let isByBatch = architecture.likelihood.learnsByBatch
    if isByBatch || architecture.exposureEncoder != nil { architecture.batchCovariates = data.batchCovariates }
    if isByBatch, architecture.batchCovariates == nil {
      throw ValidationError(
        "--likelihood: expected with a --batch-column of several batches, for \(architecture.likelihood), found without"
      )
    }
    return architecture
  }

  /// `knowsLikelihood` unless the data are still to say it, where no option does.
  private func architecture(
    from usual: Architecture, labelCount: Int, knowsLikelihood: Bool = true
  ) throws -> Architecture {
    var architecture = usual
    let ofPreset = architecture.encoder.plain
    // How an encoder is shown counts is not a matter of its widths.
    let transforms = architecture.encoder.layers.prefix { $0 is any InputTransform }
    if let encoder {
      architecture.encoder = encoder
    } else if hidden != nil || activation != nil {
      architecture.encoder = .hidden(
        hidden ?? ofPreset?.widths ?? [512], activation ?? ofPreset?.activation ?? .relu)
      architecture.encoder.layers.insert(contentsOf: transforms, at: 0)
    }
    if let decoder {
      architecture.decoder = decoder
    } else if let decoderHidden {
      architecture.decoder = .hidden(decoderHidden, activation ?? ofPreset?.activation ?? .relu)
    } else if encoder != nil || hidden != nil || activation != nil {
      architecture.decoder = architecture.encoder.reversed(activation: activation)
    }
    if let latent { architecture.latentCount = latent }
    if let posterior {
      architecture.posterior = posterior
    } else if model == .autoencoder || model == nil && codeActivation != nil && architecture.posterior is Point {
      architecture.posterior = Point(codeActivation ?? .identity)
    } else if codeActivation != nil {
      throw ValidationError("--code-activation: expected with --model autoencoder alone, found with vae")
    } else if model == .vae {
      architecture.posterior = DiagonalGaussian()
    }
    if let prior { architecture.prior = prior }
    architecture.encoderIsTold = encoderCovariates ?? architecture.encoderIsTold
    architecture.toldAtEveryLayer = covariatesAtEveryLayer ?? architecture.toldAtEveryLayer
    architecture.likelihood = try likelihoodWithSettings(likelihood ?? architecture.likelihood)
    architecture.labelCount = labelCount
    if exposure == .learned, likelihood != nil || knowsLikelihood {
      architecture.exposureEncoder = exposureEncoder ?? architecture.encoder.untilSecondDense
    }
    do {
      try architecture.validate()
    } catch let error as ArchitectureError {
      // The option instead of the error's own word for the place.
      let complaint = "\(error)".split(separator: ": ", maxSplits: 1).last ?? ""
      throw ValidationError("--\(option(of: error)): \(complaint)")
    }
    return architecture
  }

  /// A likelihood with the setting that has an option of its own.
  private func likelihoodWithSettings(_ likelihood: any Likelihood) throws -> any Likelihood {
    for (option, isGiven, needed, usual) in [
      ("levels", levels != nil, Categorical.name, "categorical 256"),
      ("variance", variance != nil, Gaussian.name, "gaussian 0.5"),
    ] where isGiven {
      guard likelihood.name == needed else {
        throw ValidationError(
          "--\(option): expected with --likelihood \(needed) alone, found with \(likelihood.name)")
      }
      guard self.likelihood == nil || "\(likelihood)" == usual else {
        throw ValidationError("--\(option): expected in the words of --likelihood or beside it, found both")
      }
    }
    if let variance {
      guard Gaussian.isPossible(variance: variance) else {
        let possible = Gaussian.possibleVariances
        throw ValidationError(
          "--variance: expected \(possible.lowerBound) to \(possible.upperBound), found \(variance)")
      }
      return Gaussian(variance: variance)
    }
    if let levels {
      let possible = Categorical.possibleLevels
      guard let count = Int(exactly: levels), possible.contains(count) else {
        throw ValidationError(
          "--levels: expected a whole number from \(possible.lowerBound) to \(possible.upperBound), found \(levels)")
      }
      return Categorical(levels: count)
    }
    return likelihood
  }

  /// Which option an architecture's error is about.
  private func option(of error: ArchitectureError) -> String {
    switch error {
    case .width("latent", _): "latent"
    case .width("input", _): "inputs"
    case .width("decoder hidden", _) where decoderHidden != nil: "decoder-hidden"
    case .width("decoder hidden", _) where decoder != nil: "decoder"
    case .width("output", _) where likelihood != nil: "likelihood"
    case .layer(let name, _, _) where name.hasPrefix("exposure"): "exposure-encoder"
    case .layer(let name, _, _) where name.hasPrefix("decoder.") && decoder != nil: "decoder"
    case .width, .depth, .tooManyParameters, .layer:
      encoder != nil ? "encoder" : hidden == nil && decoder != nil ? "decoder" : "hidden"
    case .likelihood: "likelihood"
    case .exposure: "exposure"
    case .batches: "batch-column"
    case .labelCount, .knownLabels: "conditional"
    case .indicators: "data"
    case .activation: posterior == nil ? "code-activation" : "posterior"
    }
  }
}
