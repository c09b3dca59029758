import Foundation
import TestSupport
import Testing

/// Options of models of a table, and those that such a model has no use for.
struct TableModelOptionTests {
  private func makeRun(_ options: [String] = []) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"] + options, in: folder)
    return folder
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> [String] {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return result.outputLines
  }

  // MARK: Classes by name

  @Test func aClassIsAskedForByItsName() throws {
    let folder = try makeRun(["--label-column", "city", "--conditional"])
    let rows = try run(["sample", "run", "--label", "Köln", "--count", "5"], in: folder)
    #expect(rows.dropFirst().allSatisfy { $0.hasSuffix(",Köln") } && rows.count == 6)
    try expectRefusal(["sample", "run", "--label", "1"], in: folder, naming: ["--label: expected one of", "\"1\""])
    _ = try run(["encode", "run", "--output", "codes.csv"], in: folder)
    let decode = ["decode", "run", "--latents", "codes.csv", "--output", "rows.csv"]
    #expect(try run(decode + ["--label", "Wien"], in: folder) == ["rows.csv: 12 latents, as class Wien, decoded"])
    for command in [["sample", "run"], decode] {
      let result = try Executable.run(command + ["--label", "Wein"], in: folder)
      #expect(result.status == 64)
      try expectRefusal(
        command + ["--label", "Wein"], in: folder,
        naming: ["--label: expected one of", "Graz, Köln, Linz, Wien", "found \"Wein\"", "nearest", "\"Wien\""])
    }
    try expectRefusal(["sample", "run", "--label", "4"], in: folder, naming: ["--label: expected one of", "\"4\""])
  }

  /// No command of a table takes a class that its model is not told, nor sends anybody to an option of pictures.
  @Test func aClassIsAskedForOnlyOfAModelThatIsToldIt() throws {
    let folder = try makeRun(["--label-column", "city"])
    _ = try run(["encode", "run", "--output", "codes.csv"], in: folder)
    for command in [["sample", "run"], ["decode", "run", "--latents", "codes.csv"]] {
      let arguments = command + ["--label", "Graz"]
      try expectRefusal(
        arguments, in: folder, naming: ["--label", "--conditional", "found one that is told no classes"])
      #expect(try !Executable.run(arguments, in: folder).errors.contains("near-label"))
    }
  }

  @Test func aClassIsAskedForNearItsExamples() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try expectRefusal(["sample", "run", "--near-label", "x"], in: folder, naming: ["0, 1, 2, 3", "found \"x\""])
    try expectRefusal(["sample", "run", "--label", "x"], in: folder, naming: ["--near-label x"])
  }

  // MARK: Options of the other kind of model

  @Test func optionsOfPicturesAreRefusedForTables() throws {
    let folder = try makeRun()
    for options in [["--rows", "2"], ["--columns", "2"], ["--draw-pixels"], ["--near-label", "1"]] {
      try expectRefusal(
        ["sample", "run"] + options, in: folder,
        naming: ["\(options[0]): expected with a model of pictures", "a table"])
    }
    for options in [["--rows", "2"], ["--columns", "2"]] {
      try expectRefusal(
        ["reconstruct", "run"] + options, in: folder, naming: ["\(options[0]): expected with a model of pictures"])
    }
    try expectRefusal(["sample", "run", "--data", "t.csv"], in: folder, naming: ["--data", "told columns"])
    let pictures = try Tiny.makeRun(["--no-images"])
    for options in [["--count", "2"], ["--given", "a=1"]] {
      try expectRefusal(
        ["sample", "run"] + options, in: pictures, naming: ["\(options[0]): expected with a model of a table"])
    }
  }

  /// Of what a model is told and --given leaves out, where the training rows are now.
  @Test func whatIsNotGivenIsAsInDataThatHaveMoved() throws {
    let folder = try makeRun(["--conditions", "smoker"])
    let rows = try run(["sample", "run", "--count", "9"], in: folder)
    #expect(try Executable.shell("mv t.csv moved.csv", in: folder).status == 0)
    try expectRefusal(["sample", "run", "--count", "9"], in: folder, naming: ["--given", "smoker"])
    #expect(try run(["sample", "run", "--count", "9", "--data", "moved.csv"], in: folder) == rows)
  }

  // MARK: Scaling

  /// A column far from anything that a Gaussian of variance 1 has a density for.
  @Test func aLossThatIsNotFiniteAsksForTheScaling() throws {
    let folder = try TemporaryFolder()
    for (name, scale) in [("far", "e7"), ("farther", "e20"), ("huge", "")] {
      let rows = (0..<60).map { "\($0 * 7919 % 101 - 50)\(scale),\($0 * 31 % 17).5\n" }
      try folder.write(("x,y\n" + rows.joined()).utf8, to: "\(name).csv")
    }
    let start = ["--output", "run"] + TinyTable.options
    for name in ["far", "farther"] {
      let result = try Executable.run(["--data", "\(name).csv", "--scaling", "none"] + start, in: folder)
      #expect(result.status == 1 && result.errorLines.count == 1, "\(result.errors)")
      #expect(result.errors.contains("not finite") || result.errors.contains("stopped being finite"))
      #expect(result.errors.contains("--scaling auto, in place of none"), "\(result.errors)")
      try? FileManager.default.removeItem(atPath: folder.path(of: "run"))
    }
    let huge = try Executable.run(["--data", "huge.csv", "--scaling", "none"] + start, in: folder)
    #expect(huge.status == 0, "\(huge.errors)")
    #expect(huge.errorLines.count { $0.contains("the loss is huge") && $0.contains("try --scaling auto") } == 1)
    // With quantiles, and of numbers as they should be, nothing is said.
    for (name, options) in [
      ("farther.csv", ["--scaling", "quantile"]), ("farther.csv", []), ("t.csv", ["--scaling", "robust"]),
    ] {
      try folder.write(TinyTable.text().utf8, to: "t.csv")
      let arguments = ["--data", name, "--output", "run-\(name)-\(options.count)"] + options
      #expect(try TinyTable.train(arguments, in: folder).errors == "", "\(arguments)")
    }
  }
}
