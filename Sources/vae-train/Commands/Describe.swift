import ArgumentParser
import VAEKernels
import VAETrainer

/// `vae-train describe`.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's layers: shapes, parameters, operations of an example.",
    usage: "vae-train describe [<options>]")

  @Option(
    name: .long, help: ArgumentHelp("Features of an example (default: 784).", valueName: "count"),
    transform: Parse.wholeNumber)
  var inputs = 784

  @Option(name: .long, help: PresetOption.help, completion: PresetOption.completion, transform: PresetOption.read)
  var preset: Preset?

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Samples of each example's latent (default: 1).", valueName: "count"),
    transform: Parse.wholeNumber)
  var importanceSamples = 1

  func run() throws {
    guard (1...maximumSamples).contains(importanceSamples) else {
      throw ValidationError("--importance-samples: expected 1 to \(maximumSamples), found \(importanceSamples)")
    }
    let architecture = try model.architecture(
      inputCount: inputs, labelCount: model.conditional ? 10 : 0, preset: preset)
    print(ModelTable(try Plan(architecture), samples: importanceSamples).text)
  }
}
