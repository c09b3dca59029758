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

  /// New rows have neither classes nor names, and are not in the run's test set.
  @Test func newRowsNeedNoLabels() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try folder.write(TinyTable.text(rows: 30).utf8, to: "test.csv")
    let options = ["--label-column", "city", "--id-column", "age", "--test-data", "test.csv"]
    try TinyTable.train(["--data", "t.csv", "--output", "run"] + options, in: folder)
    let rows = lines(TinyTable.text(rows: 7)).map { [$0[1], $0[2], $0[4]].joined(separator: ",") }
    try folder.write((rows.joined(separator: "\n") + "\n").utf8, to: "new.csv")
    let scores = lines(try run(["score", "run", "new.csv"], in: folder))
    #expect(scores.map { $0[0] } == ["id", "0", "1", "2", "3", "4", "5", "6"])
    _ = try run(["impute", "run", "new.csv", "--output", "filled.csv"], in: folder)
    _ = try run(["encode", "run", "--data", "new.csv", "--output", "codes.csv"], in: folder)
    let codes = lines(try String(decoding: folder.read("codes.csv"), as: UTF8.self))
    #expect(codes.map { $0[0] } == ["id", "0", "1", "2", "3", "4", "5", "6"] && !codes[0].contains("label"))
    try expectRefusal(
      ["score", "run", "new.csv", "--label-column", "city"], in: folder, naming: ["new.csv", "a column \"city\""])
    // Whose names stand in another column need no classes either.
    let named = rows.enumerated().map { ($0 == 0 ? "who," : "w\($0),") + $1 }
    try folder.write((named.joined(separator: "\n") + "\n").utf8, to: "named.csv")
    #expect(lines(try run(["score", "run", "named.csv", "--id-column", "who"], in: folder))[1][0] == "w1")
    // A model that is told the classes needs them.
    try TinyTable.train(["--data", "t.csv", "--output", "told", "--conditional"] + options, in: folder)
    try expectRefusal(["score", "told", "new.csv"], in: folder, naming: ["new.csv", "expected labels"])
  }

  /// A column of numbers of which many are 0 is one of numbers to a person.
  @Test func theHeadOfARunCountsColumnsThatAreOften0() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<200).map { "\($0 * 37 % 101).5,\($0 % 3 == 0 ? $0 * 7 : 0)" }
    try folder.write(("x,gain\n" + rows.joined(separator: "\n") + "\n").utf8, to: "t.csv")
    let result = try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder)
    #expect(result.output.contains("2 columns: 2 numbers"))
    #expect(try run(["inspect", "t.csv"], in: folder).contains("0 or quantiles"))
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
    try expectRefusal(decode, in: told, naming: ["--given", "is told", "smoker"])
    try expectRefusal(decode + ["--given", "smoker=perhaps"], in: told, naming: ["--given", "smoker", "yes"])
    let rows = { (answer: String) in try lines(run(decode + ["--given", "smoker=\(answer)"], in: told)) }
    let (smokers, others) = (try rows("yes"), try rows("no"))
    let place = try #require(smokers[0].firstIndex(of: "smoker"))
    #expect(
      smokers.dropFirst().allSatisfy { $0[place] == "yes" } && others.dropFirst().allSatisfy { $0[place] == "no" })
    #expect(
      smokers.count > 2
        && smokers.map { $0.enumerated().filter { $0.offset != place }.map(\.element) }
          != others.map { $0.enumerated().filter { $0.offset != place }.map(\.element) }
    )
    let pictures = try Tiny.makeRun(["--no-images"])
    _ = try run(["encode", "run", "--output", "codes.csv"], in: pictures)
    try expectRefusal(decode + ["--output", "a.csv"], in: pictures, naming: ["a.csv", ".png or .npy"])
  }
}
