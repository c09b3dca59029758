import Foundation
import TestSupport
import Testing
import VAEKernels

/// `--products` and `--instruction-set`, and the environment that says the same. Both are of a whole process, so that
/// they are tried in processes of their own.
struct KernelOptionTests {
  private static let instructionSets = VectorMath.supported.map(\.instructionSet)
  private static let train = ["--data", "data", "--epochs", "1", "--no-images", "--quiet"] + Tiny.options

  /// What config.json says was in use.
  private func kernels(of run: String, in folder: TemporaryFolder) throws -> [String] {
    let text = try folder.read("\(run)/config.json")
    let configuration = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    let environment = try #require(configuration["environment"] as? [String: Any])
    return ["instruction_set", "products"].map { environment[$0] as? String ?? "" }
  }

  /// What is in use where nobody says otherwise.
  private func usualKernels(in folder: TemporaryFolder) throws -> [String] {
    let output = try Executable.run(["info", "--json"], in: folder).output
    let facts = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    return ["instruction_set", "products"].map { facts[$0] as? String ?? "" }
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws {
    let result = try Executable.run(arguments, in: folder)
    try #require(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
  }

  @Test(arguments: instructionSets, MatrixProduct.Engine.allCases)
  func areWhatComputes(instructionSet: String, engine: MatrixProduct.Engine) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let options = ["--instruction-set", instructionSet, "--products", engine.rawValue]
    try run(Self.train + ["--output", "run"] + options, in: folder)
    #expect(try kernels(of: "run", in: folder) == [instructionSet, engine.rawValue])
    try run(["evaluate", "run", "--threads", "2"] + options, in: folder)
    // A resumed run says anew what it computes with: they are its process's, not those that the run began with.
    try run(["--resume", "run", "--epochs", "2", "--quiet", "--no-images"], in: folder)
    #expect(try kernels(of: "run", in: folder) == usualKernels(in: folder))
    try run(["--resume", "run", "--epochs", "3", "--quiet", "--no-images"] + options, in: folder)
    #expect(try kernels(of: "run", in: folder) == [instructionSet, engine.rawValue])
  }

  @Test func anOptionWinsOverTheEnvironment() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let command = "\"$VAE_TRAIN\" \(Self.train.joined(separator: " "))"
    let first = Self.instructionSets[0]
    let last = Self.instructionSets.last!
    for (number, (engine, other)) in [("own", "openblas"), ("openblas", "own")].enumerated() {
      let environment = "VAE_PRODUCTS=\(engine) VAE_INSTRUCTION_SET=\(first)"
      let result = try Executable.shell("\(environment) \(command) --output told\(number)", in: folder)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      #expect(try kernels(of: "told\(number)", in: folder) == [first, engine])
      _ = try Executable.shell(
        "\(environment) \(command) --output asked\(number) --products \(other) --instruction-set \(last)", in: folder)
      #expect(try kernels(of: "asked\(number)", in: folder) == [last, other])
    }
    // Who multiplies goes by the instruction set where it is not said.
    if first == "baseline" {
      _ = try Executable.shell("unset VAE_PRODUCTS; \(command) --output plain --instruction-set baseline", in: folder)
      #expect(try kernels(of: "plain", in: folder) == ["baseline", "openblas"])
    }
  }

  /// One line each, from whichever command, and the command does what it was told.
  @Test func whatTheEnvironmentNamesAndIsNotThereIsSaid() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    // Another kind of processor has it.
    let missing = Self.instructionSets.contains("neon") ? "avx2" : "neon"
    let environment = "VAE_PRODUCTS=mkl VAE_INSTRUCTION_SET=\(missing)"
    let lines = { (program: String) in
      [
        "\(program): warning: VAE_INSTRUCTION_SET: expected one of \(Self.instructionSets.joined(separator: ", ")), "
          + "that this processor supports, found \"\(missing)\", which is ignored",
        "\(program): warning: VAE_PRODUCTS: expected one of own, openblas, found \"mkl\", which is ignored",
      ]
    }
    let info = try Executable.shell("\(environment) \"$VAE_TRAIN\" info --json", in: folder)
    #expect(info.status == 0 && info.errorLines == lines("vae-train"), "\(info.errors)")
    #expect(info.outputLines.count == 1)
    let quiet = try Executable.shell(
      "\(environment) \"$VAE_TRAIN\" \(Self.train.joined(separator: " ")) --output run", in: folder)
    #expect(quiet.status == 0 && quiet.errors == "" && quiet.output == "")

    let bench = "\"$(dirname \"$VAE_TRAIN\")/vae-bench\""
    let functions = try Executable.shell("\(environment) \(bench) functions --filter nothing", in: folder)
    #expect(functions.errorLines.starts(with: lines("vae-bench")), "\(functions.errors)")
  }

  /// What is set to nothing is not set.
  @Test func anEmptyEnvironmentIsNone() throws {
    let result = try Executable.shell(
      "VAE_PRODUCTS= VAE_INSTRUCTION_SET= \"$VAE_TRAIN\" info", in: TemporaryFolder())
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
  }
}
