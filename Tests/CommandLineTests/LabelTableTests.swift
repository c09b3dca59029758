import Foundation
import TestSupport
import Testing
import VAEReport

/// Classes of a folder of pictures from a table: `--label-table`.
struct LabelTableTests {
  private static let classes = ["cat", "dog", "eel"]

  /// A folder `p` with 24 pictures, and `classes.csv`, which has a class for each.
  private func makeFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<24 {
      let bytes = (0..<12).map { UInt8(truncatingIfNeeded: $0 * 17 + index * 9 + index % 3 * 60) }
      try folder.write(PNGImage(width: 4, height: 3, channels: 1, bytes: bytes).encoded(), to: "p/\(index).png")
    }
    try folder.write(("file,class\n" + lines { "\($0).png,\($1)" }).utf8, to: "classes.csv")
    return folder
  }

  private func lines(_ line: (Int, String) -> String) -> String {
    (0..<24).map { line($0, Self.classes[$0 % 3]) + "\n" }.joined()
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Executable.Result {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return result
  }

  @Test func everyWayOfWritingItIsTheSame() throws {
    let folder = try makeFolder()
    let inspected = try run(["inspect", "p", "--label-table", "classes.csv"], in: folder).output
    #expect(inspected.contains("classes     3: cat (8), dog (8), eel (8)"), "\(inspected)")
    #expect(try !run(["inspect", "p"], in: folder).output.contains("classes"))
    let tables = [
      (lines { "\($0).png,\($1)" }, []), (lines { "./\($0).png,\($1)" }, []),
      ("weight;breed;pic\n" + lines { "1;\($1);\($0)" }, ["--id-column", "pic", "--label-column", "breed"]),
      ("breed\tpic\n" + lines { "\($1)\t\($0).png" }, ["--label-column", "breed"]),
      ("breed,pic\n" + lines { "\($1),\($0).png" }, ["--id-column", "pic"]),
      ("1.png,eel\n" + lines { "\($0).png,\($1)" }, ["--header", "yes"]),
    ]
    for (text, options) in tables {
      try folder.write(text.utf8, to: "other.csv")
      #expect(
        try run(["inspect", "p", "--label-table", "other.csv"] + options, in: folder).output == inspected, "\(text)")
    }
  }

  @Test func trainingEncodingAndScoringHaveTheClasses() throws {
    let folder = try makeFolder()
    let table = ["--label-table", "classes.csv"]
    let training = ["--data", "p", "--conditional", "--output", "run"]
    #expect(try TinyTable.train(training + table, in: folder).output.contains("told 3 classes"))
    // The run's own data, and others, which need a table of theirs.
    _ = try run(["encode", "run", "--set", "all", "--output", "a.csv"], in: folder)
    _ = try run(["encode", "run", "--data", "p", "--output", "b.csv"] + table, in: folder)
    let codes = String(decoding: try folder.read("a.csv"), as: UTF8.self)
    #expect(try String(decoding: folder.read("b.csv"), as: UTF8.self) == codes)
    for line in codes.split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",")
      let index = try #require(Int(cells[0].dropLast(4)))
      #expect(cells.last.map(String.init) == Self.classes[index % 3], "\(line)")
    }
    #expect(try run(["score", "run", "p"] + table, in: folder).outputLines.count == 25)
    // It has no second copy either.
    let kept = try folder.read("classes.csv")
    for command in [
      ["score", "run", "p", "--output", "classes.csv"], ["convert", "p", "--output", "classes.csv"] + table,
    ] {
      try expectRefusal(command, in: folder, naming: ["--output classes.csv: expected a file that is not read"])
    }
    #expect(try folder.read("classes.csv") == kept)
    for command in [["score", "run", "p"], ["encode", "run", "--data", "p", "--output", "c.csv"]] {
      try expectRefusal(command, in: folder, naming: ["p: expected labels"])
    }
    _ = try run(["sample", "run", "--label", "dog", "--output", "dogs.png"], in: folder)
    // A resumed run reads it again, from wherever it is resumed.
    let resumed = try Executable.shell(
      "mkdir far && cd far && \"$VAE_TRAIN\" --resume ../run --epochs 2 --no-images --quiet", in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    // A model that is told no classes takes pictures without.
    _ = try TinyTable.train(["--data", "p", "--output", "plain", "--label-column", "class"] + table, in: folder)
    let plain = try Executable.run(["encode", "plain", "--data", "p", "--output", "d.csv"], in: folder)
    #expect(plain.status == 0 && plain.errors.contains("classes.csv, and --label-table names"), "\(plain.errors)")
    // A pipe is opened once.
    #expect(try Executable.run(["convert", "p", "--output", "p.npy"], in: folder).status == 0)
    let piped = try Executable.shell(
      "mkfifo f; (cat p.npy > f &); timeout 30 \"$VAE_TRAIN\" encode plain --data f --output e.csv", in: folder)
    #expect(piped.status == 0 && piped.errors == "", "\(piped.errors)")
    #expect(try !String(decoding: folder.read("d.csv"), as: UTF8.self).contains("label"))
  }

  @Test(arguments: [
    ("1.png,cat\n2.png,dog\n", [], ["a class for every picture in the table", "bad.csv", "22 of 24", "0.png"]),
    ("file,class\n1.png,cat\n1.png,dog\n", [], ["bad.csv: line 3, column 2", "one class for 1.png", "\"dog\""]),
    ("file,class\n1.png,\n", [], ["bad.csv: line 2, column 2", "a class", "an empty cell"]),
    ("file\n1.png\n", [], ["bad.csv: line 1", "a column of pictures' names and one of classes", "1 column"]),
    ("file,class\n1.png,cat\n", ["--label-column", "clas"], ["bad.csv", "\"clas\"", "nearest", "\"class\""]),
    (
      "file,class\n1.png,cat\n", ["--id-column", "class", "--label-column", "class"], ["bad.csv", "\"class\" for both"]
    ),
    ("", [], ["bad.csv"]),
  ])
  func tablesThatSayNoClassesAreRefused(text: String, options: [String], naming: [String]) throws {
    let folder = try makeFolder()
    try folder.write(text.utf8, to: "bad.csv")
    try expectRefusal(["inspect", "p", "--label-table", "bad.csv"] + options, in: folder, naming: naming)
  }

  @Test func onlyPicturesHaveOne() throws {
    let folder = try makeFolder()
    try Tiny.writeData(in: folder)
    for data in ["classes.csv", "data"] {
      try expectRefusal(
        ["inspect", data, "--label-table", "classes.csv"], in: folder,
        naming: ["\(data): expected a folder of pictures", "classes.csv"])
    }
    try expectRefusal(["inspect", "p", "--label-table", "none.csv"], in: folder, naming: ["none.csv"])
    try expectRefusal(["inspect", "p", "--label-column", "class"], in: folder, naming: ["p: expected a table"])
  }
}
