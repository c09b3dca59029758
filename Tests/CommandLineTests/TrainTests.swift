import Foundation
import TestSupport
import Testing
import VAEReport

/// `vae-train train`, from its options to the files of a run.
struct TrainTests {
  @Test func writesTheFilesOfARun() throws {
    let folder = try Tiny.makeRun(["--validation", "8"])
    for name in [
      "config.json", "metrics.jsonl", "model.safetensors", "best.safetensors", "checkpoint.safetensors",
      "images/reconstructions.png", "images/samples.png", "images/manifold.png", "images/interpolations.png",
      "images/latent-space.svg", "images/latent-space.png", "images/loss-curves.svg", "images/latent-kl.png",
    ] {
      #expect(try !folder.read("run/\(name)").isEmpty, "\(name)")
    }
    let files = try folder.snapshot()
    #expect(!files.keys.contains { $0.hasSuffix(".vae-partial") })
    #expect(try Tiny.metrics(folder).map { $0["epoch"] } == [1, 2])
  }

  @Test func printsPlainLinesWhereTheOutputIsNoTerminal() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(["--data", "data", "--epochs", "2"] + Tiny.options, in: folder)
    #expect(result.status == 0 && result.errors == "")
    #expect(!result.output.contains("\r") && !result.output.contains("\u{1B}"))
    #expect(result.outputLines.filter { $0.hasPrefix("    1 ") || $0.hasPrefix("    2 ") }.count == 2)
    #expect(result.outputLines.contains { $0.hasPrefix("run       runs/") })
  }

  @Test func printsTheLinesOfTheMetricsAsJSON() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(
      ["--data", "data", "--epochs", "2", "--output", "run", "--json"] + Tiny.options, in: folder)
    #expect(result.status == 0 && result.errors == "")
    let lines = result.outputLines
    #expect(lines.count == 3)
    #expect(
      lines.dropLast().joined(separator: "\n") + "\n"
        == String(decoding: try folder.read("run/metrics.jsonl"), as: UTF8.self))
    #expect(lines.last?.contains("\"outcome\":\"completed\"") == true)
  }

  @Test func printsNothingWhenQuiet() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(
      ["--data", "data", "--epochs", "1", "--quiet", "--no-images"] + Tiny.options, in: folder)
    #expect(result.status == 0 && result.output == "" && result.errors == "")
  }

  @Test func continuesARunToTheSameBytes() throws {
    let stopped = try Tiny.makeRun()
    let resumed = try Executable.run(["--resume", "run", "--epochs", "4"], in: stopped)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try Tiny.makeRun(["--epochs", "4"])
    #expect(try stopped.read("run/model.safetensors") == whole.read("run/model.safetensors"))
  }

  @Test func stopsWithAPlaceWhereTheLossIsNotFinite() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(
      [
        "--data", "data", "--output", "run", "--epochs", "50", "--learning-rate", "1000", "--likelihood", "gaussian",
      ] + Tiny.options, in: folder)
    #expect(result.hasExited && result.status != 0)
    #expect(result.errorLines.count == 1 && result.errors.contains("stopped being finite"), "\(result.errors)")
    // What was saved before is good.
    #expect(try Executable.run(["evaluate", "run/checkpoint.safetensors"], in: folder).errors == "")
  }
}
