import Foundation
import TestSupport
import Testing
import VAEData

/// What is said of data that can be read, but not so as somebody may think.
struct ReadingTests {
  private func json(_ arguments: [String], in folder: TemporaryFolder) throws -> [String: Any] {
    let result = try Executable.run(["inspect"] + arguments + ["--json"], in: folder)
    #expect(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  // MARK: Labels

  @Test func labelsOfArchivesAreShown() throws {
    let folder = try TemporaryFolder()
    func archive(_ labels: [Double]) -> [UInt8] {
      let rows = TestArrays.npy((0..<120).map { Double($0 * $0 % 17) }, as: "<f4", shape: [60, 2])
      return TestArchive(entries: [
        .init("x.npy", rows, deflated: false),
        .init("y.npy", TestArrays.npy(labels, as: "<f4", shape: [labels.count]), deflated: false),
      ]).bytes
    }
    try folder.write(archive((0..<60).map { $0 % 3 == 0 ? 1 : -1 }), to: "a.npz")
    let signs = try json(["a.npz"], in: folder)
    let classes = try #require(signs["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["-1", "1"] && classes.map { $0["rows"] as? Int } == [40, 20])
    #expect(signs["remarks"] as? [String] == [])
    try folder.write(archive((0..<60).map { Double($0) / 8 }), to: "b.npz")
    let figures = try json(["b.npz"], in: folder)
    #expect(figures["classes"] == nil)
    #expect((figures["remarks"] as? [String])?.first?.contains("such as 0.125 in row 2") == true)
    try folder.write(archive([1, 2, 3]), to: "c.npz")
    let command = ["--output", "run"] + TinyTable.options
    try expectRefusal(
      ["--data", "c.npz"] + command, in: folder, naming: ["c.npz", "y:", "60 rows", "--label-array", "[3]"])
    try expectRefusal(
      ["--data", "a.npz", "--label-array", "z"] + command, in: folder, naming: ["a.npz", "--label-array", "x, y"])
  }

  @Test func rowsWithoutAClassAreAnError() throws {
    let folder = try TemporaryFolder()
    let text = TinyTable.text().replacing("yes", with: "")
    try folder.write(text.utf8, to: "t.csv")
    try expectRefusal(
      ["--data", "t.csv", "--label-column", "smoker", "--output", "run"] + TinyTable.options, in: folder,
      naming: ["t.csv", "column \"smoker\"", "a class in every row", "fill one in", "rows, the first of which is row"])
  }

  // MARK: Widths

  @Test func svmlightOfAnotherWidthIsScored() throws {
    let folder = try TemporaryFolder()
    let text = (0..<80).map { "\($0 % 2 * 2 - 1) 1:\($0 % 7).5 2:\($0 * $0 % 11) 4:\($0 % 5)\n" }.joined()
    try folder.write(text.utf8, to: "s.svm")
    try TinyTable.train(["--data", "s.svm", "--output", "run"], in: folder)
    try folder.write("1 1:2\n-1 2:3\n".utf8, to: "n.svm")
    let result = try Executable.run(["score", "run", "n.svm"], in: folder)
    #expect(result.status == 0 && result.outputLines.count == 3 && result.errors == "", "\(result.errors)")
    try folder.write("1 1:2 6:1\n-1 2:3\n".utf8, to: "w.svm")
    let wide = try Executable.run(["score", "run", "w.svm"], in: folder)
    #expect(wide.status == 0 && wide.output == result.output, "\(wide.errors)")
    #expect(wide.errors.contains("2 columns beyond the 4 that were known before are left out"), "\(wide.errors)")
    for command in [
      ["encode", "run", "--data", "n.svm", "--output", "e.csv"], ["evaluate", "run", "--data", "n.svm"],
    ] {
      let result = try Executable.run(command, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    try folder.write(TinyTable.npy([1, 2, 3], [1, 3]), to: "n.npy")
    try expectRefusal(["score", "run", "n.npy"], in: folder, naming: ["n.npy", "expected 4 columns", "found 3"])
  }

  // MARK: Numbers

  @Test func whatAFloatDoesNotHoldIsSaid() throws {
    let folder = try TemporaryFolder()
    let text = "account,n\n" + (0..<120).map { "\(20_000_000 + $0 * 7919 % 99_991),\($0 * 31 % 97).5\n" }.joined()
    try folder.write(text.utf8, to: "t.csv")
    let said =
      "account: whole numbers beyond 16777216 are kept to 7 digits; where they name the rows, --id-column account"
    let warnings = try #require(try json(["t.csv"], in: folder)["warnings"] as? [String])
    #expect(warnings.contains { $0.hasPrefix(said) && $0.contains("--exclude account") }, "\(warnings)")
    let run = try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder)
    #expect(run.errors.contains(said) && run.errorLines.count == 1, "\(run.errors)")
    let kept = try TinyTable.train(["--data", "t.csv", "--id-column", "account", "--output", "b"], in: folder)
    #expect(kept.errors == "")
  }

  @Test func numbersThatFallTogetherAreSaidToo() throws {
    let folder = try TemporaryFolder()
    let text = "account,n\n" + (0..<120).map { "\(10_000_000_000 + $0 % 5),\($0 * 31 % 97).5\n" }.joined()
    try folder.write(text.utf8, to: "t.csv")
    let warnings = try #require(try json(["t.csv"], in: folder)["warnings"] as? [String])
    #expect(warnings.contains { $0.hasPrefix("account: whole numbers beyond 16777216") }, "\(warnings)")
  }

  @Test func fewRowsAreSaidToBeFew() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text(rows: 40).utf8, to: "t.csv")
    let remark = "36 rows to train on are few: all figures will be rough"
    #expect(try json(["t.csv"], in: folder)["remarks"] as? [String] == [remark])
    #expect(try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder).errors.contains(remark))
    try folder.write(TinyTable.text(rows: 60).utf8, to: "t.csv")
    #expect(try json(["t.csv"], in: folder)["remarks"] as? [String] == [])
  }

  /// Counts that are mostly 0 or 1 have a 2 somewhere.
  @Test func aThirdValueInHeldOutRowsStopsNothing() throws {
    let folder = try TemporaryFolder()
    var text = "%%MatrixMarket matrix coordinate integer general\n200 20 400\n"
    for entry in 0..<400 { text += "\(entry % 200 + 1) \(entry * 7 % 20 + 1) \(entry % 97 == 0 ? 2 : 1)\n" }
    try folder.write(text.utf8, to: "m.mtx")
    for seed in ["0", "1", "2"] {
      try TinyTable.train(["--data", "m.mtx", "--seed", seed, "--output", "run\(seed)"], in: folder)
    }
    // Test data of their own decide too; what is constant in training is left out.
    try folder.write(("a,b,c\n" + (0..<60).map { "\($0 % 2),3,\($0 % 7).5\n" }.joined()).utf8, to: "t.csv")
    try folder.write("a,b,c\n5,4,1.5\n1,3,2.5\n".utf8, to: "u.csv")
    let run = try TinyTable.train(["--data", "t.csv", "--test-data", "u.csv", "--output", "run"], in: folder)
    #expect(run.output.contains("1 constant"), "\(run.output)")
    let kinds = (try json(["t.csv", "--test-data", "u.csv"], in: folder)["column_details"] as? [[String: Any]]) ?? []
    #expect(kinds.map { $0["kind"] as? String } == ["count", "constant", "number"])
    // A value that only later rows have stays one of them.
    try folder.write("a,b,c\n2.5,4,1.5\n".utf8, to: "v.csv")
    try expectRefusal(["score", "run", "v.csv"], in: folder, naming: ["v.csv", "row 1", "\"a\"", "whole number"])
  }

  // MARK: Likelihoods

  @Test func oneLikelihoodForAllNeedsNumbersThatItTakes() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let command = ["--data", "t.csv", "--output", "run"] + TinyTable.options
    for likelihood in ["bernoulli", "categorical 4"] {
      try expectRefusal(
        command + ["--likelihood", likelihood, "--exclude", "grade"], in: folder,
        naming: [
          "t.csv", "column \"age\"", "yes and no, or numbers from 0 to 1", "--likelihood auto", "found 18 to 77",
        ])
    }
    try expectRefusal(
      command + ["--likelihood", "bernoulli", "--exclude", "grade", "--scaling", "standard"], in: folder,
      naming: ["column \"age\"", "--scaling"])
    try folder.write(
      ("a,b,c\n" + (0..<60).map { "\($0 % 2),\($0 % 5).5e-1,\($0 % 3 == 0 ? "x" : "y")\n" }.joined()).utf8, to: "u.csv")
    try TinyTable.train(["--data", "u.csv", "--likelihood", "bernoulli", "--output", "run"], in: folder)
  }

  @Test func aTableIsNotBinarized() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try expectRefusal(
      ["--data", "t.csv", "--binarize", "dynamic", "--output", "run"] + TinyTable.options, in: folder,
      naming: ["t.csv", "pictures", "--binarize", "found a table"])
  }

  // MARK: Options that contradict each other

  @Test(arguments: [
    (
      ["--conditions", "age", "--columns", "income,smoker"], ["--conditions age", "without --columns 'income,smoker'"]
    ),
    (["--conditions", "age", "--exclude", "a*"], ["--conditions age", "without --exclude 'a*'"]),
    (["--conditions", "city", "--label-column", "city"], ["--conditions city", "without --label-column city"]),
    (["--counts", "age", "--id-column", "age"], ["--counts age", "without --id-column age"]),
    (["--conditions", "age", "--columns", "age"], ["beside those that the model is told (--conditions)"]),
    (["--conditions", "agge"], ["a column of the name \"agge\"", "the nearest is \"age\""]),
  ]) func whatContradictsIsNamed(options: [String], naming: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try expectRefusal(
      ["--data", "t.csv", "--output", "run"] + options + TinyTable.options, in: folder, naming: ["t.csv"] + naming)
  }

  @Test func columnsByQuartilesAreCalledSo() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    for (scaling, words) in [("robust", "by median and quartiles"), ("standard", "standardised"), ("none", "as it is")]
    {
      let columns = try json(["t.csv", "--scaling", scaling], in: folder)["column_details"] as? [[String: Any]]
      #expect(columns?[0]["becomes"] as? String == words)
      let text = try Executable.run(["inspect", "t.csv", "--scaling", scaling], in: folder)
      #expect(text.output.contains(words) && text.outputLines.allSatisfy { $0.count <= 80 }, "\(text.output)")
    }
  }

  // MARK: Files

  @Test func aNameIsALineWhateverIsInIt() throws {
    let folder = try TemporaryFolder()
    let lines = TinyTable.text(rows: 60).split(separator: "\n")
    var text = "name,\(lines[0])\n"
    for (row, line) in lines.dropFirst().enumerated() { text += "\"r\(row)\nof\r\n\\60\",\(line)\n" }
    try folder.write(text.utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--id-column", "name", "--output", "run"], in: folder)
    let result = try Executable.run(["encode", "run", "--data", "t.csv", "--output", "e.npy"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let names = String(decoding: try folder.read("e.ids.txt"), as: UTF8.self).split(separator: "\n")
    #expect(names.count == 60 && names[1] == "r1\\nof\\r\\n\\60")
  }

  /// Pictures to train on alone are divided as a file of them is.
  @Test func aFolderWithoutATestSetIsDivided() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    for part in ["images-idx3", "labels-idx1"] {
      try FileManager.default.removeItem(atPath: folder.path(of: "data/t10k-\(part)-ubyte"))
    }
    let object = try json(["data", "--test-fraction", "0.25"], in: folder)
    #expect(object["rows"] as? Int == 64 && object["test"] as? Int == 16 && object["training"] as? Int == 48)
    #expect((object["remarks"] as? [String])?.first?.contains("no images to test with") == true)
    #expect((object["classes"] as? [Any])?.count == 4)
    let run = try Executable.run(
      ["--data", "data", "--epochs", "1", "--test-fraction", "0.25", "--output", "run"] + Tiny.options, in: folder)
    #expect(run.status == 0 && run.output.contains("48 training, 16 test"), "\(run.errors)")
  }

  @Test func spacesAndPipesDivide() throws {
    let folder = try TemporaryFolder()
    let rows = TinyTable.text().replacing("Köln", with: "Rom")
    try folder.write(rows.replacing(",", with: "|").utf8, to: "p.csv")
    #expect(try json(["p.csv"], in: folder)["columns"] as? Int == 5)
    let numbers = (0..<60).map { "  \($0 % 7).5   \($0 * 31 % 97)  \($0 % 5)\n" }.joined()
    try folder.write(numbers.utf8, to: "s.txt")
    try expectRefusal(["inspect", "s.txt"], in: folder, naming: ["s.txt", "--delimiter space", "3 words"])
    #expect(try json(["s.txt", "--delimiter", "space"], in: folder)["columns"] as? Int == 3)
  }
}
