import Foundation
import TestSupport
import Testing
import VAEData

/// `score`, `impute` and `sample` of a model of a table: what they say, what they warn of, and what they refuse.
struct RowAnswerTests {
  private func run(_ arguments: [String], in folder: TemporaryFolder, errors: String = "") throws -> String {
    let result = try Executable.run(arguments, in: folder)
    #expect(result.status == 0 && result.errors == errors, "\(arguments): \(result.errors)")
    return result.output
  }

  private func lines(_ text: String) -> [[String]] {
    text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func text(_ name: String, in folder: TemporaryFolder) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }

  /// A model, "run", of "t.csv", in which nothing is missing.
  private func makeRun(_ options: [String] = []) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let whole = TinyTable.text().replacing(",\n", with: ",3\n")
    try folder.write(whole.utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"] + options, in: folder)
    return folder
  }

  // MARK: What a model is told

  /// A file that has two of four classes has the scores that these rows have in the whole file.
  @Test func classesAreThoseOfTheModel() throws {
    let folder = try makeRun(["--label-column", "city", "--conditional"])
    let rows = lines(try text("t.csv", in: folder))
    let scores = lines(try run(["score", "run", "t.csv"], in: folder)).dropFirst().map { $0[1] }
    let chosen = rows.indices.dropFirst().filter { ["Linz", "Wien"].contains(rows[$0][3]) }
    let part = ([rows[0]] + chosen.map { rows[$0] }).map { $0.joined(separator: ",") + "\n" }.joined()
    try folder.write(part.utf8, to: "part.csv")
    let found = lines(try run(["score", "run", "part.csv", "--measure", "elbo", "--samples", "64"], in: folder))
    let all = lines(try run(["score", "run", "t.csv", "--measure", "elbo", "--samples", "64"], in: folder))
    #expect(found.count == chosen.count + 1 && scores.count == 120)
    // Other noise, as rows have other numbers: as far apart as that makes them, and not as another class would.
    let apart = zip(found.dropFirst(), chosen).map { abs(Double($0[1])! - Double(all[$1][1])!) }
    #expect(apart.reduce(0, +) / Double(apart.count) < 0.2, "\(apart)")
    let codes = ["encode", "run", "--data", "part.csv", "--output", "codes.csv"]
    _ = try run(codes, in: folder)
    #expect(lines(try text("codes.csv", in: folder)).dropFirst().map { $0.last! } == chosen.map { rows[$0][3] })
  }

  @Test func classesThatNoTrainingRowHadAreRefused() throws {
    let folder = try makeRun(["--label-column", "city", "--conditional"])
    let header = "age,income,smoker,city,grade\n30,1000.5,yes,Graz,1\n"
    try folder.write((header + "40,2000.5,no,Bonn,2\n").utf8, to: "new.csv")
    let naming = ["new.csv", "row 2, column \"city\"", "Graz, Köln, Linz, Wien", "\"Bonn\""]
    try expectRefusal(["score", "run", "new.csv"], in: folder, naming: naming)
    try expectRefusal(["impute", "run", "new.csv", "--output", "f.csv"], in: folder, naming: naming)
    try expectRefusal(["encode", "run", "--data", "new.csv", "--output", "c.csv"], in: folder, naming: naming)
    let numbered = try makeRun(["--label-column", "grade", "--conditional"])
    try numbered.write("age,income,smoker,city,grade\n30,1000.5,yes,Graz,0\n".utf8, to: "new.csv")
    try expectRefusal(
      ["score", "run", "new.csv"], in: numbered, naming: ["row 1, column \"grade\"", "1, 2, 3, 5", "\"0\""])
    try numbered.write("age,income,smoker,city,grade\n30,1000.5,yes,Graz,x\n".utf8, to: "new.csv")
    try expectRefusal(["score", "run", "new.csv"], in: numbered, naming: ["row 1, column \"grade\"", "\"x\""])
  }

  @Test func whatIsToldMustBeKnown() throws {
    let folder = try makeRun(["--conditions", "smoker,age"])
    let header = "age,income,smoker,city,grade\n30,1000.5,yes,Graz,1\n"
    for (row, column) in [("40,2000.5,,Linz,2", "smoker"), (",2000.5,no,Linz,2", "age")] {
      try folder.write((header + row + "\n").utf8, to: "new.csv")
      let naming = ["new.csv", "row 2, column \"\(column)\"", "--unseen other", "found none"]
      try expectRefusal(["score", "run", "new.csv"], in: folder, naming: naming)
      try expectRefusal(["impute", "run", "new.csv", "--output", "f.csv"], in: folder, naming: naming)
      let result = try Executable.run(["score", "run", "new.csv", "--unseen", "other"], in: folder)
      #expect(result.status == 0 && result.outputLines.count == 3)
      #expect(result.errorLines.count == 1 && result.errors.contains("1 row without a known \(column)"))
    }
    try folder.write((header + "40,2000.5,maybe,Linz,2\n").utf8, to: "new.csv")
    try expectRefusal(["score", "run", "new.csv"], in: folder, naming: ["\"smoker\"", "\"maybe\""])
    let result = try Executable.run(["score", "run", "new.csv", "--unseen", "other"], in: folder)
    #expect(result.status == 0 && result.errors.contains("1 row without a known smoker"))
    // What training rows were without is nothing new.
    let gaps = try TemporaryFolder()
    try gaps.write(TinyTable.text().utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run", "--conditions", "grade"], in: gaps)
    _ = try run(["score", "run", "t.csv"], in: gaps)
  }

  // MARK: Score

  @Test func explanationsHaveAsManyCellsAsTheHeader() throws {
    let folder = try makeRun()
    try folder.write("age,income,smoker,city,grade\n30,,yes,,\n,,,,\n40,2000.5,no,Linz,2\n".utf8, to: "new.csv")
    let rows = lines(try run(["score", "run", "new.csv", "--explain", "9"], in: folder))
    #expect(rows.map(\.count) == Array(repeating: 12, count: 4) && rows[0][10] == "column_5")
    #expect(Set([rows[1][2], rows[1][4]]) == ["age", "smoker"] && rows[1][6...].allSatisfy(\.isEmpty))
    // Of nothing the likelihood is 1, but for what latents cost.
    #expect(abs(Double(rows[2][1])!) < 0.5 && rows[2][2...].allSatisfy(\.isEmpty))
    #expect(Set([2, 4, 6, 8, 10].map { rows[3][$0] }) == ["age", "income", "smoker", "city", "grade"])
    _ = try run(["score", "run", "new.csv", "--explain", "2", "--output", "s.csv"], in: folder)
    #expect(lines(try text("s.csv", in: folder)).map(\.count) == [6, 6, 6, 6])
  }

  /// It is said before anything is read, which may take long: of data that are not there too.
  @Test func picturesHaveNoColumnsToExplain() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    for data in ["data", "nowhere"] {
      try expectRefusal(
        ["score", "run", data, "--explain", "2"], in: folder,
        naming: ["--explain: expected a model of a table, found run/model.safetensors"])
    }
  }

  @Test func trainingRowsThatAreGoneAreMissed() throws {
    let folder = try makeRun()
    try folder.write(TinyTable.text(rows: 5).utf8, to: "new.csv")
    let quantile = ["score", "run", "new.csv", "--threshold-quantile", "0.9"]
    let explain = ["score", "run", "new.csv", "--explain", "1"]
    #expect(try Executable.run(quantile, in: folder).status != 1)
    let whole = try folder.read("t.csv")
    // Rows that are there and cannot be read are an error.
    try folder.write("age,income,smoker,city,grade\n30,x,yes,Graz,1\n".utf8, to: "t.csv")
    try expectRefusal(
      quantile, in: folder, naming: ["--threshold-quantile", "--threshold takes a score", "t.csv", "\"x\""])
    try expectRefusal(explain, in: folder, naming: ["t.csv", "line 2", "\"x\""])
    try FileManager.default.removeItem(atPath: folder.path(of: "t.csv"))
    try expectRefusal(
      quantile, in: folder, naming: ["--threshold-quantile", "training rows", "--threshold takes a score", "t.csv"])
    let result = try Executable.run(explain, in: folder)
    #expect(result.status == 0 && result.outputLines.count == 6)
    #expect(
      result.errorLines.count == 1 && result.errors.contains("warning: --explain") && result.errors.contains("t.csv"))
    // A model's file alone.
    try folder.write(whole, to: "t.csv")
    try folder.write(folder.read("run/model.safetensors"), to: "m.safetensors")
    try expectRefusal(
      ["score", "m.safetensors", "new.csv", "--threshold-quantile", "0.9"], in: folder,
      naming: ["--threshold takes a score", "config.json"])
  }

  // MARK: Impute

  /// A value that the model does not know is known to whoever wrote it: no gap, and left as it is.
  @Test func whatIsUnknownIsNotFilledIn() throws {
    let folder = try makeRun()
    try folder.write(
      "age,income,smoker,city,grade\n30,,yes,Bonn,1\n,2000.5,maybe,Linz,7\n".utf8, to: "new.csv")
    let output = try run(
      ["impute", "run", "new.csv", "--unseen", "other", "--output", "f.csv", "--draws", "1", "--spread", "s.csv"],
      in: folder)
    #expect(output.hasPrefix("f.csv: 2 cells filled in of 2 rows"))
    for name in ["f.csv", "f.1.csv"] {
      let rows = lines(try text(name, in: folder))
      #expect(rows[1][0] == "30" && !rows[1][1].isEmpty && rows[1][2...] == ["yes", "Bonn", "1"], "\(rows)")
      #expect(!rows[2][0].isEmpty && rows[2][1...] == ["2000.5", "maybe", "Linz", "7"], "\(rows)")
    }
    #expect(lines(try text("s.csv", in: folder)).map { $0[2] } == ["column", "income", "age"])
  }

  /// As NumPy's savetxt writes them.
  @Test func numbersWithExponentsKeepTheirDigits() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<80).map { row in
      let numbers: [Double] = [Double(row * 37 % 41 + 1) * 1e-9, Double(row * 31 % 53) / 7]
      return numbers.map { String(format: "%.8e", $0) }.joined(separator: ",") + "\n"
    }
    try folder.write(("a,b\n" + rows.joined()).utf8, to: "t.csv")
    try folder.write("a,b\n,1.0e+00\n2.0e-09,\n".utf8, to: "new.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder)
    let drawn = lines(try run(["sample", "run", "--count", "50"], in: folder)).dropFirst().map { Double($0[0])! }
    #expect(drawn.allSatisfy { (0.9e-9...42e-9).contains($0) } && Set(drawn).count > 20, "\(drawn)")
    _ = try run(["impute", "run", "new.csv", "--output", "f.csv"], in: folder)
    let filled = lines(try text("f.csv", in: folder))
    #expect((0.9e-9...42e-9).contains(Double(filled[1][0])!) && filled[2][0] == "2.0e-09", "\(filled)")
  }

  @Test func imputeTakesOneFile() throws {
    let folder = try makeRun()
    try folder.write(TinyTable.text(rows: 9).utf8, to: "part-1.csv")
    try folder.write(TinyTable.text(rows: 9).utf8, to: "part-2.csv")
    func command(_ data: String) -> [String] { ["impute", "run", data, "--output", "f.csv"] }
    try expectRefusal(command("part-*.csv"), in: folder, naming: ["one file", "a pattern, part-*.csv, of 2 files"])
    try expectRefusal(command("q-*.csv"), in: folder, naming: ["one file", "a pattern, q-*.csv, of no file"])
    try expectRefusal(command("-"), in: folder, naming: ["one file", "standard input"])
    let piped = try Executable.shell(
      "\"$VAE_TRAIN\" impute run <(cat part-1.csv) --output f.csv", in: folder)
    #expect(piped.status != 0 && piped.errors.contains("found a pipe"), "\(piped.errors)")
    // Of several files all can be written before one is.
    try FileManager.default.createDirectory(atPath: folder.path(of: "f.2.csv"), withIntermediateDirectories: false)
    try expectRefusal(command("part-1.csv") + ["--draws", "2"], in: folder, naming: ["f.2.csv", "it is a folder"])
    #expect(try Executable.shell("ls f.csv f.1.csv", in: folder).output == "")
    try expectRefusal(
      command("run"), in: folder, naming: ["run: expected a table of text, CSV or TSV, found a folder\n"])
    try folder.write(TinyTable.npy([1, 2, 3, 4, 5], [1, 5]), to: "a.npy")
    try expectRefusal(command("a.npy"), in: folder, naming: ["a.npy", "CSV or TSV", "convert --output F.csv"])
    // Of pictures no table is made by advice, nor is what a model of them cannot do read first.
    let pictures = try Tiny.makeRun(["--no-images"])
    try expectRefusal(
      ["impute", "run", "data", "--output", "f.csv"], in: pictures,
      naming: ["model.safetensors: expected a model of a table", "found a model of other data\n"])
    // A name with a star in it is a name.
    try folder.write(TinyTable.text(rows: 9).utf8, to: "part-*.csv")
    #expect(try run(command("part-*.csv"), in: folder) == "f.csv: 3 cells filled in of 9 rows\n")
  }

  /// A name does not say commas of tabs.
  @Test func imputeWritesTheSameKindOfTable() throws {
    let folder = try makeRun()
    let text = TinyTable.text(rows: 9)
    func command(_ data: String, _ output: String) -> [String] { ["impute", "run", data, "--output", output] }
    for (mark, words, right, wrong) in [
      (",", "commas", "csv", "tsv"), (";", "semicolons", "csv", "tsv"), ("\t", "tabs", "tsv", "csv"),
      ("|", "|", "csv", "tsv"),
    ] {
      try folder.write(text.replacing(",", with: mark).utf8, to: "new.txt")
      try expectRefusal(
        command("new.txt", "f.\(wrong)"), in: folder,
        naming: ["--output f.\(wrong): expected .\(right), as the table has \(words), found .\(wrong)\n"])
      #expect(try run(command("new.txt", "f.\(right)"), in: folder) == "f.\(right): 3 cells filled in of 9 rows\n")
      #expect(try self.text("f.\(right)", in: folder).hasPrefix("age\(mark)income"))
    }
    try expectRefusal(
      command("new.txt", "f.csv") + ["--delimiter", "tab"], in: folder, naming: ["expected .tsv", "tabs"])
  }

  /// Every known cell byte by byte, also where a file is longer than what is copied at a time.
  @Test func imputeFillsGapsAlone() throws {
    let folder = try makeRun()
    var file = "# a comment\r\n\"age\" ,income,smoker,city,grade\r\n"
    for row in 0..<3000 {
      file += row % 3 == 0 ? " 4\(row % 10) ,NA,\"yes\",Graz,1\r\n" : "30,1000.50,no,,\(row % 2 == 0 ? "2" : "?")\r\n"
    }
    try folder.write(file.utf8, to: "new.csv")
    let command = [
      "impute", "run", "new.csv", "--output", "f.csv", "--samples", "4", "--draws", "2", "--spread", "s.csv",
    ]
    #expect(try run(command + ["--threads", "2"], in: folder) == "f.csv: 4000 cells filled in of 3000 rows\n")
    let copies = try ["f.csv", "f.1.csv", "f.2.csv"].map { lines(try text($0, in: folder)) }
    let original = lines(file)
    for copy in copies {
      #expect(copy.count == original.count)
      for (filled, line) in zip(copy, original) where !line[0].hasPrefix("#") {
        for (cell, before) in zip(filled, line) {
          let isGap = ["NA", "?", ""].contains(before)
          #expect((cell == before) == !isGap, "\(line)")
        }
      }
    }
    #expect(copies[1] != copies[2] && copies[0] != copies[1])
    let sizes = try ["new.csv", "f.csv"].map { try text($0, in: folder).count { $0 == "\r\n" } }
    #expect(sizes == [3002, 3002])
    let spreads = lines(try text("s.csv", in: folder))
    #expect(spreads.count == 4001 && spreads[0] == ["id", "row", "column", "value", "spread"])
    #expect(spreads[1][1...2] == ["0", "income"] && copies[0][2][1] == spreads[1][3])
    let one = try folder.read("f.1.csv")
    _ = try run(command + ["--threads", "1"], in: folder)
    #expect(try folder.read("f.1.csv") == one)
  }

  // MARK: Sample

  /// More rows than are made at a time are one table; fewer of them are its first.
  @Test func sampleWritesRowsAsTheyAreMade() throws {
    let folder = try makeRun()
    func sample(_ count: Int, _ more: [String] = []) throws -> String {
      try run(["sample", "run", "--count", "\(count)"] + more, in: folder)
    }
    let rows = lines(try sample(5000))
    #expect(rows.count == 5001 && rows[0] == ["age", "income", "smoker", "city", "grade"])
    #expect(rows.dropFirst().allSatisfy { $0.count == 5 && $0 != rows[0] })
    #expect(lines(try sample(4096)) == Array(rows[...4096]))
    #expect(try sample(5000, ["--output", "s.tsv"]) == "s.tsv: 5000 rows from the prior\n")
    #expect(try text("s.tsv", in: folder) == rows.map { $0.joined(separator: "\t") + "\n" }.joined())
    let other = try sample(100, ["--seed", "77"])
    #expect(lines(other) != Array(rows[...100]))
    // Whoever has seen enough ends it.
    let head = try Executable.shell(
      "$VAE_TRAIN sample run --count 50000000 | head -n 1; echo ${PIPESTATUS[0]}", in: folder)
    #expect(head.output == "age,income,smoker,city,grade\n141\n" && head.errors == "")
  }

  @Test func sampledConditionsAreThoseOfRows() throws {
    let folder = try makeRun(["--conditions", "smoker,age"])
    let rows = lines(try run(["sample", "run", "--count", "5000", "--given", "age=40"], in: folder)).dropFirst()
    #expect(rows.count == 5000 && rows.allSatisfy { $0[0] == "40" })
    let share = Double(rows.count { $0[2] == "yes" }) / 5000
    let train = lines(try text("t.csv", in: folder)).dropFirst()
    #expect(abs(share - Double(train.count { $0[2] == "yes" }) / 120) < 0.05)
    let told = try makeRun(["--label-column", "city", "--conditional"])
    let classes = lines(try run(["sample", "run", "--count", "4099"], in: told)).dropFirst().map { $0[4] }
    #expect(classes == (0..<4099).map { ["Graz", "Köln", "Linz", "Wien"][$0 % 4] })
    let one = lines(try run(["sample", "run", "--count", "4099", "--label", "Linz"], in: told)).dropFirst()
    #expect(one.allSatisfy { $0[4] == "Linz" })
  }

  /// A column of one value and gaps has the value in every new row.
  @Test func sampledRowsHaveNoGaps() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<90).map { "\($0 * 37 % 101).5,\($0 % 5 == 0 ? "x" : ""),\($0 % 3 == 0 ? "" : "\($0 % 7)")" }
    try folder.write(("a,b,c\n" + rows.joined(separator: "\n") + "\n").utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder)
    let sampled = lines(try run(["sample", "run", "--count", "200"], in: folder)).dropFirst()
    #expect(sampled.allSatisfy { $0[1] == "x" && !$0[0].isEmpty && !$0[2].isEmpty })
  }

  /// Nor has what the model is told, and some training rows did not have.
  @Test func sampledConditionsHaveNoGaps() throws {
    let folder = try TemporaryFolder()
    let cities = ["Graz", "", "Linz"]
    let rows = (0..<90).map { "\($0 * 37 % 101).5,\(cities[$0 % 3]),\($0 % 4 == 0 ? "" : "\($0 % 7)"),\($0 % 11).25" }
    try folder.write(("a,city,c,d\n" + rows.joined(separator: "\n") + "\n").utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run", "--conditions", "city,c"], in: folder)
    func sample(_ given: [String]) throws -> [[String]] {
      Array(lines(try run(["sample", "run", "--count", "300"] + given, in: folder)).dropFirst())
    }
    let drawn = try sample([])
    // Both as one row has them.
    let pairs = Set(
      rows.map { $0.split(separator: ",", omittingEmptySubsequences: false)[1...2].joined(separator: ",") })
    #expect(
      drawn.count == 300 && drawn.allSatisfy { !$0.contains("") && pairs.contains($0[1...2].joined(separator: ",")) })
    #expect(Set(drawn.map { $0[1] }) == ["Graz", "Linz"])
    #expect(try sample(["--given", "city=Linz"]).allSatisfy { !$0.contains("") })
    // Of rows none of which has both, both have to be given.
    let apart = (0..<30).map { "\($0).5,\($0 % 2 == 0 ? "Graz" : ""),\($0 % 2 == 0 ? "" : "\($0 % 7)"),\($0 % 11).25" }
    try folder.write(("a,city,c,d\n" + apart.joined(separator: "\n") + "\n").utf8, to: "apart.csv")
    try expectRefusal(
      ["sample", "run", "--data", "apart.csv"], in: folder, naming: ["--given", "city, c", "no training row"])
  }
}
