import ArgumentParser
import VAEKernels

/// The shape of a model. Every option is nil where it was not given, so that its default stands in one place, the
/// library, and a resumed run can tell that one was given.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Widths of the encoder's hidden layers (default: 512).", valueName: "widths"),
    transform: Parse.widths)
  var hidden: [Int]?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Widths of the decoder's hidden layers (default: the encoder's, reversed).", valueName: "widths"),
    transform: Parse.widths)
  var decoderHidden: [Int]?

  @Option(
    name: .long, help: ArgumentHelp("Latent dimensions (default: 2).", valueName: "count"),
    transform: Parse.wholeNumber)
  var latent: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("\(Parse.names(Activation.self)) (default: relu).", valueName: "name"), transform: Parse.choice)
  var activation: Activation?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "\(Likelihood.families.map { $0.name }.joined(separator: ", ")) (default: bernoulli, for pixels in [0, 1]).",
      valueName: "name"),
    transform: Self.likelihoodName)
  var likelihood: String?

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
      "vae, or autoencoder: a code that is not drawn, and no KL divergence (default: vae).",
      valueName: "name"),
    transform: Parse.choice)
  var model: Architecture.Model?

  @Option(
    name: .long,
    help: ArgumentHelp("What an autoencoder's code passes through (default: identity).", valueName: "name"),
    transform: Parse.choice)
  var codeActivation: Activation?

  @Flag(name: .long, help: "Tell encoder and decoder the class of each example, so that one can ask for a class.")
  var conditional = false

  /// The options that were given, by name.
  var given: [String] {
    [
      ("hidden", hidden != nil), ("decoder-hidden", decoderHidden != nil), ("latent", latent != nil),
      ("activation", activation != nil), ("likelihood", likelihood != nil), ("variance", variance != nil),
      ("levels", levels != nil), ("model", model != nil), ("code-activation", codeActivation != nil),
      ("conditional", conditional),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  private static func likelihoodName(_ text: String) throws -> String {
    let names = Likelihood.families.map { $0.name }
    guard names.contains(text) else { throw ValidationError("expected one of \(names.joined(separator: ", "))") }
    return text
  }

  /// The settings that were given, by name.
  private var settings: [String: Float] {
    [("variance", variance), ("levels", levels)].reduce(into: [:]) { $0[$1.0] = $1.1 }
  }

  private var family: any LikelihoodFamily.Type {
    Likelihood.families.first { $0.name == likelihood } ?? Bernoulli.self
  }

  func validate() throws {
    for setting in settings.keys.sorted() where !family.settingNames.contains(setting) {
      let names = Likelihood.families.filter { $0.settingNames.contains(setting) }.map { $0.name }
      throw ValidationError(
        "--\(setting): expected with --likelihood \(names.joined(separator: " or ")) alone, found with \(family.name)")
    }
    if codeActivation != nil && model != .autoencoder {
      throw ValidationError("--code-activation: expected with --model autoencoder alone, found with vae")
    }
  }

  /// The model for data of so many features and, where it is to be told them, classes.
  func architecture(inputCount: Int, labelCount: Int = 0) throws -> Architecture {
    let likelihood: Likelihood
    do { likelihood = Likelihood(try family.init(settings: settings)) } catch { throw ValidationError("--\(error)") }
    let defaults = Architecture(inputCount: inputCount)
    let encoderHidden = hidden ?? defaults.encoderHidden
    let architecture = Architecture(
      inputCount: inputCount, encoderHidden: encoderHidden, latentCount: latent ?? defaults.latentCount,
      decoderHidden: decoderHidden, activation: activation ?? defaults.activation,
      likelihood: likelihood, model: model ?? .vae, codeActivation: codeActivation ?? .identity,
      labelCount: labelCount)
    do {
      try architecture.validate()
    } catch let error as ArchitectureError {
      // The option instead of the error's own word for the place.
      let complaint = "\(error)".split(separator: ": ", maxSplits: 1).last ?? ""
      throw ValidationError("--\(option(of: error)): \(complaint)")
    }
    return architecture
  }

  /// Which option an architecture's error is about.
  private func option(of error: ArchitectureError) -> String {
    switch error {
    case .width("latent", _): "latent"
    case .width("input", _): "inputs"
    case .width("decoder hidden", _) where decoderHidden != nil: "decoder-hidden"
    case .width, .depth, .tooManyParameters: "hidden"
    case .labelCount: "conditional"
    case .codeActivationOfVAE: "code-activation"
    }
  }
}
