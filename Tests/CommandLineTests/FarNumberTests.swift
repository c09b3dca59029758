import Foundation
import TestSupport
import Testing

/// A number far beyond all that training rows had, such as a 9999 that stands for a gap: strange, and no reason to stop.
struct FarNumberTests {
  /// Training rows in "t.csv", with a count, and in "new.csv" five like them and one with a number far out, and gaps.
  private func makeTables() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let row = { (index: Int) in
      "\(150 + index * 37 % 53).\(index % 10),\(index * 7 % 5),\(index % 3 == 0 ? "yes" : "no")"
    }
    let rows = (0..<200).map(row)
    let header = "height,rooms,smoker"
    try folder.write((([header] + rows).joined(separator: "\n") + "\n").utf8, to: "t.csv")
    let others = rows.prefix(5)
    try folder.write((([header] + others + ["9999,,"]).joined(separator: "\n") + "\n").utf8, to: "new.csv")
    try folder.write((([header] + others).joined(separator: "\n") + "\n").utf8, to: "near.csv")
    return folder
  }

  private func train(_ folder: TemporaryFolder, _ options: [String] = []) throws -> Executable.Result {
    try Executable.run(
      ["--data", "t.csv", "--counts", "rooms", "--epochs", "60", "--output", "run", "--no-images", "--threads", "1"]
        + options, in: folder)
  }

  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
  }

  @Test func aRowIsScoredAndTheOthersAsWithoutIt() throws {
    let folder = try makeTables()
    #expect(try train(folder).status == 0)
    for measure in ["likelihood", "elbo"] {
      let options = ["--measure", measure]
      let far = try Executable.run(["score", "run", "new.csv"] + options, in: folder)
      let near = try Executable.run(["score", "run", "near.csv"] + options, in: folder)
      #expect(far.status == 0 && near.status == 0, "\(far.errors)")
      let scores = rows(far.output).dropFirst().map { Double($0[1])! }
      #expect(scores.count == 6 && scores[5] > 1000 * scores[0...4].max()!)
      // The row has gaps that training never had; what is drawn for it is drawn for none of the others.
      #expect(rows(near.output).dropFirst().map { Double($0[1])! } == Array(scores[0...4]))
    }
  }

  @Test func itsGapsAreFilled() throws {
    let folder = try makeTables()
    #expect(try train(folder).status == 0)
    let result = try Executable.run(
      ["impute", "run", "new.csv", "--output", "filled.csv", "--spread", "spread.csv", "--draws", "1"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    for name in ["filled.csv", "filled.1.csv"] {
      let cells = rows(String(decoding: try folder.read(name), as: UTF8.self)).last!
      let rooms = try #require(Double(cells[1]))
      #expect(cells[0] == "9999" && (0...4).contains(rooms) && ["yes", "no"].contains(cells[2]))
    }
    let spreads = rows(String(decoding: try folder.read("spread.csv"), as: UTF8.self)).dropFirst()
    #expect(spreads.count == 2 && spreads.allSatisfy { Double($0[4])!.isFinite })
  }

  @Test func aTestSetWithOneStopsNoTraining() throws {
    let folder = try makeTables()
    try folder.write("height,rooms,smoker\n160.5,2,no\n9999,3,yes\n".utf8, to: "test.csv")
    let result = try train(folder, ["--test-data", "test.csv"])
    #expect(result.status == 0, "\(result.errors)")
  }

  /// So far that no loss of it is a number: named where figures are averages, and infinite where rows are apart.
  @Test func oneBeyondAllLossesIsNamed() throws {
    let folder = try makeTables()
    #expect(try train(folder).status == 0)
    try folder.write("height,rooms,smoker\n160.5,2,no\n1e38,3,yes\n151.5,1,no\n".utf8, to: "beyond.csv")
    for options in [[], ["--importance-samples", "5"]] {
      try expectRefusal(
        ["evaluate", "run", "--data", "beyond.csv", "--set", "all"] + options, in: folder,
        naming: ["not finite in row 2, column \"height\"", "far from all that the model was trained on"])
    }
    #expect(try Executable.shell("rm t.csv && cp beyond.csv t.csv", in: folder).status == 0)
    for removal in ["true", "rm t.csv"] {
      let line = "\(removal); \"$VAE_TRAIN\" score run beyond.csv --explain 2"
      let scored = try Executable.shell(line, in: folder)
      let cells = rows(scored.output)
      #expect(scored.status == 0 && cells.count == 4, "\(scored.errors)")
      #expect(cells[2].prefix(4) == ["1", "inf", "height", "inf"], "\(scored.output)")
      #expect(!scored.output.contains("nan"), "\(scored.output)")
    }
  }

  /// Alone in its batch it is as strange as among others.
  @Test func oneAloneInItsBatchIsNamed() throws {
    let folder = try makeTables()
    #expect(try train(folder).status == 0)
    let rows = String(repeating: "160.5,2,no\n", count: 512) + "1e38,3,yes\n"
    try folder.write(("height,rooms,smoker\n" + rows).utf8, to: "many.csv")
    try expectRefusal(
      ["evaluate", "run", "--data", "many.csv", "--set", "all"], in: folder,
      naming: ["not finite in row 513, column \"height\""])
  }

  /// Where nothing bounds what the encoder sees, what it says of such a row is no number: its gaps are filled by the prior.
  @Test func gapsBesideOneWithoutScalingAreFilled() throws {
    let folder = try makeTables()
    let rows = (0..<200).map { "\($0 * 37 % 53).\($0 % 10),\($0 * 7 % 5),\($0 % 3 == 0 ? "yes" : "no")\n" }
    try folder.write(("height,rooms,smoker\n" + rows.joined()).utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run", "--scaling", "none"], in: folder)
    try folder.write("height,rooms,smoker\n160.5,2,no\n1e30,,\n".utf8, to: "gap.csv")
    let filled = try Executable.run(
      ["impute", "run", "gap.csv", "--output", "f.csv", "--draws", "1", "--spread", "s.csv"], in: folder)
    #expect(filled.status == 0, "\(filled.errors)")
    for name in ["f.csv", "f.1.csv"] {
      let cells = self.rows(String(decoding: try folder.read(name), as: UTF8.self)).last!
      #expect(cells.count == 3 && Double(cells[1])!.isFinite && ["yes", "no"].contains(cells[2]), "\(cells)")
    }
    #expect(try !String(decoding: folder.read("s.csv"), as: UTF8.self).contains("nan"))
    // Nearer, where some latents are numbers and others are not.
    let nearer = (0..<120).map { "-\(200 + $0 * 90),,\n" }
    try folder.write(("height,rooms,smoker\n" + nearer.joined()).utf8, to: "nearer.csv")
    let result = try Executable.run(
      ["impute", "run", "nearer.csv", "--output", "n.csv", "--spread", "ns.csv"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    for name in ["n.csv", "ns.csv"] {
      let text = String(decoding: try folder.read(name), as: UTF8.self)
      #expect(!text.contains("nan") && !text.contains(",,") && !text.contains(",\n"), "\(text.prefix(200))")
    }
  }
}
