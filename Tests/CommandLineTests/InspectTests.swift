import Foundation
import TestSupport
import Testing
import VAEData

/// What `inspect` says of data.
struct InspectTests {
  private func inspect(_ arguments: [String], in folder: TemporaryFolder) throws -> Executable.Result {
    let result = try Executable.run(["inspect"] + arguments, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(arguments): \(result.errors)")
    return result
  }

  private func json(_ arguments: [String], in folder: TemporaryFolder) throws -> [String: Any] {
    let result = try inspect(arguments + ["--json"], in: folder)
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  /// The words of a text, whatever lies between them.
  private static func words(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  @Test func aTableIsToldByItsColumns() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let text = try inspect(["t.csv"], in: folder).output
    for line in [
      "format      CSV: 120 rows of 5 columns", "held out    12 rows (10 % at random), 108 to train on",
      "likelihood  by column: 3 gaussian, 1 bernoulli, 1 categorical", "smoker yes-no", "one-hot of 4", "quantiles",
      "income 1000.05 4918.15 4835.25 4752.35",
    ] {
      #expect(Self.words(text).contains(Self.words(line)), "\(line): \(text)")
    }
    let object = try json(["t.csv"], in: folder)
    #expect(object["format"] as? String == "CSV" && object["kind"] as? String == "table")
    #expect(object["rows"] as? Int == 120 && object["columns"] as? Int == 5)
    #expect(object["training"] as? Int == 108 && object["test"] as? Int == 12)
    let columns = try #require(object["column_details"] as? [[String: Any]])
    #expect(columns.map { $0["kind"] as? String } == ["number", "number", "yes-no", "category", "number"])
    #expect(columns[4]["missing"] as? Int == 40)
    #expect(columns[0]["lowest"] as? Double == 18)
    #expect((columns[3]["levels"] as? [[String: Any]])?.count == 4)
  }

  @Test func sharesOfUsualAndMissingValuesAreGiven() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "long", count: 10)
    let rows = (0..<200).map { row in
      let spent = row % 10 < 7 ? "0" : "\(row * 7919 % 1009).1234"
      return "\(row * 31 % 97).5,\(spent),\(spent),\(row % 4 == 0 ? "" : "3")\n"
    }
    try folder.write(("x,spent,\(name),same\n" + rows.joined()).utf8, to: "t.csv")
    let output = try inspect(["t.csv"], in: folder).output
    let lines = output.split(separator: "\n").map { Self.words(String($0)) }
    #expect(lines.contains { $0.hasPrefix("spent number 0 70 %") && $0.hasSuffix("0 or quantiles") }, "\(output)")
    #expect(lines.contains("same constant 25 % 3 left out"), "\(output)")
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(output)")
    try folder.write(("x,spent,b,same\n" + rows.joined()).utf8, to: "t.csv")
    let short = try inspect(["t.csv"], in: folder).output
    #expect(Self.words(short).contains("spent number 0 70 %, 0 … "), "\(short)")
    let columns = try #require(json(["t.csv"], in: folder)["column_details"] as? [[String: Any]])
    let usual = try #require(columns[1]["usual"] as? [String: Any])
    #expect(usual["value"] as? String == "0" && usual["share"] as? Double == 0.7)
  }

  @Test func everyWarningIsGiven() throws {
    let folder = try TemporaryFolder()
    var text = "id,x,twice,half,line,city,code,gap,name,label\n"
    for row in 0..<200 {
      let (x, city) = (row * 7919 % 1009, row * 31 % 97 % 4)
      text += "\(row + 1),\(x),\(x),\(Double(x) / 2),\(32 - 3 * x),c\(city),\(["b", "a", "d", "c"][city]),"
      text += "\(row % 5 == 0 ? "\(x % 10)" : ""),n\(row),\(x > 995 ? "yes" : "no")\n"
    }
    try folder.write(text.utf8, to: "t.csv")
    let result = try inspect(["t.csv", "--label-column", "label"], in: folder)
    let words = result.output.split(separator: "\n").map { String($0.drop { $0 == " " }) }.joined(separator: " ")
    for warning in [
      "name stops training", "--id-column name", "id counts the rows", "twice repeats x",
      "half repeats x: it is 0.5 × x",
      "line repeats x: it is -3 × x + 32", "code repeats city: each value", "x gives the label away",
      "gap is missing in 80 % of the rows", "the classes are of very different size",
    ] {
      #expect(words.contains(warning), "\(warning): \(words)")
    }
    #expect(
      result.outputLines.contains { $0.hasPrefix("name") && $0.contains(" id ") && $0.contains("200 different texts") })
    let object = try json(["t.csv", "--label-column", "label"], in: folder)
    #expect((object["warnings"] as? [String])?.count == 9)
    // What is not so is not said.
    try folder.write(TinyTable.text().utf8, to: "u.csv")
    #expect(try json(["u.csv"], in: folder)["warnings"] as? [String] == [])
    #expect(try json(["u.csv", "--label-column", "smoker"], in: folder)["warnings"] as? [String] == [])
  }

  /// What stops training does not stop the look at it.
  @Test func whatCannotBeModelledIsShown() throws {
    let folder = try TemporaryFolder()
    var text = "when,price,word\n"
    for row in 0..<60 { text += "2024-01-\(10 + row % 20),\"\(row),5\",w\(row)\n" }
    try folder.write(text.utf8, to: "t.csv")
    let object = try json(["t.csv"], in: folder)
    let columns = try #require(object["column_details"] as? [[String: Any]])
    #expect(columns.allSatisfy { $0["fault"] is String && $0["becomes"] as? String == "not usable" })
    #expect(columns.map { $0["kind"] as? String } == ["text", "id", "id"])
    let warnings = try #require(object["warnings"] as? [String])
    for words in ["--exclude when", "--decimal-comma", "--id-column word", "no column is left"] {
      #expect(warnings.contains { $0.contains(words) }, "\(words): \(warnings)")
    }
  }

  @Test func oneRowIsNoReasonToFail() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [
      ("one", "a,b\n1,x\n"), ("bare", "1,2\n3,4\n"), ("column", "a\n1\n2\n"), ("empty", "a,b\n,\n,\n"),
    ] {
      try folder.write(text.utf8, to: "\(name).csv")
      _ = try inspect(["\(name).csv"], in: folder)
      _ = try json(["\(name).csv"], in: folder)
    }
    #expect(try Self.words(inspect(["one.csv"], in: folder).output).contains("at least two examples"))
    let bare = try json(["bare.csv"], in: folder)
    #expect(bare["rows"] as? Int == 2)
    #expect(((bare["column_details"] as? [[String: Any]])?.map { $0["name"] as? String }) == ["column 1", "column 2"])
  }

  /// Long names, and those of wide characters.
  @Test func staysWithin80Columns() throws {
    let folder = try TemporaryFolder()
    let names = (0..<50).map {
      $0 % 2 == 0 ? "a_name_that_goes_on_and_on_and_on_and_on_and_on_\($0)" : "非常に長い列の名前がここに書かれています\($0)"
    }
    var text = names.joined(separator: ",") + "\n"
    for row in 0..<40 {
      text +=
        names.indices.map { $0 % 5 == 0 ? "値段がとても高い\(row % 3)" : "\(row * 7919 * $0 % 100_003).\($0)" }.joined(
          separator: ",") + "\n"
    }
    try folder.write(text.utf8, to: "t.csv")
    let lines = try inspect(["t.csv"], in: folder).outputLines
    func width(_ line: String) -> Int { line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) } }
    #expect(lines.count > 100 && lines.allSatisfy { width($0) <= 80 }, "\(lines.filter { width($0) > 80 })")
    let few = try inspect(["t.csv", "--columns", "*1,*2"], in: folder).outputLines
    #expect(few.allSatisfy { width($0) <= 80 })
  }

  @Test func manyColumnsAreSummedUp() throws {
    let folder = try TemporaryFolder()
    let values = (0..<30 * 300).map { Float(($0 * $0 * 7919) % 4001) }
    try folder.write(TinyTable.npy(values, [30, 300]), to: "a.npy")
    let lines = try inspect(["a.npy"], in: folder).outputLines
    #expect(lines.contains("columns     300 numbers") && lines.contains("… and 290 more"))
    #expect(lines.count < 45 && lines.allSatisfy { $0.count <= 80 })
  }

  // MARK: Formats

  @Test func everyFormatIsTold() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    #expect(try Executable.run(["convert", "t.csv", "--output", "t.npy"], in: folder).status == 0)
    #expect(try Executable.run(["convert", "data", "--output", "p.npz"], in: folder).status == 0)
    try folder.write(Gzip.compress(Array(TinyTable.text().utf8)), to: "t.csv.gz")
    try folder.write(
      "%%MatrixMarket matrix coordinate integer general\n30 4 3\n1 2 5\n3 1 7\n30 4 1\n".utf8, to: "m.mtx")
    try folder.write(
      "%%MatrixMarket matrix coordinate real general\n30 4 3\n1 2 5.5\n3 1 7\n30 4 1\n".utf8, to: "r.mtx")
    try folder.write((0..<20).map { "\($0 % 2) 1:\($0) 3:2\n" }.joined().utf8, to: "s.svm")
    let picture = try TinyTable.picture("PNG type 2, 8 bits")
    for name in ["a/1", "a/2", "b/1", "b/2"] { try folder.write(picture, to: "pictures/\(name).png") }
    for (path, format, kind, rows, columns, stored) in [
      ("t.csv", "CSV", "table", 120, 5, nil), ("t.csv.gz", "CSV", "table", 120, 5, nil),
      ("t.npy", "NPY", "table", 120, 5, nil), ("p.npz", "NPZ", "images", 85, 20, nil),
      ("data", "IDX", "images", 85, 20, nil), ("data/train-images-idx3-ubyte", "IDX", "images", 64, 20, nil),
      ("m.mtx", "Matrix Market", "counts", 30, 4, 3), ("r.mtx", "Matrix Market", "table", 30, 4, 3),
      ("s.svm", "svmlight", "counts", 20, 3, 40), ("pictures", "pictures", "images", 4, 165, nil),
    ] as [(String, String, String, Int, Int, Int?)] {
      let object = try json([path], in: folder)
      #expect(object["format"] as? String == format && object["kind"] as? String == kind, "\(path): \(object)")
      #expect(object["rows"] as? Int == rows && object["columns"] as? Int == columns, "\(path): \(object)")
      #expect(object["stored"] as? Int == stored, "\(path)")
      #expect(try inspect([path], in: folder).outputLines.allSatisfy { $0.count <= 80 })
    }
    let piped = try Executable.shell("cat t.csv | \"$VAE_TRAIN\" inspect - --json", in: folder)
    #expect(piped.status == 0 && piped.output.contains("\"rows\":120"), "\(piped.errors)")
    let text = try inspect(["pictures"], in: folder).output
    #expect(text.contains("4 pictures of 11 × 5 × 3") && text.contains("classes     2: a (2), b (2)"))
    #expect(text.contains("names       a/1.png, a/2.png") && text.contains("colour"))
    #expect(try Self.words(inspect(["m.mtx"], in: folder).output).contains("3 numbers stored (2.5 %), all counts"))
  }

  @Test func theOptionsOfReadingCount() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let object = try json(
      ["t.csv", "--id-column", "city", "--label-column", "smoker", "--stratify", "--test-fraction", "0.25"], in: folder)
    #expect(object["columns"] as? Int == 3 && (object["ids"] as? [String])?.count == 4)
    #expect((object["classes"] as? [[String: Any]])?.map { $0["name"] as? String } == ["no", "yes"])
    #expect(object["held_out"] as? String == "25 % of every class, at random")
    try expectRefusal(["inspect", "t.csv", "--label-column", "smokr"], in: folder, naming: ["\"smoker\""])
    try expectRefusal(["inspect", "nowhere.csv"], in: folder, naming: ["nowhere.csv"])
    try expectRefusal(["inspect"], in: folder, naming: ["data"])
  }
}
