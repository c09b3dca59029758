import Testing
import VAEKernels
import VAETrainer

/// The table of presets: every entry can be built and trained.
@Suite struct PresetTests {
  @Test(arguments: Preset.all.map(\.name)) func everyPresetCanBeTrained(name: String) throws {
    let preset = try #require(Preset.named(name))
    let architecture = try preset.architecture(inputCount: 784)
    try architecture.validate()
    try preset.training().validate(for: architecture)
  }

  @Test func namesAreUnique() {
    #expect(Set(Preset.all.map(\.name)).count == Preset.all.count)
    #expect(Preset.named("nothing") == nil)
  }

  @Test func theWorkloadsThatAreTimed() throws {
    let shapes = try ["keras-2d", "torch-20d", "iwae-50d", "wide-64d"].map { name in
      let preset = try #require(Preset.named(name))
      return "\(try preset.architecture(inputCount: 784).shape), batch \(preset.batchSize)"
    }
    #expect(
      shapes == [
        "784–512–2–512–784, relu, batch 128", "784–400–20–400–784, relu, batch 128",
        "784–200–200–50–200–200–784, tanh, batch 20", "784–2048–2048–64–2048–2048–784, relu, batch 512",
      ])
  }
}
