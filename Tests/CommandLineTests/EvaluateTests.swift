import Foundation
import TestSupport
import Testing

/// `vae-train evaluate` against the figures that training wrote.
struct EvaluateTests {
  private func evaluate(_ arguments: [String], in folder: TemporaryFolder) throws -> [String: Double] {
    let result = try Executable.run(["evaluate"] + arguments + ["--json", "--threads", "1"], in: folder)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    #expect(result.outputLines.count == 1)
    return try Tiny.numbers(ofJSON: result.output)
  }

  private static let parts = ["negative_elbo", "reconstruction", "kl"]

  @Test(arguments: ["none", "static", "dynamic"])
  func agreesWithTheLastLineOfTheMetrics(binarization: String) throws {
    // One thread in both, since OpenBLAS's products may depend on how they are divided.
    let folder = try Tiny.makeRun(
      ["--binarize", binarization, "--validation", "16", "--seed", "7", "--threads", "1"])
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

  @Test func importanceSampling() throws {
    let folder = try Tiny.makeRun()
    let arguments = ["evaluate", "run", "--importance-samples", "20", "--json"]
    let result = try Executable.run(arguments + ["--threads", "2"], in: folder)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.errors)")
    #expect(object["importance_samples"] as? Int == 20)
    let bound = try #require(object["negative_log_likelihood"] as? Double)
    let negativeELBO = try #require(object["negative_elbo"] as? Double)
    #expect(bound < negativeELBO)
    #expect(try #require(object["standard_error"] as? Double) > 0)
    let effective = try #require(object["effective_sample_size"] as? Double)
    #expect(effective >= 1 && effective <= 20)
    let kl = try #require(object["kl_per_dimension"] as? [Double])
    let sum = try #require(object["kl"] as? Double)
    #expect(kl.count == 2 && abs(kl.reduce(0, +) - sum) < 1e-4 * sum)
    #expect(try #require(object["active_units"] as? Int) <= 2)
    let inputs = Double(Tiny.width * Tiny.height)
    #expect(abs(try #require(object["bits_per_dimension"] as? Double) - bound / inputs / log(2)) < 1e-9)
    // The same with one thread.
    let again = try evaluate(["run", "--importance-samples", "20"], in: folder)
    #expect(abs(try #require(again["negative_log_likelihood"]) - bound) < 1e-4)
    for count in ["0", "-1", "100001", "many"] {
      try expectRefusal(
        ["evaluate", "run", "--importance-samples", count], in: folder, naming: ["--importance-samples"])
    }
  }

  @Test func printsATable() throws {
    let folder = try Tiny.makeRun()
    let result = try Executable.run(["evaluate", "run"], in: folder)
    #expect(result.status == 0 && result.outputLines.count == 9)
    let elbo = try #require(try Tiny.metrics(folder).last?["test_negative_elbo"])
    #expect(result.output.contains(String(format: "%.4f nats", elbo)), "\(result.output)")
  }
}
