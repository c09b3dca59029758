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

  /// A loop that resumes a run until that succeeds has to end.
  @Test(arguments: [[], ["--epochs", "2"]]) func aFinishedRunIsLeftAsItIs(epochs: [String]) throws {
    let folder = try Tiny.makeRun()
    let before = try folder.snapshot()
    let resume = ["--resume", "run"] + epochs
    let said = try Executable.run(resume, in: folder)
    #expect(said.status == 0 && said.errors == "", "\(said.errors)")
    #expect(said.outputLines == ["run       run: all 2 epochs are done; ask for more with --epochs"])
    let quiet = try Executable.run(resume + ["--quiet"], in: folder)
    #expect(quiet.status == 0 && quiet.errors == "" && quiet.output == "")
    let json = try Executable.run(resume + ["--json"], in: folder)
    #expect(json.status == 0 && json.errors == "" && json.outputLines.count == 1)
    #expect(json.output.contains("\"outcome\":\"completed\"") && json.output.contains("run/images/samples.png"))
    #expect(try folder.snapshot() == before)
  }

  @Test func soIsOneThatItsValidationSetStopped() throws {
    let folder = try Tiny.makeRun([
      "--validation", "8", "--patience", "1", "--epochs", "500", "--learning-rate", "0.1", "--no-images",
    ])
    let epochs = try Tiny.metrics(folder).count
    let before = try folder.snapshot()
    for more in [[], ["--epochs", "500"]] {
      let result = try Executable.run(["--resume", "run", "--no-images"] + more, in: folder)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      #expect(result.outputLines == ["run       run: its validation set stopped it after epoch \(epochs)"])
    }
    let json = try Executable.run(["--resume", "run", "--no-images", "--json"], in: folder)
    #expect(json.outputLines.count == 1 && json.output.contains("\"outcome\":\"stopped_early\""))
    #expect(try folder.snapshot() == before)
    try expectRefusal(["--resume", "run", "--epochs", "501"], in: folder, naming: ["--resume run", "stopped after"])
  }

  /// As a run is that died between its last checkpoint and the last of its pictures, or its page.
  @Test func aFinishedRunGetsThePicturesThatItLacks() throws {
    let folder = try Tiny.makeRun()
    let whole = try folder.snapshot()
    for lost in ["report.html", "images"] {
      try FileManager.default.removeItem(atPath: folder.path(of: "run/\(lost)"))
      let left = try folder.snapshot()
      let without = try Executable.run(["--resume", "run", "--no-images"], in: folder)
      #expect(without.status == 0 && without.output.contains("all 2 epochs are done"))
      #expect(try folder.snapshot() == left)
      let result = try Executable.run(["--resume", "run"], in: folder)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      #expect(result.outputLines == ["run       run: all 2 epochs are done; drew the pictures and page that it lacked"])
      #expect(try folder.snapshot().keys.sorted() == whole.keys.sorted(), "without \(lost)")
    }
    // It trained on, and died before the new ones.
    _ = try Executable.run(["--resume", "run", "--epochs", "3", "--no-images"], in: folder)
    let page = try folder.read("run/report.html")
    #expect(try Executable.run(["--resume", "run", "--quiet"], in: folder).status == 0)
    #expect(try folder.read("run/report.html") != page)
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
