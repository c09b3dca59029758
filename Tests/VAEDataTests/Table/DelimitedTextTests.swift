import Testing

@testable import VAEData

struct DelimitedTextTests {
  private func records(_ text: String, delimiter: UInt8 = UInt8(ascii: ",")) throws -> [[String]] {
    var reader = try DelimitedText(Array(text.utf8), delimiter: delimiter, path: "x.csv")
    var records: [[String]] = []
    while try reader.readRecord() { records.append(reader.cells.map { reader.text(of: $0) }) }
    return records
  }

  @Test(arguments: [
    ("", []),
    ("a", [["a"]]),
    ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
    ("a,b\rc,d", [["a", "b"], ["c", "d"]]),
    (",\n,", [["", ""], ["", ""]]),
    ("a,\n", [["a", ""]]),
    ("\n\na", [[""], [""], ["a"]]),
    ("\u{FEFF}a,b\n", [["a", "b"]]),
    ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
    (" a , b\t\n", [["a", "b"]]),
    ("\"a,b\",\"c\nd\",\"e\r\nf\"\ng", [["a,b", "c\nd", "e\r\nf"], ["g"]]),
    ("\"say \"\"hello\"\"\",\"\"\"\"", [["say \"hello\"", "\""]]),
    ("\"\",\"\"\n", [["", ""]]),
    (" \"a,b\" , \"c\" \n", [["a,b", "c"]]),
    ("5\" pipe,a\"b\"\n", [["5\" pipe", "a\"b\""]]),
    ("ε,日本\n", [["ε", "日本"]]),
  ]) func cellsAreThoseOfTheStandard(text: String, expected: [[String]]) throws {
    #expect(try records(text) == expected)
  }

  @Test func tabsMayDelimit() throws {
    #expect(try records("a\t\tb c,d\n", delimiter: UInt8(ascii: "\t")) == [["a", "", "b c,d"]])
  }

  @Test(arguments: [
    ("a,\"b", "line 1, column 2: expected a quote at the cell's end, found none: the file ends within it"),
    ("a,b\n\"c\"d,e\n", "line 2, column 1: expected the end of the cell after its closing quote, found more text"),
    ("\"a\nb\",\"c\"x", "line 2, column 2: expected the end of the cell after its closing quote, found more text"),
    ("a\u{0}b", "byte 1: expected text, found a zero byte, which no text has"),
  ]) func whatHasNoCellsIsRefused(text: String, expected: String) {
    #expect(errorDescription { _ = try records(text) } == "x.csv: \(expected)")
  }

  @Test func anotherEncodingIsNamed() {
    let message = errorDescription { _ = try DelimitedText([0xFF, 0xFE, 0x61, 0], path: "x.csv") }
    #expect(message == "x.csv: expected text in UTF-8, found text in UTF-16")
  }

  /// Every line end counts once, in cells and between them.
  @Test func linesAreCounted() throws {
    var reader = try DelimitedText(Array("a\r\n\"b\r\nc\rd\n\",x\ne".utf8), path: "x.csv")
    var lines: [[Int]] = []
    while try reader.readRecord() { lines.append(reader.cells.map(\.line)) }
    #expect(lines == [[1], [2, 5], [6]])
  }
}
