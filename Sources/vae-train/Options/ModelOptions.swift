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
    help: ArgumentHelp("bernoulli, for pixels in [0, 1], or gaussian (default: bernoulli).", valueName: "name"),
    transform: Parse.choice)
  var likelihood: LikelihoodName?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Variance of the Gaussian likelihood (default: 0.5, which is the plain sum of squared errors and a constant).",
      valueName: "number"),
    transform: Parse.number)
  var variance: Float?

  enum LikelihoodName: String, CaseIterable { case bernoulli, gaussian }

  /// The options that were given, by name.
  var given: [String] {
    [
      ("hidden", hidden != nil), ("decoder-hidden", decoderHidden != nil), ("latent", latent != nil),
      ("activation", activation != nil), ("likelihood", likelihood != nil), ("variance", variance != nil),
    ].compactMap { $0.1 ? $0.0 : nil }
  }

  func validate() throws {
    if variance != nil && likelihood != .gaussian {
      throw ValidationError("--variance: expected with --likelihood gaussian alone, found without it")
    }
  }

  func architecture(inputCount: Int) throws -> Architecture {
    let defaults = Architecture(inputCount: inputCount)
    let encoderHidden = hidden ?? defaults.encoderHidden
    let architecture = Architecture(
      inputCount: inputCount, encoderHidden: encoderHidden, latentCount: latent ?? defaults.latentCount,
      decoderHidden: decoderHidden, activation: activation ?? defaults.activation,
      likelihood: likelihood == .gaussian ? .gaussian(variance: variance ?? 0.5) : .bernoulli)
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
    case .variance: "variance"
    }
  }
}
