import TestSupport
import Testing

@testable import VAEData

/// Reads `text` by `workers` threads in blocks of `blockSize` bytes.
func table(
  _ text: String, _ format: TableFormat = TableFormat(), _ request: TableRequest = TableRequest(),
  workers: Int? = nil, blockSize: Int = TableFile.blockSize
) throws -> Table {
  try TableFile.read(
    [ByteSource(Array(text.utf8), path: "x.csv")], format: format, request: request, workers: workers,
    blockSize: blockSize)
}

/// A request that is the usual one but for what `change` says.
func request(_ change: (inout TableRequest) -> Void) -> TableRequest {
  var request = TableRequest()
  change(&request)
  return request
}

/// A format that is the usual one but for what `change` says.
func format(_ change: (inout TableFormat) -> Void) -> TableFormat {
  var format = TableFormat()
  change(&format)
  return format
}

/// The same numbers, NaN being NaN.
func expectEqual(_ values: [Float], _ expected: [Float], sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(values.map(\.description) == expected.map(\.description), sourceLocation: sourceLocation)
}

struct TableFileTests {
  @Test func numbersAndTextsAreTold() throws {
    let read = try table("age,city,income\n39,Ulm,1.50\n,Aachen,2e3\n 41 , Ulm ,\n")
    #expect(
      read.columns == [
        Table.Column(name: "age"), Table.Column(name: "city", texts: ["Aachen", "Ulm"]),
        Table.Column(name: "income", decimals: 2),
      ])
    expectEqual(read.values, [39, 1, 1.5, .nan, 0, 2000, 41, 1, .nan])
    #expect(read.rowCount == 3)
    #expect(read.path == "x.csv")
  }

  @Test func decimalsAreTheMostDigits() throws {
    #expect(try table("a,b,c\n1,0.5,x\n2.,0.125,y\n,1,z\n").columns.map(\.decimals) == [0, 3, 0])
  }

  @Test(arguments: [
    "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "None", "none", "nil", "missing", "<NA>", "?", "", "  ", "\"\"",
    "\"NA\"", "-",
  ]) func missingWordsAreMissing(word: String) throws {
    let read = try table("a,b\n1,x\n\(word),\(word)\n", format { $0.missing = ["-"] })
    expectEqual(read.values, [1, 0, .nan, .nan])
    #expect(read.columns[1].texts == ["x"])
  }

  /// -999 is a number, and missing all the same where somebody says so; "Na" is no missing word.
  @Test func aNumberMayStandForNothing() throws {
    let read = try table("a,b\n1.5,Na\n-999,-999\n-999.0,Cl\n", format { $0.missing = ["-999"] })
    expectEqual(read.values, [1.5, 1, .nan, .nan, .nan, 0])
    #expect(read.columns == [Table.Column(name: "a", decimals: 1), Table.Column(name: "b", texts: ["Cl", "Na"])])
  }

  @Test func aColumnWithNothingIsNumbers() throws {
    let read = try table("a,b\n1,\n2,NA\n")
    #expect(read.columns.map(\.texts) == [nil, nil])
    expectEqual(read.values, [1, .nan, 2, .nan])
  }

  @Test func truthIsText() throws {
    #expect(try table("a,b\ntrue,yes\nfalse,no\n").columns.map(\.texts) == [["false", "true"], ["no", "yes"]])
  }

  /// The same letters in other bytes are one text.
  @Test func accentsAreOneTextHoweverWritten() throws {
    let read = try table("a\n\u{E9}\ne\u{301}\nz\n")
    #expect(read.columns[0].texts?.count == 2)
    #expect(read.values == [1, 1, 0])
  }

  // MARK: Format

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a;b\n1;2\n3;4\n", "a\tb\n1\t2\n3\t4\n", "\u{FEFF}a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4",
    "# made by hand; 2, 3\n# a;b\n1;2\n# 7;8\n3;4\n", "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"\n", "a,b\n1,2\n3,4\n\n\n",
  ]) func tablesOfAllKindsAreOne(text: String) throws {
    for blockSize in [8, 1 << 10] {
      let read = try table(text, blockSize: blockSize)
      #expect(read.columns.map(\.name) == ["a", "b"])
      #expect(read.values == [1, 2, 3, 4])
    }
  }

  @Test(arguments: [
    ("name;note\nx;a, b\ny;c, d\n", [["x", "y"], ["a, b", "c, d"]]),
    ("k\tv;w,x\nx\ta;b,c\ny\td;e,f\n", [["x", "y"], ["a;b,c", "d;e,f"]]),
    ("a;b,c\nx,y\nz,w\n", [["x", "z"], ["w", "y"]]),
    ("SMILES\nCCO\nC\n", [["C", "CCO"]]),
    ("a|b c\nx|u, v\ny|w\n", [["x", "y"], ["u, v", "w"]]),
    ("id,genres\nx,a|b\ny,c\n", [["x", "y"], ["a|b", "c"]]), ("genres\na|b\nc|d\n", [["a|b", "c|d"]]),
    ("full name\nA B\nC D\n", [["A B", "C D"]]), ("weight in\n12 kg\n9 kg\n", [["12 kg", "9 kg"]]),
  ]) func theDelimiterIsFound(text: String, expected: [[String]]) throws {
    #expect(try table(text).columns.map(\.texts) == expected)
  }

  @Test func theFormatMayBeGiven() throws {
    let semicolons = format {
      $0.hasDecimalComma = true
      $0.hasHeader = false
    }
    let read = try table("1,5;x\n-0,25;y\n", semicolons)
    #expect(
      read.columns == [Table.Column(name: "column 1", decimals: 2), Table.Column(name: "column 2", texts: ["x", "y"])])
    #expect(read.values == [1.5, 0, -0.25, 1])
    #expect(try table("1,2\n3,4\n", format { $0.hasHeader = true }).columns.map(\.name) == ["1", "2"])
    let spaces = try table(" a   b\n  1 -2 \n 3   4\n", format { $0.delimiter = .space })
    #expect(spaces.columns.map(\.name) == ["a", "b"] && spaces.values == [1, -2, 3, 4])
    #expect(try table("a|b\n1|2\n", format { $0.delimiter = .pipe }).values == [1, 2])
    #expect(try table("a;b\n1;2\n", format { $0.delimiter = .comma }).columns.map(\.name) == ["a;b"])
    #expect(try table("1,2\n3,4\n").columns.map(\.name) == ["column 1", "column 2"])
    #expect(try table(",x\n0,5\n1,6\n").columns.map(\.name) == ["column 1", "x"])
  }

  // MARK: Request

  private let people = "id,age,wage,city\n7,30,1.5,x\n8,40,2.5,y\n"

  @Test func columnsAreChosenByPatterns() throws {
    #expect(try table(people, TableFormat(), request { $0.columns = ["?age"] }).columns.map(\.name) == ["wage"])
    #expect(
      try table(people, TableFormat(), request { $0.columns = ["*a*e", "city"] }).columns.map(\.name)
        == ["age", "wage", "city"])
    let rest = try table(people, TableFormat(), request { $0.excluded = ["*age", "id"] })
    #expect(rest.columns.map(\.name) == ["city"])
    #expect(rest.values == [0, 1])
  }

  @Test func asidesStayAsTheyAre() throws {
    let read = try table(
      "id,x\n007,1\n\"a\"\"b\",2\n?,3\n", TableFormat(), request { $0.asides = ["id"] }, blockSize: 8)
    #expect(read.asides == ["id": ["007", "a\"b", ""]])
    #expect(read.columns.map(\.name) == ["x"])
    #expect(try table("id\na\nb\n", TableFormat(), request { $0.asides = ["id"] }).rowCount == 2)
  }

  @Test func codesMayBeText() throws {
    let read = try table("place,x\n10,1\n01,2\n1,3\n", TableFormat(), request { $0.texts = ["pl*"] })
    #expect(read.columns[0] == Table.Column(name: "place", texts: ["01", "1", "10"]))
    #expect(read.values == [2, 1, 0, 2, 1, 3])
  }

  @Test func aSavedModelsColumnsAreFound() throws {
    let known = request {
      $0.known = [Table.Column(name: "city", texts: ["y", "x"]), Table.Column(name: "age", decimals: 2)]
    }
    let read = try table(people, TableFormat(), known)
    #expect(read.columns == known.known)
    #expect(read.values == [1, 30, 0, 40])
    #expect(
      errorDescription { _ = try table("city,age\nz,1\n", TableFormat(), known) }
        == "x.csv: line 2, column 1 \"city\": expected one of the 2 values that the model knows, y, x "
        + "(--unseen other takes others for unknown), found \"z\"")
    var many = known
    many.known?[0].texts = (1...9).map(String.init)
    #expect(
      errorDescription { _ = try table("city,age\nz,1\n", TableFormat(), many) }.contains(
        "one of the 9 values that the model knows, 1, 2, 3, 4, 5, 6, 7, 8, … (--unseen other"))
    var lenient = known
    lenient.takesUnknownTexts = true
    expectEqual(try table("city,age\nz,1\n", TableFormat(), lenient).values, [.nan, 1])
    #expect(
      errorDescription { _ = try table("City,x\nz,1\n", TableFormat(), known) }
        == "x.csv: line 1: expected columns \"city\", \"age\", found none; the nearest is \"City\"")
  }

  @Test(arguments: [
    (request { $0.columns = ["agee"] }, "a column of the name \"agee\", found none; the nearest is \"age\""),
    (request { $0.excluded = ["z*"] }, "a column of the name \"z*\", found none"),
    (request { $0.texts = ["towns"] }, "a column of the name \"towns\", found none"),
    (request { $0.asides = ["ID"] }, "a column \"ID\", found none; the nearest is \"id\""),
    (request { $0.excluded = ["*"] }, "a column to read, found none that is left of 4"),
  ]) func whatIsNotThereIsNamed(request: TableRequest, expected: String) {
    let message = errorDescription { _ = try table(people, TableFormat(), request) }
    #expect(message.hasPrefix("x.csv: line 1: expected \(expected)"), "\(message)")
  }

  @Test func namesMustDifferWhereTheyAreAskedFor() throws {
    let text = "a,b,a\n1,2,3\n"
    #expect(
      errorDescription { _ = try table(text) }
        == "x.csv: line 1: expected columns of different names, found \"a\" in columns 1 and 3 "
        + "(--exclude a, or rename one)")
    #expect(try table(text, TableFormat(), request { $0.excluded = ["a"] }).values == [2])
  }

  // MARK: Files

  @Test func severalFilesAreOneTable() throws {
    func read(_ texts: String...) throws -> Table {
      try TableFile.read(texts.enumerated().map { ByteSource(Array($1.utf8), path: "\($0).csv") })
    }
    let both = try read("a,b\n1,x\n2,y", "b,a\nz,3\n")
    #expect(both.values == [1, 0, 2, 1, 3, 2])
    #expect(both.path == "0.csv and 1 other")
    #expect(
      errorDescription { _ = try read("a,b\n1,2\n", "a\n3\n") }
        == "1.csv: line 1: expected a column \"b\", found none")
    #expect(
      errorDescription { _ = try read("a\n1\n", "a,b\n3,4\n") }
        == "1.csv: line 1: expected the columns of the first file, found \"b\" beside them")
    #expect(
      errorDescription { _ = try read("a\n1\n", "3\n") }
        == "1.csv: line 1: expected names of columns, as in 0.csv, found none")
    #expect(
      errorDescription { _ = try read("a\n1\n", "a\n") } == "1.csv: expected rows of a table, found a header alone")
    #expect(errorDescription { _ = try read("a\n1\n2\n", "a\n3\nx\n") }.hasPrefix("1.csv: line 3, column 1 \"a\": "))
  }

  @Test func filesAndPipesAreRead() throws {
    let folder = try TemporaryFolder()
    let text = "a,b\n" + (0..<20_000).map { "\($0),\($0 % 7 == 0 ? "x" : "y")\n" }.joined()
    let plain = try folder.write(text.utf8, to: "plain.csv")
    let compressed = try folder.write(Gzip.compress(Array(text.utf8)), to: "compressed")
    let expected = try table(text)
    #expect(try TableFile.read(paths: [plain]).values == expected.values)
    #expect(try TableFile.read(paths: [compressed]).values == expected.values)
    #expect(try TableFile.read(paths: [plain, compressed]).rowCount == 40_000)
    #expect(try TableFile.bytes(path: compressed) == Array(text.utf8))
    #expect(throws: FileError.self) { try TableFile.read(paths: [folder.path]) }
    #expect(throws: FileError.self) { try TableFile.read(paths: [folder.path(of: "none.csv")]) }
  }

  @Test func textIsTold() {
    #expect(TableFile.looksLikeText(Array("a\tb\r\n1\t\u{E9}\n".utf8)))
    #expect(TableFile.looksLikeText([0xFF, 0xFE, 0x61, 0]))
    #expect(!TableFile.looksLikeText(Array("\u{93}NUMPY\u{1}\u{0}".utf8)))
    #expect(!TableFile.looksLikeText(Gzip.compress([1])))
  }
}
