import Foundation
import TestSupport
import Testing

/// `vae-train evaluate` against the figures that training wrote.
struct EvaluateTests {
  private func evaluate(_ arguments: [String], in folder: TemporaryFolder) throws -> [String: Double] {
    let result = try Executable.run(["evaluate"] + arguments + ["--json", "--threads", "1"], in: folder)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    #expect(result.outputLines.count == 1)
    return try JSONDecoder().decode([String: Double].self, from: Data(result.output.utf8))
  }

  private static let parts = ["negative_elbo", "reconstruction", "kl"]

  @Test(arguments: ["none", "static", "dynamic"])
  func agreesWithTheLastLineOfTheMetrics(binarization: String) throws {
    let folder = try Tiny.makeRun(["--binarize", binarization, "--validation", "16", "--seed", "7"])
    let last = try #require(try Tiny.metrics(folder).last)
    let test = try evaluate(["run"], in: folder)
    let validation = try evaluate(["run", "--set", "validation"], in: folder)
    for part in Self.parts {
      #expect(test["test_\(part)"] == last["test_\(part)"])
      #expect(validation["validation_\(part)"] == last["validation_\(part)"])
    }
    #expect(test["epoch"] == 2 && test["examples"] == Double(Tiny.testCount))
    #expect(validation["examples"] == 16)
    #expect(try evaluate(["run", "--set", "train"], in: folder)["examples"] == Double(Tiny.trainCount - 16))
    // The model's file, and the data by name, are the same model and data.
    #expect(try evaluate(["run/model.safetensors"], in: folder) == test)
    #expect(try evaluate(["run", "--data", "data"], in: folder) == test)
    #expect(try evaluate(["run", "--seed", "8"], in: folder)["test_kl"] != test["test_kl"] || binarization == "none")
    #expect(try evaluate(["run", "--seed", "8"], in: folder)["test_negative_elbo"] != test["test_negative_elbo"])
  }

  @Test func theBestModelHasTheFiguresOfItsEpoch() throws {
    let folder = try Tiny.makeRun(["--validation", "16", "--learning-rate", "0.3", "--epochs", "6"])
    let figures = try evaluate(["run", "--best"], in: folder)
    let epoch = try Tiny.metrics(folder).first { $0["epoch"] == figures["epoch"] }
    for part in Self.parts { #expect(figures["test_\(part)"] == epoch?["test_\(part)"]) }
  }

  @Test func aFileAloneNeedsData() throws {
    let folder = try Tiny.makeRun()
    let here = try evaluate(["run"], in: folder)
    try folder.write(folder.read("run/model.safetensors"), to: "elsewhere/m.safetensors")
    let there = try evaluate(["elsewhere/m.safetensors", "--data", "data"], in: folder)
    #expect(there["test_negative_elbo"] == here["test_negative_elbo"] && there["epoch"] == nil)
    try expectRefusal(["evaluate", "elsewhere/m.safetensors"], in: folder, naming: ["--data"])
  }

  @Test func printsATable() throws {
    let folder = try Tiny.makeRun()
    let result = try Executable.run(["evaluate", "run"], in: folder)
    #expect(result.status == 0 && result.outputLines.count == 5)
    let elbo = try #require(try Tiny.metrics(folder).last?["test_negative_elbo"])
    #expect(result.output.contains(String(format: "%.4f nats", elbo)), "\(result.output)")
  }
}
