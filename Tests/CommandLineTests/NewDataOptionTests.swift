import Foundation
import TestSupport
import Testing

/// `encode`, `evaluate`, `reconstruct` and others of a file that is written down otherwise than the run's.
struct NewDataOptionTests {
  /// A run on a table with commas for points and semicolons, the ids `row`; and the same rows with points and ids `who`.
  private func makeRun() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let lines = TinyTable.text().split(separator: "\n")
    func text(_ id: String, _ change: (Substring) -> String) -> String {
      lines.enumerated().map { ($0 == 0 ? id : "\(id)\($0)") + change($1) + "\n" }.joined()
    }
    try folder.write(
      text("row") { ";" + $0.replacing(",", with: ";").replacing(".", with: ",") }.utf8, to: "commas.csv")
    try folder.write(text("who") { "," + $0 }.utf8, to: "points.csv")
    try folder.write(text("who") { "," + $0.replacing("Graz", with: "Bonn") }.utf8, to: "bonn.csv")
    try TinyTable.train(
      ["--data", "commas.csv", "--decimal-comma", "--id-column", "row", "--output", "run"], in: folder)
    return folder
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> [String] {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return result.outputLines
  }

  @Test func aFileWithPointsAndOtherIDs() throws {
    let folder = try makeRun()
    let points = ["--data", "points.csv", "--no-decimal-comma"]
    let ids = points + ["--id-column", "who"]
    let ofRun = try run(["reconstruct", "run", "--data", "commas.csv"], in: folder)
    let ofPoints = try run(["reconstruct", "run"] + ids, in: folder)
    #expect(ofRun.count == 121 && ofRun[1].hasPrefix("row1,") && ofPoints[1].hasPrefix("who1,"))
    #expect(ofRun.map { $0.replacing("row", with: "who") }.dropFirst() == ofPoints.dropFirst())
    // Without the option they have their places for names, as the run's column is not there.
    #expect(try run(["reconstruct", "run"] + points, in: folder)[1].hasPrefix("0,"))
    for (name, options) in [("a", ["--data", "commas.csv"]), ("b", ids)] {
      _ = try run(["encode", "run", "--output", "\(name).csv"] + options, in: folder)
    }
    let codes = String(decoding: try folder.read("b.csv"), as: UTF8.self)
    #expect(String(decoding: try folder.read("a.csv"), as: UTF8.self).replacing("row", with: "who") == codes)
    let figures = try [["--data", "commas.csv"], ids].map { options in
      try run(["evaluate", "run", "--set", "all"] + options, in: folder).filter { !$0.hasPrefix("examples") }
    }
    #expect(figures[0] == figures[1])
    #expect(
      try run(["score", "run", "points.csv", "--no-decimal-comma", "--id-column", "who"], in: folder)[1]
        .hasPrefix("who1,"))
    try expectRefusal(
      ["encode", "run", "--data", "points.csv", "--output", "c.csv"], in: folder,
      naming: ["points.csv: line 2", "--no-decimal-comma", "1000.05"])
  }

  @Test func anUnseenCategoryMayBeAnother() throws {
    let folder = try makeRun()
    let bonn = ["--data", "bonn.csv", "--no-decimal-comma"]
    for command in [["evaluate", "run"], ["reconstruct", "run"], ["encode", "run", "--output", "a.csv"]] {
      try expectRefusal(command + bonn, in: folder, naming: ["bonn.csv", "\"Bonn\""])
      // "missing" is what it was called.
      for word in ["other", "missing"] { _ = try run(command + bonn + ["--unseen", word], in: folder) }
    }
    let score = ["score", "run", "bonn.csv", "--no-decimal-comma"]
    #expect(try run(score + ["--unseen", "other"], in: folder) == run(score + ["--unseen", "missing"], in: folder))
    try expectRefusal(score + ["--unseen", "others"], in: folder, naming: ["--unseen", "error, other"])
    let help = try Executable.run(["score", "--help"], in: folder).output
    #expect(help.contains("masked as a missing cell is"))
  }

  @Test func withoutDataTheOptionsAreRefused() throws {
    let folder = try makeRun()
    func expectRefused(_ command: [String], _ options: [String]) throws {
      let result = try Executable.run(command + options, in: folder)
      #expect(result.status == 64 && result.output == "" && result.errorLines.count == 1)
      #expect(
        result.errors.hasPrefix("vae-train: \(options[0]): expected with --data, found without it"),
        "\(options): \(result.errors)")
    }
    for options in [
      ["--decimal-comma"], ["--no-decimal-comma"], ["--id-column", "row"], ["--label-column", "city"],
      ["--unseen", "other"], ["--delimiter", "comma"], ["--header", "yes"], ["--missing", "x"], ["--array", "x"],
      ["--label-array", "y"], ["--storage", "file"], ["--image-size", "8"], ["--fit", "whole"], ["--channels", "grey"],
      ["--background", "000000"], ["--unreadable", "fail"], ["--transpose-images"], ["--label-table", "points.csv"],
      ["--test-data", "points.csv"], ["--split-column", "city"], ["--group-column", "city"], ["--stratify"],
    ] {
      try expectRefused(["evaluate", "run"], options)
    }
    for command in [["reconstruct", "run"], ["encode", "run", "--output", "a.csv"], ["plot", "run"]] {
      try expectRefused(command, ["--decimal-comma"])
    }
  }

  @Test func standardInputIsReadOnce() throws {
    let folder = try makeRun()
    let options = TinyTable.options.joined(separator: " ")
    let trained = try Executable.shell(
      "tail -n +1 points.csv | \"$VAE_TRAIN\" --data - --exclude who --output piped \(options)", in: folder)
    #expect(trained.status == 0, "\(trained.errors)")
    for command in [["evaluate", "piped"], ["reconstruct", "piped"], ["encode", "piped", "--output", "a.csv"]] {
      try expectRefusal(command, in: folder, naming: ["--data: expected", "standard input"])
      _ = try run(command + ["--data", "points.csv"], in: folder)
    }
    let substituted = try Executable.shell(
      "\"$VAE_TRAIN\" --data <(cat points.csv) --exclude who --output passed \(options)", in: folder)
    #expect(substituted.status == 0, "\(substituted.errors)")
    try expectRefusal(["evaluate", "passed"], in: folder, naming: ["--data: expected", "standard input"])
    let piped = try Executable.shell(
      "\"$VAE_TRAIN\" encode piped --data - --output b.csv < points.csv && cmp a.csv b.csv", in: folder)
    #expect(piped.status == 0, "\(piped.errors)")
  }

  /// The same numbers as a table and as vectors, which have no columns: what one model was fitted to the other does not take.
  @Test func aTableIsNotTakenForVectors() throws {
    let folder = try TemporaryFolder()
    let numbers = (0..<200).map { Float($0 * 7919 % 101) / 100 }
    try folder.write(TinyTable.npy(numbers, [40, 5]), to: "t.npy")
    let shape: [UInt8] = [0, 0, 13, 2, 0, 0, 0, 40, 0, 0, 0, 5]
    try folder.write(
      shape + numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.bigEndian) { Array($0) } }, to: "v.idx")
    try folder.write(TinyTable.npy(numbers, [20, 2, 5]), to: "p.npy")
    try TinyTable.train(["--data", "t.npy", "--output", "table"], in: folder)
    try TinyTable.train(["--data", "v.idx", "--output", "vectors"], in: folder)
    try TinyTable.train(["--data", "p.npy", "--output", "pictures"], in: folder)
    func commands(_ run: String, _ data: String) -> [[String]] {
      [
        ["score", run, data], ["encode", run, "--data", data, "--output", "c.csv"],
        ["reconstruct", run, "--data", data, "--output", run == "pictures" ? "r.png" : "r.csv"],
        ["evaluate", run, "--data", data, "--set", "all"],
      ]
    }
    for command in commands("table", "v.idx") {
      try expectRefusal(command, in: folder, naming: ["v.idx: expected a table of 5 columns", "table"])
    }
    for command in commands("vectors", "t.npy").filter({ $0[0] != "reconstruct" }) {
      try expectRefusal(command, in: folder, naming: ["t.npy: expected vectors", "found a table of 5 columns"])
    }
    try folder.write(TinyTable.npy(numbers, [20, 10]), to: "flat.npy")
    for command in commands("pictures", "flat.npy") {
      try expectRefusal(command, in: folder, naming: ["flat.npy: expected pictures", "found a table of 10 columns"])
    }
    try expectRefusal(["sample", "vectors", "--count", "3"], in: folder, naming: ["found one of vectors"])
  }
}
