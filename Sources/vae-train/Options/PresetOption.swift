import ArgumentParser
import VAETrainer

/// `--preset`.
enum PresetOption {
  static let help = ArgumentHelp(
    "Model, batch and optimiser of a named workload: \(names); an option beside it wins (default: none).",
    valueName: "name")

  static let completion = CompletionKind.list(Preset.all.map(\.name))

  private static var names: String { Preset.all.map(\.name).joined(separator: ", ") }

  @Sendable static func read(_ name: String) throws -> Preset {
    guard let preset = Preset.named(name) else { throw ValidationError("expected one of \(names)") }
    return preset
  }
}
