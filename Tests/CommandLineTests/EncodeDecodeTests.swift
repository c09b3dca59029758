import Foundation
import TestSupport
import Testing
import VAEData
import VAEReport

/// `vae-train encode`, and `decode` of what it wrote.
struct EncodeDecodeTests {
  private func run(_ arguments: [String], in folder: TemporaryFolder) throws {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == "" && result.outputLines.count == 1, "\(result.errors)")
  }

  @Test func writesTheSameNumbersToBothFormats() throws {
    let folder = try Tiny.makeRun(["--latent", "3"])
    try run(["encode", "run", "--output", "a.csv"], in: folder)
    try run(["encode", "run", "--output", "a.tsv"], in: folder)
    try run(["encode", "run", "--output", "a.npy"], in: folder)
    try run(["encode", "run", "--log-variance", "--output", "b.npy"], in: folder)
    let table = try CSV.read(path: folder.path(of: "a.csv"))
    let means = (0..<3).map { "mean_\($0)" }
    #expect(table.header == ["id"] + means + (0..<3).map { "log_variance_\($0)" } + ["label"])
    #expect(table.rowCount == Tiny.testCount)
    let (values, shape) = try NPY.read(path: folder.path(of: "a.npy"))
    #expect(shape == [Tiny.testCount, 3])
    let both = try NPY.read(path: folder.path(of: "b.npy"))
    #expect(both.shape == [Tiny.testCount, 6])
    let (labels, labelShape) = try NPY.read(path: folder.path(of: "a.labels.npy"))
    #expect(labelShape == [Tiny.testCount])
    for row in 0..<Tiny.testCount {
      let fields = Array(table.values[row * 8..<row * 8 + 8])
      #expect(fields == [Float(row)] + both.values[row * 6..<row * 6 + 6] + [labels[row]])
      #expect(both.values[row * 6..<row * 6 + 3] == values[row * 3..<row * 3 + 3])
      #expect(labels[row] == Float(row % Tiny.height))
    }
    // In order, and as whole numbers.
    let text = String(decoding: try folder.read("a.csv"), as: UTF8.self)
    #expect(text.contains("\n20,") && text.hasSuffix(",0\n"))
    #expect(try String(decoding: folder.read("a.tsv"), as: UTF8.self) == text.replacing(",", with: "\t"))
    try expectRefusal(
      ["encode", "run", "--log-variance", "--output", "c.csv"], in: folder, naming: ["--log-variance", "c.csv"])
  }

  /// Files beside an array are read as its own, so that those of an earlier one must not stay without a word.
  @Test func namesWhatLiesBesideFromBefore() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    for name in ["ids.txt", "classes.txt", "columns.json"] { try folder.write("x\n".utf8, to: "a.\(name)") }
    let result = try Executable.run(["encode", "run", "--set", "train", "--output", "a.npy"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let written = ["ids.txt", "classes.txt", "columns.json"].filter { result.output.contains("a.\($0)") }
    for name in ["ids.txt", "classes.txt", "columns.json"] {
      #expect(
        result.errors.contains("a.\(name) was there before: remove it") != written.contains(name), "\(result.errors)")
    }
    #expect(written.count < 3)
  }

  @Test func encodesTheTrainingSet() throws {
    let folder = try Tiny.makeRun()
    try run(["encode", "run", "--set", "train", "--output", "a.npy"], in: folder)
    #expect(try NPY.read(path: folder.path(of: "a.npy")).shape == [Tiny.trainCount, 2])
  }

  @Test func encodesAFileWholeAndInItsOrder() throws {
    let folder = try Tiny.makeRun()
    try folder.write(Tiny.images(20), to: "images")
    try run(["encode", "run", "--data", "images", "--set", "all", "--output", "a.npy"], in: folder)
    let (values, shape) = try NPY.read(path: folder.path(of: "a.npy"))
    #expect(shape == [20, 2])
    // The data of the run begin with the same images.
    try run(["encode", "run", "--set", "all", "--output", "b.npy"], in: folder)
    let all = try NPY.read(path: folder.path(of: "b.npy"))
    #expect(all.shape == [Tiny.trainCount + Tiny.testCount, 2])
    for (a, b) in zip(values, all.values) { #expect(abs(a - b) < 1e-5) }
    // What was named is meant whole, but where it has a test set of its own.
    try run(["encode", "run", "--data", "images", "--output", "c.npy"], in: folder)
    #expect(try folder.read("c.npy") == folder.read("a.npy"))
    for (options, count) in [
      (["--data", "images", "--set", "test"], 2), (["--data", "images", "--test-fraction", "0.25"], 5),
      (["--data", "data"], Tiny.testCount), ([], Tiny.testCount),
    ] {
      let name = "\(options.count)-\(count).npy"
      try run(["encode", "run", "--output", name] + options, in: folder)
      #expect(try NPY.read(path: folder.path(of: name)).shape == [count, 2])
    }
  }

  @Test func leavesOutLabelsThatAreNotKnown() throws {
    let folder = try Tiny.makeRun()
    try folder.write(Tiny.images(20), to: "images")
    try run(["encode", "run", "--data", "images", "--output", "a.csv"], in: folder)
    #expect(try CSV.read(path: folder.path(of: "a.csv")).header?.prefix(2) == ["id", "mean_0"])
    try run(["encode", "run", "--data", "images", "--output", "a.npy"], in: folder)
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "a.labels.npy")))
  }

  @Test func decodesEveryWayOfWritingTheSameLatents() throws {
    let folder = try Tiny.makeRun()
    try run(["encode", "run", "--output", "a.csv"], in: folder)
    try run(["encode", "run", "--output", "a.tsv"], in: folder)
    try run(["encode", "run", "--output", "a.npy"], in: folder)
    try run(["encode", "run", "--log-variance", "--output", "both.npy"], in: folder)
    let (means, _) = try NPY.read(path: folder.path(of: "a.npy"))
    try folder.write(CSV.encode(header: ["x", "y"], values: means), to: "means.csv")
    for name in ["a.csv", "a.tsv", "a.npy", "both.npy", "means.csv"] {
      try run(["decode", "run", "--latents", name, "--columns", "7", "--output", "\(name).png"], in: folder)
      #expect(try folder.read("\(name).png") == folder.read("a.csv.png"))
    }
    let image = try PNGImage(decoding: Array(folder.read("a.csv.png")))
    #expect(image.width == 7 * (2 * Tiny.width + 2) + 2 && image.height == 3 * (2 * Tiny.height + 2) + 2)
  }

  @Test(arguments: [
    ("mean_0,mean_1\n1,nan\n", "line 2"), ("1,2,3\n", "2 columns"), ("1,2\n3\n", "line 2"), ("", "nothing"),
    ("mean_0,mean_1\n", "header"), ("a,b\nx,y\n", "line 2"), ("mean_0\n1\n", "2 columns"),
    ("mean_0,mean_2\n1,2\n", "line 1, column 2"), ("mean_1,mean_0,mean_2\n1,2,3\n", "2 columns mean_"),
    ("mean_0,mean_1,mean_0\n1,2,3\n", "line 1, column 3"), ("mean_0,mean_1,mean_01\n1,2,3\n", "line 1, column 3"),
    (",0.5\n0.1,0.2\n", "line 1, column 1"), ("O.5,0.5\n0.1,0.2\n", "line 1, column 1"),
    ("0,1\n0.1,0.2\n", "line 1"), ("index,z\n1,2\n", "2 columns"), ("x,x\n1,2\n", "line 1, column 2"),
    ("z_3,z_1\n1,2\n", "line 1"), ("file,mean_0,mean_1\na,1,\n", "line 2, column 3"),
    ("mu_0,logvar_0\n1,2\n", "line 1, column 2"), ("z0,class\n1,2\n", "line 1, column 2"),
    ("z_1_1,z_0_1\n1,2\n", "line 1, column 2"), ("1,2\n3,1e39\n", "line 2, column 2"),
  ])
  func refusesTablesThatAreNotLatents(text: String, complaint: String) throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try folder.write(text.utf8, to: "bad.csv")
    try expectRefusal(["decode", "run", "--latents", "bad.csv"], in: folder, naming: ["bad.csv", complaint])
  }

  /// Columns by name, whatever stands between, before or above.
  @Test func decodesOtherProgramsTablesOfTheSameLatents() throws {
    let folder = try Tiny.makeRun(["--no-images", "--latent", "11"])
    let numbers = (0..<22).map { Float($0) / 8 - 1 }
    let rows = [Array(numbers[..<11]), Array(numbers[11...])]
    let names = (0..<11).map(String.init)
    let sorted = names.indices.sorted { names[$0] < names[$1] }
    func text(_ header: String, _ order: [Int], _ beside: (String, String) = ("", "")) -> String {
      header
        + rows.map { row in beside.0 + order.map { "\(row[$0])" }.joined(separator: ",") + beside.1 }
        .joined(separator: "\n") + "\n"
    }
    func header(_ stem: String, from first: Int = 0) -> String {
      sorted.map { "\(stem)\($0 + first)" }.joined(separator: ",")
    }
    let inOrder = Array(0..<11)
    let texts = [
      text("", inOrder),
      text("file,\(header("mean_")),note\n", sorted, ("\"a,\n.png\",", ",")),
      text("# \(header("mean_"))\n", sorted) + "# end\n",
      text(",\(header("Mean_"))\r\n", sorted, ("7,", "\r")),
      text("\u{FEFF}index,label,\(header("z"))\n", sorted, ("0,1,", "")),
      text("\(header("z", from: 1))\n", sorted),
      text(inOrder.map { "mean_" + ($0 < 10 ? "0" : "") + "\($0)" }.joined(separator: ",") + "\n", inOrder),
      text(header("mean_") + ",2019\n", sorted, ("", ",7")),
    ]
    for (index, text) in texts.enumerated() {
      try folder.write(text.utf8, to: "\(index).csv")
      try run(["decode", "run", "--latents", "\(index).csv", "--output", "\(index).npy"], in: folder)
      #expect(try folder.read("\(index).npy") == folder.read("0.npy"), "\(text)")
    }
  }

  /// What "encode" writes of a conditional model decodes for the classes that stand beside the latents.
  @Test func latentsAreDecodedForTheClassesBesideThem() throws {
    let folder = try Tiny.makeRun(["--no-images", "--conditional"])
    func decode(_ text: String, _ options: [String] = []) throws -> (Data, String) {
      try folder.write(text.utf8, to: "a.csv")
      let result = try Executable.run(
        ["decode", "run", "--latents", "a.csv", "--output", "a.npy"] + options, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      return (try folder.read("a.npy"), result.output)
    }
    let row = "0.5,-0.5\n"
    let (ofFile, words) = try decode("label,mean_0,mean_1\n1,\(row)1,\(row)0,\(row)")
    #expect(words.contains("each as its class"))
    let one = try rows(of: decode("mean_0,mean_1\n\(row)\(row)\(row)", ["--label", "1"]).0)
    let (turns, wordsOfTurns) = try decode("mean_0,mean_1\n\(row)\(row)\(row)")
    #expect(wordsOfTurns.contains("each class in turn"))
    let (told, inTurn) = (rows(of: ofFile), rows(of: turns))
    #expect(told[0] == one[0] && told[1] == one[0] && told[2] == inTurn[0] && inTurn[0] != one[0])
    try folder.write("label,mean_0,mean_1\n77,\(row)".utf8, to: "bad.csv")
    try expectRefusal(["decode", "run", "--latents", "bad.csv"], in: folder, naming: ["bad.csv", "classes"])
  }

  /// The bytes of three rows of an array, without its header.
  private func rows(of file: Data) -> [Data] {
    let numbers = file.suffix(3 * 4 * Tiny.width * Tiny.height)
    return (0..<3).map { numbers.dropFirst($0 * numbers.count / 3).prefix(numbers.count / 3) }
  }

  @Test func endingsMayBeInAnyCase() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    try run(["encode", "run", "--output", "A.CSV"], in: folder)
    try run(["encode", "run", "--output", "A.Npy"], in: folder)
    #expect(try NPY.read(path: folder.path(of: "A.labels.npy")).shape == [Tiny.testCount])
    for name in ["A.CSV", "A.Npy"] { try folder.write(Gzip.compress(Array(folder.read(name))), to: "\(name).Gz") }
    for name in ["A.CSV", "A.Npy", "A.CSV.Gz", "A.Npy.Gz"] {
      try run(["decode", "run", "--latents", name, "--output", "\(name).PNG"], in: folder)
      #expect(try folder.read("\(name).PNG") == folder.read("A.CSV.PNG"))
    }
    try run(["report", "run", "--output", "R.HTML"], in: folder)
    for name in ["csv", "a.csv.txt", ".csv", "a.gz"] {
      try expectRefusal(
        ["decode", "run", "--latents", name], in: folder, naming: ["--latents \(name)", ".csv or .tsv or .npy"])
    }
    try expectRefusal(["encode", "run", "--output", "b.csv.gz"], in: folder, naming: ["--output b.csv.gz"])
  }

  @Test func refusesArraysThatAreNotLatents() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    let arrays: [(Data, String)] = [
      (NPY.encode([1, .nan] as [Float], shape: [1, 2]), "row 1, column 2"),
      (NPY.encode([1, 2] as [Float], shape: [2]), "[2]"),
      (NPY.encode([1, 2, 3] as [Float], shape: [1, 3]), "found 3"),
      (NPY.encode([Float](), shape: [0, 2]), "[0, 2]"),
      (NPY.encode([Float](), shape: [2, 0]), "found 0"),
      (NPY.encode([1, 2, 3, 4] as [Float], shape: [2, 2]).dropLast(1), "bytes"),
      (Data("no array".utf8), "NPY"),
    ]
    for (array, complaint) in arrays {
      try folder.write(array, to: "bad.npy")
      try expectRefusal(["decode", "run", "--latents", "bad.npy"], in: folder, naming: ["bad.npy", complaint])
    }
  }
}
