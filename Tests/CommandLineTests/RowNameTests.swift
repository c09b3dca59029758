import Foundation
import TestSupport
import Testing
import VAEData

/// What rows without names are called in what `encode`, `reconstruct` and `score` write, and their classes beside an array.
struct RowNameTests {
  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> String {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return result.output
  }

  private func lines(_ name: String, in folder: TemporaryFolder) throws -> [[String]] {
    lines(String(decoding: try folder.read(name), as: UTF8.self))
  }

  private func lines(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  /// A number is that of the row whose answer it stands beside.
  @Test func rowsThatAreHeldOutHaveTheirNumbersInTheFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder)
    _ = try run(["encode", "run", "--set", "all", "--output", "all.csv"], in: folder)
    let all = try lines("all.csv", in: folder)
    #expect(all.dropFirst().map { $0[0] } == (0..<120).map(String.init))
    _ = try run(["encode", "run", "--output", "test.csv"], in: folder)
    let test = try lines("test.csv", in: folder).dropFirst()
    let numbers = test.map { Int($0[0])! }
    #expect(Set(numbers).count == 12 && numbers.max()! > 11)
    for (row, number) in zip(test, numbers) {
      for (cell, other) in zip(row.dropFirst(), all[number + 1].dropFirst()) {
        #expect(abs(Float(cell)! - Float(other)!) < 1e-5)
      }
    }
    let ids = lines(try run(["reconstruct", "run"], in: folder)).dropFirst().map { $0[0] }
    #expect(ids == numbers.map(String.init))
    // Beside an array too, where places do not say it.
    #expect(try run(["encode", "run", "--output", "test.npy"], in: folder).contains("test.ids.txt"))
    #expect(try lines("test.ids.txt", in: folder).map { $0[0] } == ids)
    _ = try run(["encode", "run", "--set", "all", "--output", "all.npy"], in: folder)
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "all.ids.txt")))
    let scored = lines(try run(["score", "run", "t.csv"], in: folder)).dropFirst().map { $0[0] }
    #expect(scored == (0..<120).map(String.init))
  }

  /// Classes that are called numbers are these in an array; those of others have their names beside it.
  @Test func classesBesideAnArrayAreWhatTheyAreCalled() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<120).map { "\($0 * 37 % 101).5,\($0 * 13 % 7).25,\($0 % 3 == 0 ? -1 : 1)" }
    try folder.write(("a,b,y\n" + rows.joined(separator: "\n") + "\n").utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run", "--label-column", "y", "--conditional"], in: folder)
    for ending in ["csv", "npy"] {
      _ = try run(["encode", "run", "--set", "all", "--output", "x.\(ending)"], in: folder)
    }
    let labels = try NPY.read(path: folder.path(of: "x.labels.npy")).values
    #expect(labels == (0..<120).map { $0 % 3 == 0 ? -1 : 1 })
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "x.classes.txt")))
    #expect(
      try run(["decode", "run", "--latents", "x.npy", "--output", "r.csv"], in: folder).contains("each as its class"))
    #expect(try lines("r.csv", in: folder).dropFirst().map { Float($0[2])! } == labels)
    // Not by their places, which nobody sees: 0 is none of them, and 1 is not the second.
    for number in ["0", "2"] {
      try expectRefusal(
        ["sample", "run", "--label", number], in: folder, naming: ["--label", "-1, 1", "\"\(number)\""])
    }
    let sampled = lines(try run(["sample", "run", "--label", "-1", "--count", "3"], in: folder))
    #expect(sampled.dropFirst().map { $0[2] } == ["-1", "-1", "-1"])
    let means = try lines("x.csv", in: folder)
    try folder.write(
      means.map { ($0.dropLast() + [$0.last == "label" ? "label" : "0"]).joined(separator: ",") + "\n" }.joined().utf8,
      to: "y.csv")
    try expectRefusal(
      ["decode", "run", "--latents", "y.csv"], in: folder, naming: ["y.csv", "line 2", "-1, 1", "\"0\""])
    try folder.write(NPY.encode([Float](repeating: 0, count: 120), shape: [120]), to: "x.labels.npy")
    try expectRefusal(
      ["decode", "run", "--latents", "x.npy", "--output", "r.csv"], in: folder,
      naming: ["x.labels.npy", "row 1", "-1, 1", "found 0"])

    let texts = TinyTable.text()
    try folder.write(texts.utf8, to: "c.csv")
    try TinyTable.train(["--data", "c.csv", "--output", "city", "--label-column", "city", "--conditional"], in: folder)
    let said = try run(["encode", "city", "--set", "all", "--output", "c.npy"], in: folder)
    #expect(said.hasPrefix("c.npy and c.labels.npy and c.classes.txt: "))
    let names = try lines("c.classes.txt", in: folder).map { $0[0] }
    #expect(names == ["Graz", "Köln", "Linz", "Wien"])
    let cities = lines(texts).dropFirst().map { $0[3] }
    #expect(try NPY.read(path: folder.path(of: "c.labels.npy")).values.map { names[Int($0)] } == cities)
    _ = try run(["decode", "city", "--latents", "c.npy", "--output", "r.csv"], in: folder)
    #expect(try lines("r.csv", in: folder).dropFirst().map { $0[4] } == cities)
  }
}
