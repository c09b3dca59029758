import Foundation
import TestSupport
import Testing

/// `vae-train decode` of a model of a table, and commands that make pictures alone.
struct DecodeRowsTests {
  /// A model of a table, "run", beside the table.
  private func makeRun(_ options: [String] = []) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"] + options, in: folder)
    return folder
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> String {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return result.output
  }

  private func lines(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  /// Posterior means are what `reconstruct` decodes.
  @Test(arguments: ["csv", "tsv", "npy"]) func rowsOfPosteriorMeansAreReconstructions(ending: String) throws {
    let folder = try makeRun()
    _ = try run(["encode", "run", "--output", "codes.\(ending)"], in: folder)
    let said = try run(["decode", "run", "--latents", "codes.\(ending)", "--output", "rows.csv"], in: folder)
    #expect(said == "rows.csv: 12 latents, decoded\n")
    let text = try String(decoding: folder.read("rows.csv"), as: UTF8.self)
    let reconstructions = lines(try run(["reconstruct", "run"], in: folder)).map { Array($0.dropFirst()) }
    #expect(lines(text) == reconstructions && reconstructions[0] == ["age", "income", "smoker", "city", "grade"])
    #expect(try run(["decode", "run", "--latents", "codes.\(ending)"], in: folder) == text)
    #expect(lines(try run(["reconstruct", "run", "--data", "t.csv"], in: folder)).count == 1 + 120)
    _ = try run(["decode", "run", "--latents", "codes.\(ending)", "--output", "rows.tsv"], in: folder)
    #expect(try String(decoding: folder.read("rows.tsv"), as: UTF8.self) == text.replacing(",", with: "\t"))
  }

  /// Classes by the names that `encode` writes.
  @Test func classesAreTakenByTheirNames() throws {
    let folder = try makeRun(["--label-column", "city", "--conditional", "--id-column", "age"])
    _ = try run(["encode", "run", "--set", "all", "--output", "codes.csv"], in: folder)
    let codes = lines(try String(decoding: folder.read("codes.csv"), as: UTF8.self))
    let means = codes[0].filter { $0.hasPrefix("mean_") }
    #expect(codes[0].first == "id" && codes[0].last == "label" && codes[1][0] == "18")
    let said = try run(["decode", "run", "--latents", "codes.csv", "--output", "rows.csv"], in: folder)
    #expect(said.contains("each as its class"))
    let rows = lines(try String(decoding: folder.read("rows.csv"), as: UTF8.self))
    #expect(rows[0] == ["income", "smoker", "grade", "city"])
    #expect(rows.dropFirst().map { $0[3] } == codes.dropFirst().map { $0.last! })
    #expect(Set(rows.dropFirst().map { $0[3] }) == ["Graz", "Köln", "Linz", "Wien"])
    let bad = (["label"] + means).joined(separator: ",") + "\nBonn" + means.map { _ in ",0" }.joined() + "\n"
    try folder.write(bad.utf8, to: "bad.csv")
    try expectRefusal(
      ["decode", "run", "--latents", "bad.csv"], in: folder, naming: ["line 2, column 1", "Graz, Köln", "Bonn"])
  }

  @Test func whatAModelCannotMakeIsRefused() throws {
    let folder = try makeRun()
    _ = try run(["encode", "run", "--output", "codes.csv"], in: folder)
    let decode = ["decode", "run", "--latents", "codes.csv"]
    try expectRefusal(decode + ["--output", "a.png"], in: folder, naming: ["a.png", ".csv", "model of a table"])
    try expectRefusal(decode + ["--columns", "3"], in: folder, naming: ["--columns", "pictures"])
    for command in ["manifold", "traversals", "interpolate"] {
      let instead = command == "traversals" ? "report" : "decode"
      try expectRefusal([command, "run"], in: folder, naming: ["a model of images", "a table of 5 columns", instead])
    }
    let told = try makeRun(["--conditions", "smoker"])
    _ = try run(["encode", "run", "--output", "codes.csv"], in: told)
    try expectRefusal(decode, in: told, naming: ["told smoker", "sample --given"])
    let pictures = try Tiny.makeRun(["--no-images"])
    _ = try run(["encode", "run", "--output", "codes.csv"], in: pictures)
    try expectRefusal(decode + ["--output", "a.csv"], in: pictures, naming: ["a.csv", ".png or .npy"])
  }
}
