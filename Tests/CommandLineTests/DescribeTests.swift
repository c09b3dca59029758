import Foundation
import TestSupport
import Testing

/// Models in words at the command line: what is printed of them, trained, refused.
@Suite struct DescribeTests {
  private func describe(_ arguments: [String]) throws -> [String] {
    let folder = try TemporaryFolder()
    let result = try Executable.run(["describe"] + arguments, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    return result.outputLines
  }

  @Test func everyLayerHasALine() throws {
    let lines = try describe(["--inputs", "10", "--encoder", "dense 6, relu, batch-norm, dense 4, gelu"])
    let parts = [
      "input", "encoder.layers.0", "encoder.layers.2", "encoder.layers.3", "encoder.layers.4", "encoder.posterior",
    ]
    for part in parts { #expect(lines.contains { $0.hasPrefix(part + " ") }, "\(part)") }
    // 10 × 6 weights and 6 biases; two operations a weight.
    let dense = try #require(lines.first { $0.hasPrefix("encoder.layers.0 ") })
    #expect(dense.contains("dense 6, relu") && dense.hasSuffix(" 120") && dense.contains(" 66 "))
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
  }

  @Test func aPresetAndAnOptionBesideIt() throws {
    #expect(try describe(["--preset", "keras-2d"]).contains { $0.contains("dense 512, relu") })
    #expect(
      try describe(["--preset", "keras-2d", "--latent", "7"]).contains { $0.hasPrefix("latent") && $0.contains(" 7 ") })
    let own = try describe(["--preset", "iwae-50d", "--hidden", "8"])
    #expect(own.contains { $0.contains("dense 8, tanh") } && !own.contains { $0.contains("dense 200") })
  }

  @Test func theWordAtFaultIsNamed() throws {
    let folder = try TemporaryFolder()
    try expectRefusal(
      ["describe", "--encoder", "dense 12, rleu"], in: folder,
      naming: ["--encoder", "after \"dense 12,\"", "\"rleu\"", "relu"])
    try expectRefusal(["describe", "--likelihood", "gaussian -1"], in: folder, naming: ["--likelihood", "\"-1\""])
    try expectRefusal(
      ["describe", "--encoder", "dense 5", "--hidden", "5"], in: folder, naming: ["--hidden", "--encoder"])
    try expectRefusal(["describe", "--preset", "nothing"], in: folder, naming: ["--preset", "keras-2d"])
    try expectRefusal(["describe", "--posterior", "point gelu"], in: folder, naming: ["--posterior", "\"gelu\""])
  }

  /// An option beside a preset wins, and what the preset says of what it replaced goes with it.
  @Test(arguments: [
    ["--preset", "iwae-mnist", "--schedule", "constant"], ["--preset", "autoencoder-32", "--model", "vae"],
    ["--preset", "autoencoder-32", "--code-activation", "tanh"],
    ["--preset", "linear-ppca", "--likelihood", "gaussian", "--variance", "0.1"],
  ])
  func presetsGiveWay(options: [String]) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(
      ["--data", "data", "--output", "run", "--epochs", "1", "--no-images"] + options, in: folder)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func mixturesThatSayTwoThings() throws {
    let folder = try TemporaryFolder()
    try expectRefusal(
      ["describe", "--likelihood", "gaussian 0.1", "--variance", "0.5"], in: folder, naming: ["--variance", "both"])
    try expectRefusal(
      ["describe", "--encoder", "dense 3", "--activation", "tanh"], in: folder, naming: ["--activation", "--encoder"])
    try expectRefusal(
      ["describe", "--decoder", "dense 16777216, dense 16777216"], in: folder, naming: ["--decoder", "parameters"])
    try Tiny.writeData(in: folder)
    try expectRefusal(
      ["--data", "data", "--encoder", "batch-norm", "--batch-size", "1"], in: folder, naming: ["--batch-size", "2"])
  }

  /// A model whose words this program does not know, as one made with a type of somebody's own.
  @Test func wordsOfOthersInAModelFile() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    var bytes = try folder.read("run/model.safetensors")
    let (old, new) = (Array("standard-normal".utf8), Array("standard-nobody".utf8))
    let start = try #require(bytes.firstRange(of: old)?.lowerBound)
    bytes.replaceSubrange(start..<start + old.count, with: new)
    try folder.write(bytes, to: "own/model.safetensors")
    try expectRefusal(
      ["sample", "own/model.safetensors", "--output", "s.png"], in: folder, naming: ["prior", "standard-nobody"])
  }

  /// Trained with every kind of layer, resumed, evaluated, drawn.
  @Test func layersGoAllTheWay() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let trained = try Executable.run(
      [
        "--data", "data", "--output", "run", "--epochs", "2", "--batch-size", "16", "--threads", "1", "--verbose",
        "--encoder", "dense 8, batch-norm, relu, dropout 0.2", "--decoder", "dense 8, layer-norm, silu",
      ], in: folder)
    try #require(trained.status == 0, "\(trained.errors)")
    #expect(trained.output.contains("encoder.layers.3   dropout 0.2"))
    let whole = try Executable.run(["evaluate", "run", "--json", "--threads", "1"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let last = try #require(try Tiny.metrics(folder).last?["test_negative_elbo"])
    #expect(try Tiny.numbers(ofJSON: whole.output)["test_negative_elbo"] == last)
    for command in [
      ["sample", "run"], ["reconstruct", "run"], ["report", "run"], ["--resume", "run", "--epochs", "3"],
    ] {
      let result = try Executable.run(command, in: folder)
      #expect(result.status == 0, "\(command): \(result.errors)")
    }
  }
}
