import Foundation
import TestSupport
import Testing
import VAEData

/// Runs that earlier versions wrote, under the commands of this one.
struct EarlierRunTests {
  /// Sums of a few tens of products in another order, on another processor: the same weights give the same numbers but
  /// for the rounding of a `Float`. Relative to the numbers' scale.
  static let tolerance = 1e-6

  /// The same after an epoch of training, which carries what is rounded in one step on to the next.
  static let trainingTolerance = 1e-4

  private static let runs = RunFixture.all

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> String {
    let result = try Executable.run(arguments, in: folder)
    try #require(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return result.output
  }

  /// What a later version may say beyond what the earlier one did is its own affair.
  private func expect(_ output: String, near expected: [String: RunFixture.Figure], within tolerance: Double) throws {
    let found = try JSONDecoder().decode([String: RunFixture.Figure].self, from: Data(output.utf8))
    for (name, figure) in expected {
      switch (figure, found[name]) {
      case (.number(let number), .number(let other)):
        #expect(abs(other - number) <= tolerance * abs(number), "\(name): \(other), not \(number)")
      case (.numbers(let numbers), .numbers(let others)) where numbers.count == others.count:
        let error = relativeError(of: others.map(Float.init), from: numbers)
        #expect(error <= tolerance, "\(name): \(others), not \(numbers)")
      default:
        #expect(found[name] == figure, "\(name)")
      }
    }
  }

  @Test(arguments: runs) func evaluateSaysWhatItSaid(fixture: RunFixture) throws {
    let folder = try fixture.copy()
    let samples = fixture.expected.evaluate["importance_samples"] == nil ? [] : ["--importance-samples", "20"]
    let arguments = ["evaluate", fixture.name, "--data", "data", "--json"]
    try expect(run(arguments + samples, in: folder), near: fixture.expected.evaluate, within: Self.tolerance)
    if let best = fixture.expected.best {
      try expect(run(arguments + ["--best"], in: folder), near: best, within: Self.tolerance)
    }
    // Its data lie where config.json says, seen from here.
    _ = try run(["evaluate", fixture.name, "--probe"], in: folder)
  }

  @Test(arguments: runs) func encodeGivesTheSamePosteriors(fixture: RunFixture) throws {
    let folder = try fixture.copy()
    _ = try run(["encode", fixture.name, "--data", "data", "--output", "codes.csv"], in: folder)
    let table = try CSV.read(path: folder.path(of: "codes.csv"))
    let expected = fixture.expected.encode
    // Version 0.1.0 called the id "index", and wrote the label behind it.
    let names = expected.header.map { $0 == "index" ? "id" : $0 }
    let header = try #require(table.header)
    #expect(header.first == "id" && header.last == "label" && Set(header) == Set(names))
    try #require(table.values.count == expected.header.count * expected.rows.count)
    let places = try names.map { name in try #require(header.firstIndex(of: name)) }
    let rows = table.values.rows(of: table.columnCount).map { row in places.map { Array(row)[$0] } }
    // All means together, and all log-variances: a dimension that is not used has means near 0, which are what is left
    // of larger terms.
    let kinds = Dictionary(grouping: expected.header.indices) { expected.header[$0].prefix { !$0.isNumber } }
    for (kind, columns) in kinds {
      let found = rows.flatMap { row in columns.map { Float(row[$0]) } }
      let error = relativeError(of: found, from: expected.rows.flatMap { row in columns.map { row[$0] } })
      #expect(error <= Self.tolerance, "\(kind)")
    }
  }

  @Test(arguments: runs) func everyPictureIsDrawn(fixture: RunFixture) throws {
    let folder = try fixture.copy()
    let data = ["--data", "data"]
    let commands = [
      "sample": [], "reconstruct": data, "manifold": ["--size", "3"], "traversals": data, "interpolate": data,
    ]
    for (command, options) in commands {
      let output = try run([command, fixture.name, "--output", "\(command).png"] + options, in: folder)
      #expect(output.hasPrefix("\(command).png"))
      #expect(try folder.read("\(command).png").starts(with: [0x89] + Data("PNG".utf8)), "\(command)")
    }
    _ = try run(["encode", fixture.name, "--output", "codes.npy"] + data, in: folder)
    _ = try run(["decode", fixture.name, "--latents", "codes.npy", "--output", "decoded.npy"], in: folder)
    #expect(try NPY.read(path: folder.path(of: "decoded.npy")).shape == [fixture.expected.encode.rows.count, 20])
    // An autoencoder has no KL to draw.
    let plots = fixture.name.hasPrefix("autoencoder") ? 2 : 3
    let written = try run(["plot", fixture.name, "--output", "plots"] + data, in: folder).split(separator: "\n")
    #expect(written.count == 2 * plots && written.contains { $0.hasSuffix("latent-space.svg") }, "\(written)")
    for path in written { #expect(try !folder.read(String(path)).isEmpty) }
  }

  @Test(arguments: runs) func thePageLeavesNothingOut(fixture: RunFixture) throws {
    let folder = try fixture.copy()
    _ = try run(["report", fixture.name], in: folder)
    let page = String(decoding: try folder.read("\(fixture.name)/report.html"), as: UTF8.self)
    #expect(page.contains("</html>") && !page.contains("cannot be read") && !page.contains("left out"))
  }

  @Test func aPageComparesThem() throws {
    let folder = try Self.runs[0].copy()
    for fixture in Self.runs.dropFirst() {
      let files = try fixture.copy().snapshot()
      for (name, content) in files where name.hasPrefix("\(fixture.name)/") { try folder.write(content, to: name) }
    }
    _ = try run(["compare"] + Self.runs.map(\.name), in: folder)
    let page = String(decoding: try folder.read("compare.html"), as: UTF8.self)
    for fixture in Self.runs { #expect(page.contains("\"\(fixture.name)\""), "\(fixture)") }
  }

  /// A version that cannot go on with an earlier one's checkpoint says so; one that can comes to the same end.
  @Test(arguments: runs.filter { $0.files.contains("checkpoint.safetensors") })
  func aCheckpointIsResumedOrRefused(fixture: RunFixture) throws {
    let folder = try fixture.copy()
    let before = try Tiny.metrics(folder, run: fixture.name)
    let result = try Executable.run(
      ["--resume", fixture.name, "--epochs", "3", "--data", "data", "--no-images", "--json"], in: folder)
    guard result.status == 0 else {
      #expect(result.hasExited && result.errorLines.count == 1, "\(result.errors)")
      #expect(result.errors.contains(fixture.name), "\(result.errors)")
      return
    }
    let metrics = try Tiny.metrics(folder, run: fixture.name)
    #expect(metrics.map { $0["epoch"] } == [1, 2, 3])
    for (line, earlier) in zip(metrics, before) {
      for (name, number) in earlier { #expect(line[name] == number, "\(name)") }
    }
    let output = try run(["evaluate", fixture.name, "--data", "data", "--json"], in: folder)
    try expect(output, near: try #require(fixture.expected.resumed), within: Self.trainingTolerance)
  }

  /// Their weights are where a new run starts.
  @Test func anotherRunStartsFromThem() throws {
    for fixture in Self.runs where ["vae", "autoencoder"].contains(fixture.name) {
      let folder = try fixture.copy()
      let model = fixture.name == "vae" ? [] : ["--model", "autoencoder"]
      _ = try run(
        ["--data", "data", "--output", "next", "--hidden", "6", "--epochs", "1", "--no-images"]
          + ["--initialize-from", fixture.name] + model, in: folder)
    }
  }
}
