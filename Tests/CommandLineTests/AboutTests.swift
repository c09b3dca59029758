import Foundation
import TestSupport
import Testing
import VAEKernels

/// What the program says of itself: help, version, completions, `info` and `check-gradients`.
struct AboutTests {
  private func run(_ arguments: [String]) throws -> Executable.Result {
    try Executable.run(arguments, in: TemporaryFolder())
  }

  private static let commands = [
    "train", "evaluate", "sample", "reconstruct", "manifold", "traversals", "interpolate",
    "plot", "encode", "decode", "check-gradients", "info", "score", "inspect", "convert", "impute", "describe",
    "denoise",
    "differential-expression",
    "report", "compare", "reproduce",
  ]

  @Test func helpNamesEveryCommandWithin80Columns() throws {
    let help = try run(["--help"])
    #expect(help.status == 0 && help.errors == "")
    for command in Self.commands {
      #expect(help.output.contains("  \(command) "), "\(command)")
      let own = try run(["help", command])
      #expect(own.status == 0 && own.errors == "" && own.output.contains("USAGE: vae-train \(command)"))
      #expect(own.outputLines.allSatisfy { $0.count <= 80 }, "\(own.outputLines.filter { $0.count > 80 })")
    }
  }

  @Test func saysItsVersion() throws {
    #expect(try run(["--version"]).output == PackageVersion.current + "\n")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completesInEveryShell(shell: String) throws {
    let script = try run(["--generate-completion-script", shell])
    #expect(script.status == 0 && script.errors == "" && script.output.contains("check-gradients"))
  }

  @Test func saysWhatIsInUse() throws {
    let result = try run(["info", "--json"])
    let facts = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect(facts?["version"] as? String == PackageVersion.current)
    #expect(facts?["openblas_core"] as? String == BLAS.coreName)
    #expect(facts?["instruction_set"] as? String == VectorMath.active.instructionSet)
    // A debug build has another than an optimised one.
    if Executable.isBesideTests { #expect(facts?["products"] as? String == MatrixProduct.engine.rawValue) }
    #expect(facts?["instruction_sets"] as? [String] == VectorMath.supported.map(\.instructionSet))
    #expect(try run(["info"]).output.contains(BLAS.coreName))
  }

  @Test(arguments: [
    ["--hidden", "8"], ["--hidden", "none", "--latent", "1", "--inputs", "3", "--batch-size", "1", "--seed", "1"],
    ["--hidden", "6,5", "--activation", "tanh", "--likelihood", "gaussian", "--kl-weight", "0.5"],
    ["--hidden", "300"],
  ])
  func gradientsAreRight(shape: [String]) throws {
    let result = try run(["check-gradients", "--threads", "2"] + shape)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    #expect(result.output.contains(shape == ["--hidden", "300"] ? "random directions" : "every coordinate"))
    #expect(result.outputLines.filter { $0.hasSuffix(" passed") && !$0.hasPrefix("all") }.count >= 6)
  }

  /// The slope of this model along a log-variance is next to nothing beside its curvature, which is no kink.
  @Test func curvatureIsNotTakenForAKink() throws {
    let result = try run(["check-gradients", "--hidden", "none", "--latent", "1", "--inputs", "3", "--batch-size", "1"])
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
  }

  /// With so small a variance the gradient is beyond what a Float can hold, and not beyond a Double.
  @Test func aGradientThatIsWrongFails() throws {
    let result = try run([
      "check-gradients", "--hidden", "30", "--inputs", "60", "--latent", "20", "--batch-size", "1", "--likelihood",
      "gaussian", "--variance", "1.2e-38",
    ])
    #expect(result.status == 1 && result.output.contains("FAILED"), "\(result.output)")
    #expect(result.errorLines.count == 1 && result.errors.contains("decoder.output.weight FAILED"), "\(result.errors)")
  }
}
