import Foundation
import TestSupport
import Testing
import VAEData

/// What `train` says of data of one's own, and `convert` makes of them.
struct TableDataTests {
  private func metrics(_ folder: TemporaryFolder, _ run: String) throws -> [Double?] {
    try Tiny.metrics(folder, run: run).map { $0["test_negative_elbo"] }
  }

  @Test func theHeadOfARunSaysWhatWasUnderstood() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let result = try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder)
    #expect(result.errors == "")
    let lines = result.outputLines
    #expect(lines[0] == "data      t.csv: 108 training, 12 test; 5 columns: 3 numbers, 1 yes-no, 1")
    #expect(lines[1] == "          category")
    let missing = try #require(lines.first { $0.hasPrefix("          missing: grade ") })
    #expect(missing.hasSuffix(" %"))
    #expect(lines.contains("          by column: 3 gaussian, 1 bernoulli, 1 categorical"))
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
  }

  /// However many columns there are, and whatever they are called.
  @Test func theHeadStaysWithin80Columns() throws {
    let folder = try TemporaryFolder()
    let names = (0..<50).map { "eine_sehr_lange_Spaltenüberschrift_数値_\($0)" }
    var text = names.joined(separator: ",") + "\n"
    for row in 0..<60 {
      text += names.indices.map { row * $0 % 5 == 1 ? "" : "\((row * 31 + $0 * 17) % 23).\($0 % 9)" }.joined(
        separator: ",")
      text += "\n"
    }
    try folder.write(text.utf8, to: "ein Dateiname, der alleine schon fast achtzig Zeichen lang ist und mehr sagt.csv")
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    let result = try TinyTable.train(["--data", name, "--output", "run"], in: folder)
    #expect(result.outputLines.allSatisfy { $0.count <= 80 }, "\(result.outputLines.filter { $0.count > 80 })")
    #expect(result.output.contains("missing: ") && result.output.contains(" more\n"))
  }

  @Test(arguments: [
    ["--id-column", "city"], ["--label-column", "smoker"], ["--group-column", "city"], ["--exclude", "a*"],
  ])
  func columnsAreLeftToOthers(options: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let result = try TinyTable.train(["--data", "t.csv", "--output", "run"] + options, in: folder)
    #expect(result.output.contains("4 columns"))
  }

  @Test func aNameWithACommaStandsInQuotes() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text(header: "age,\"income, \"\"net\"\"\",smoker,city,grade").utf8, to: "t.csv")
    let options = ["--columns", "\"income, \"\"net\"\"\" , age", "--missing", "\""]
    let result = try TinyTable.train(["--data", "t.csv", "--output", "run"] + options, in: folder)
    #expect(result.output.contains("2 columns"), "\(result.output)")
  }

  // MARK: Converting

  /// A converted table is the same table: so are the model and its figures, from memory and from the file.
  @Test(arguments: ["npy", "npz", "csv"]) func aConvertedTableIsTheSame(ending: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let converted = try Executable.run(["convert", "t.csv", "--output", "c.\(ending)"], in: folder)
    #expect(converted.status == 0 && converted.errors == "", "\(converted.errors)")
    let columns = ending == "npy" ? ", columns in c.columns.json" : ""
    #expect(converted.output == "c.\(ending): 120 × 5\(ending == "csv" ? "" : " of float32")\(columns)\n")
    try TinyTable.train(["--data", "t.csv", "--output", "a"], in: folder)
    try TinyTable.train(["--data", "c.\(ending)", "--output", "b"], in: folder)
    #expect(try metrics(folder, "a") == metrics(folder, "b"))
    if ending == "npy" {
      try TinyTable.train(["--data", "c.npy", "--output", "c", "--storage", "file"], in: folder)
      #expect(try metrics(folder, "a") == metrics(folder, "c"))
      #expect(try folder.read("a/model.safetensors").count == folder.read("c/model.safetensors").count)
    }
  }

  @Test func labelsAndNamesGoWhereThereIsRoomForThem() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let options = ["--label-column", "smoker", "--id-column", "age"]
    let csv = try Executable.run(["convert", "t.csv", "--output", "c.csv"] + options, in: folder)
    #expect(csv.status == 0 && csv.errors == "")
    let text = String(decoding: try folder.read("c.csv"), as: UTF8.self)
    #expect(text.hasPrefix("age,smoker,income,city,grade\n18,yes,1000.05,"))
    let npy = try Executable.run(["convert", "t.csv", "--output", "c.npy"] + options, in: folder)
    #expect(npy.status == 0 && npy.errors == "", "\(npy.errors)")
    #expect(
      npy.output
        == "c.npy: 120 × 3 of float32, columns in c.columns.json, classes in c.labels.npy, names in c.ids.txt\n")
    let names = String(decoding: try folder.read("c.ids.txt"), as: UTF8.self).split(separator: "\n")
    #expect(names.count == 120 && names.prefix(2) == ["18", "55"])
    // They are read back, and what is left of an earlier array is named.
    let read = try Executable.run(["inspect", "c.npy"], in: folder)
    #expect(read.output.contains("classes     2: no (") && read.output.contains("names       18, 55, "))
    let again = try Executable.run(["convert", "t.csv", "--output", "c.npy"], in: folder)
    #expect(again.errorLines.count == 2 && again.errors.contains("c.labels.npy was there before"), "\(again.errors)")
    try folder.write(TinyTable.npy([1, 2], [2]), to: "c.labels.npy")
    let other = try Executable.run(["inspect", "c.npy"], in: folder)
    #expect(other.status == 0 && !other.output.contains("classes  ") && other.output.contains("read without classes"))
    let npz = try Executable.run(["convert", "t.csv", "--output", "c.npz"] + options, in: folder)
    #expect(npz.status == 0 && npz.errorLines.count == 1 && npz.errors.contains("names are left out"))
    let inspected = try Executable.run(["inspect", "c.npz"], in: folder)
    #expect(inspected.output.contains("classes     2: no (") && inspected.output.contains("yes ("))
  }

  @Test func picturesBecomeBytes() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.run(["convert", "data", "--output", "p.npy"], in: folder)
    #expect(result.output == "p.npy: 85 × 4 × 5 × 1 of uint8, classes in p.labels.npy\n")
    let pixels =
      try folder.read("data/train-images-idx3-ubyte").dropFirst(16)
      + folder.read("data/t10k-images-idx3-ubyte").dropFirst(16)
    #expect(try folder.read("p.npy").suffix(pixels.count) == pixels)
    let inspected = try Executable.run(["inspect", "p.npy"], in: folder)
    #expect(inspected.output.contains("85 pictures of 5 × 4"))
    for (name, storage) in [("a", "memory"), ("b", "file")] {
      try TinyTable.train(["--data", "p.npy", "--output", name, "--storage", storage], in: folder)
    }
    #expect(try metrics(folder, "a") == metrics(folder, "b"))
    // What is no table has no columns, and takes those of an earlier one away.
    try folder.write("{}".utf8, to: "p.columns.json")
    #expect(try Executable.run(["convert", "data", "--output", "p.npy"], in: folder).status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "p.columns.json")))
  }

  @Test func sparseMatricesBecomeWhole() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "%%MatrixMarket matrix coordinate integer general\n3 4 3\n1 2 5\n3 1 7\n3 4 1\n".utf8, to: "m.mtx")
    let result = try Executable.run(["convert", "m.mtx", "--output", "m.npy"], in: folder)
    #expect(result.output == "m.npy: 3 × 4 of float32\n" && result.errors == "")
    #expect(
      try NPY.decode(folder.read("m.npy"), path: "m.npy").values == [0, 5, 0, 0, 0, 0, 0, 0, 7, 0, 0, 1])
    try folder.write("1 1:2 3:4\n0 2:1\n".utf8, to: "s.svm")
    #expect(try Executable.run(["convert", "s.svm", "--output", "s.csv"], in: folder).status == 0)
    let text = String(decoding: try folder.read("s.csv"), as: UTF8.self)
    #expect(text == "label,column 1,column 2,column 3\n1,2,0,4\n0,0,1,0\n")
  }

  /// A likelihood of counts reads a table as counts, and says what to do where it is none.
  @Test func tablesTrainWithLikelihoodsOfCounts() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<60).map { "c\($0),\($0 % 2 == 0 ? "x" : "y"),\($0 % 3),0,\($0 * $0 % 7),0" }
    try folder.write(("cell,batch,g1,g2,g3,g4\n" + rows.joined(separator: "\n") + "\n").utf8, to: "t.csv")
    let options = ["--likelihood", "nb", "--output", "run"] + TinyTable.options
    let run = try Executable.run(
      ["--data", "t.csv", "--id-column", "cell", "--conditions", "batch"] + options, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let encoded = try Executable.run(["encode", "run", "--data", "t.csv", "--output", "e.csv"], in: folder)
    #expect(encoded.status == 0, "\(encoded.errors)")
    #expect(String(decoding: try folder.read("e.csv"), as: UTF8.self).contains("\nc59,"))
    try expectRefusal(
      ["--data", "t.csv", "--id-column", "cell"] + options, in: folder,
      naming: ["t.csv", "column \"batch\"", "whole numbers from 0 up", "--exclude", "found text"])
    try folder.write("a,b\n1,2\n3,0.5\n4,1\n".utf8, to: "u.csv")
    try expectRefusal(
      ["--data", "u.csv"] + options, in: folder, naming: ["row 2", "column \"b\"", "a whole number", "found 0.5"])
    try expectRefusal(
      ["--data", "u.csv", "--scaling", "robust"] + options, in: folder, naming: ["--likelihood auto", "--scaling"])
  }

  /// An array that fails half way leaves what was there.
  @Test func convertingIsWholeOrNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try folder.write("earlier".utf8, to: "c.npy")
    try Folder.create(at: folder.path(of: "c.columns.json"))
    try expectRefusal(["convert", "t.csv", "--output", "c.npy"], in: folder, naming: ["c.columns.json"])
    try expectRefusal(["convert", "t.csv", "--output", "c.txt"], in: folder, naming: [".npy", ".npz", ".csv"])
    try expectRefusal(["convert", "t.csv"], in: folder, naming: ["--output"])
  }

  @Test func damagedColumnsAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.npy((0..<80).map { Float($0 % 7) }, [40, 2]), to: "a.npy")
    let command = ["--data", "a.npy", "--output", "run"] + TinyTable.options
    for (text, naming) in [
      ("{\"columns\":[{\"name\":\"x\"}]}", ["2 columns", "found 1"]), ("nonsense", ["an object"]),
      ("{\"columns\":[{\"name\":\"x\"},{\"name\":\"x\"}]}", ["different names"]),
    ] {
      try folder.write(text.utf8, to: "a.columns.json")
      try expectRefusal(command, in: folder, naming: ["a.columns.json"] + naming)
    }
    // A text that a number is said to stand for, and is not there.
    try folder.write(
      "{\"columns\":[{\"name\":\"x\"},{\"name\":\"y\",\"texts\":[\"a\",\"b\"]}]}".utf8, to: "a.columns.json")
    let converting = ["convert", "a.npy", "--output", "b.csv"]
    for (texts, number) in [("[\"a\",\"b\"]", "3.0"), ("[\"a\"]", "1.0"), ("[]", "1.0")] {
      try folder.write(
        "{\"columns\":[{\"name\":\"x\"},{\"name\":\"y\",\"texts\":\(texts)}]}".utf8, to: "a.columns.json")
      for (command, storage) in [
        (command, "file"), (command, "memory"), (["inspect", "a.npy"], "memory"), (converting, "file"),
      ] {
        let naming = command.first == "--data" && storage == "file" ? ["0 to 6"] : ["columns.json", "found \(number)"]
        try expectRefusal(command + ["--storage", storage], in: folder, naming: ["a.npy", "\"y\""] + naming)
      }
    }
  }
}
