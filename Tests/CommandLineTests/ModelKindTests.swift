import Foundation
import TestSupport
import Testing
import VAEReport

/// Every kind of model and objective from the command line: trained, resumed, evaluated, drawn, encoded.
struct ModelKindTests {
  static let kinds: [[String]] = [
    ["--model", "autoencoder"],
    ["--model", "autoencoder", "--code-activation", "sigmoid", "--sparsity", "kl", "--corruption", "gaussian"],
    ["--model", "autoencoder", "--conditional", "--sparsity", "l1", "--optimizer", "sgd"],
    ["--conditional", "--objective", "iwae", "--importance-samples", "3"],
    ["--likelihood", "gaussian-learned", "--optimizer", "adamw", "--corruption", "masking"],
    ["--likelihood", "gaussian-per-pixel", "--optimizer", "sgd", "--learning-rate", "1e-4"],
    ["--likelihood", "categorical", "--levels", "4", "--free-bits", "0.1"],
    ["--capacity", "5", "--capacity-epochs", "2", "--kl-weight", "3", "--clip-norm", "5"],
    ["--kl-warm-up-steps", "7", "--optimizer", "adamax", "--l2-penalty", "0.001", "--decayed", "weights"],
    ["--optimizer", "rmsprop", "--smoothing", "0.9", "--clip-norm", "5"],
  ]

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> String {
    let result = try Executable.run(arguments, in: folder)
    try #require(result.status == 0, "\(arguments): \(result.errors)")
    return result.output
  }

  @Test(arguments: kinds) func everyCommandTakesIt(kind: [String]) throws {
    let folder = try Tiny.makeRun(kind)
    _ = try run(["evaluate", "run"], in: folder)
    let figures = try Tiny.numbers(ofJSON: run(["evaluate", "run", "--json", "--probe"], in: folder))
    let last = try #require(try Tiny.metrics(folder).last)
    #expect(abs(figures["negative_elbo"]! - last["test_negative_elbo"]!) < 1e-9)
    #expect(figures["reconstruction_error"]! > 0 && (0...1).contains(figures["probe_accuracy"]!))
    #expect(figures["rate"] == figures["kl"] && figures["distortion"] == figures["reconstruction"])
    if kind.contains("autoencoder") {
      #expect(figures["kl"] == 0)
      try expectRefusal(
        ["evaluate", "run", "--importance-samples", "5"], in: folder, naming: ["--importance-samples"])
    } else {
      let output = try run(["evaluate", "run", "--json", "--importance-samples", "5"], in: folder)
      #expect(try Tiny.numbers(ofJSON: output)["negative_log_likelihood"] != nil)
    }
    for command in ["sample", "reconstruct", "manifold"] {
      let output = try run([command, "run", "--output", "\(command).png"], in: folder)
      #expect(output.hasPrefix("\(command).png"))
    }
    _ = try run(["sample", "run", "--draw-pixels", "--output", "drawn.png"], in: folder)
    #expect(try folder.read("drawn.png") != folder.read("sample.png"))
    _ = try run(["encode", "run", "--output", "codes.csv"], in: folder)
    _ = try run(["decode", "run", "--latents", "codes.csv", "--output", "decoded.png"], in: folder)
    _ = try run(["encode", "run", "--output", "codes.npy"], in: folder)
    _ = try run(["decode", "run", "--latents", "codes.npy", "--output", "again.png"], in: folder)
    #expect(try folder.read("again.png") == folder.read("decoded.png"))
  }

  /// Two epochs and two more end with the bytes of four.
  @Test(arguments: kinds) func resumesToTheSameBytes(kind: [String]) throws {
    let folder = try Tiny.makeRun(kind)
    _ = try run(["--resume", "run", "--epochs", "4", "--no-images"], in: folder)
    let whole = ["--data", "data", "--output", "whole", "--epochs", "4", "--no-images"] + Tiny.options + kind
    _ = try run(whole, in: folder)
    #expect(try folder.read("run/model.safetensors") == folder.read("whole/model.safetensors"))
    #expect(try folder.read("run/checkpoint.safetensors").count == folder.read("whole/checkpoint.safetensors").count)
  }

  @Test func aConditionalModelIsAskedForAClass() throws {
    let folder = try Tiny.makeRun(["--conditional"])
    for label in ["0", "3"] {
      _ = try run(["sample", "run", "--label", label, "--output", "\(label).png"], in: folder)
      _ = try run(["manifold", "run", "--label", label, "--size", "2", "--output", "m\(label).png"], in: folder)
    }
    #expect(try folder.read("0.png") != folder.read("3.png") && folder.read("m0.png") != folder.read("m3.png"))
    try expectRefusal(["sample", "run", "--label", "4"], in: folder, naming: ["--label", "0 to 3", "4"])
    try expectRefusal(["sample", "run", "--near-label", "1"], in: folder, naming: ["--near-label", "--label"])
  }

  @Test func anotherIsAskedForDrawsNearOne() throws {
    let folder = try Tiny.makeRun()
    for label in ["0", "3"] {
      _ = try run(["sample", "run", "--near-label", label, "--output", "\(label).png"], in: folder)
    }
    #expect(try folder.read("0.png") != folder.read("3.png"))
    try expectRefusal(["sample", "run", "--near-label", "9"], in: folder, naming: ["0, 1, 2, 3", "9"])
    try expectRefusal(["sample", "run", "--label", "1"], in: folder, naming: ["--label", "--near-label 1"])
    try expectRefusal(
      ["sample", "run", "--label", "1", "--near-label", "1"], in: folder, naming: ["--near-label"])
    try expectRefusal(["sample", "run", "--data", "data"], in: folder, naming: ["--data", "--near-label"])
    // As many dimensions as a class has examples.
    let wide = try Tiny.makeRun(["--latent", "16"])
    try expectRefusal(["sample", "run", "--near-label", "1"], in: wide, naming: ["--near-label 1", "17", "16"])
  }

  /// A part of another run's model is where a new one starts, and stays where it is told to.
  @Test func startsFromAnotherRun() throws {
    let folder = try Tiny.makeRun(["--model", "autoencoder"])
    let start = ["--data", "data", "--epochs", "1", "--initialize-from", "run"] + Tiny.options
    let parts = ["--parts", "encoder", "--freeze", "encoder", "--output", "second"]
    #expect(try run(start + parts, in: folder).contains("encoder of"))
    let codes = try ["run", "second"].map {
      _ = try run(["encode", $0, "--output", "\($0).csv"], in: folder)
      return try String(decoding: folder.read("\($0).csv"), as: UTF8.self).split(separator: "\n").map {
        $0.split(separator: ",").prefix(3).joined(separator: ",")
      }
    }
    #expect(codes[0] == codes[1])
    try expectRefusal(
      ["--data", "data", "--initialize-from", "run", "--hidden", "7", "--output", "o"], in: folder,
      naming: ["--initialize-from", "shape"])
    try expectRefusal(["--parts", "encoder"], in: folder, naming: ["--parts", "--initialize-from"])
    try expectRefusal(
      start + ["--parts", "encoder", "--freeze", "decoder", "--output", "o"], in: folder, naming: ["--freeze"])
    try expectRefusal(start + ["--freeze", "all", "--output", "o"], in: folder, naming: ["--freeze"])
  }

  @Test(arguments: [
    (["--model", "autoencoder", "--kl-weight", "2"], "--kl-weight"),
    (["--model", "autoencoder", "--objective", "iwae"], "--objective"),
    (["--model", "autoencoder", "--importance-samples", "2"], "--importance-samples"),
    (["--model", "autoencoder", "--free-bits", "1"], "--free-bits"),
    (["--model", "autoencoder", "--kl-warm-up-epochs", "1"], "--kl-warm-up-epochs"),
    (["--model", "autoencoder", "--sparsity", "kl"], "--sparsity"),
    (["--sparsity", "l1"], "--sparsity"), (["--sparsity-weight", "1"], "--sparsity-weight"),
    (["--code-activation", "relu"], "--code-activation"), (["--capacity-epochs", "1"], "--capacity-epochs"),
    (["--free-bits", "1", "--capacity", "1"], "--capacity"), (["--free-bits", "-1"], "--free-bits"),
    (["--objective", "iwae", "--free-bits", "1"], "--free-bits"), (["--levels", "4"], "--levels"),
    (["--likelihood", "categorical", "--levels", "1"], "--levels"),
    (["--likelihood", "gaussian-learned", "--variance", "1"], "--variance"),
    (["--momentum", "0.5"], "--momentum"), (["--optimizer", "sgd", "--beta1", "0.5"], "--beta1"),
    (["--optimizer", "adamax", "--momentum", "0.5"], "--momentum"), (["--smoothing", "0.5"], "--smoothing"),
    (["--optimizer", "rmsprop", "--smoothing", "1"], "--smoothing"), (["--decayed", "weights"], "--decayed"),
    (["--l2-penalty", "2"], "--l2-penalty"), (["--optimizer", "lion"], "--optimizer"),
    (["--weight-decay", "0.5"], "--weight-decay"), (["--optimizer", "adamw", "--weight-decay", "2"], "--weight-decay"),
    (["--corruption-amount", "1"], "--corruption-amount"),
    (["--corruption", "masking", "--corruption-amount", "1"], "--corruption-amount"),
    (["--kl-warm-up-steps", "1000"], "--kl-warm-up-steps"),
    (["--kl-warm-up-steps", "1", "--kl-warm-up-epochs", "1"], "--kl-warm-up-steps"),
  ])
  func combinationsThatMakeNoSense(options: [String], named: String) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    try expectRefusal(
      ["--data", "data", "--output", "run", "--epochs", "2"] + Tiny.options + options, in: folder, naming: [named])
  }

  /// A warning is one line on standard error, and a record in the metrics.
  @Test func warnsOfACollapse() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(
      ["--data", "data", "--output", "run", "--epochs", "20", "--kl-weight", "20", "--learning-rate", "0.03"]
        + Tiny.options, in: folder)
    #expect(result.status == 0)
    let warnings = result.errors.split(separator: "\n")
    #expect(warnings.count == 2, "\(result.errors)")
    #expect(warnings.first?.contains("β = 20.0 is the number of features") == true)
    #expect(warnings.last?.contains("the posterior has collapsed") == true)
    let metrics = try String(decoding: folder.read("run/metrics.jsonl"), as: UTF8.self)
    #expect(metrics.contains("the posterior has collapsed"))
  }
}
