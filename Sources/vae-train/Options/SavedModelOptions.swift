import ArgumentParser

/// The model that a command works with.
struct SavedModelOptions: ParsableArguments {
  @Argument(help: "A run's folder, or a model's .safetensors file.", completion: .file())
  var run: String

  @Flag(name: .long, help: "Take best.safetensors, the best epoch by the validation set.")
  var best = false

  func load() throws -> SavedModel { try SavedModel(run, best: best) }
}
