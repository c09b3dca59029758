import Testing

@testable import VAEData

struct CellScannerTests {
  /// What `body` makes of the cells of each record.
  private func records<Result>(
    _ text: String, delimiter: UInt8 = UInt8(ascii: ","),
    _ body: (DelimitedCell, UnsafeBufferPointer<UInt8>) -> Result
  ) throws -> [[Result]] {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var cells = CellScanner(bytes, delimiter: delimiter, position: ByteOrderMark.length(in: bytes))
      var records: [[Result]] = []
      while cells.position < bytes.count {
        var record: [Result] = []
        var isWhole = false
        while !isWhole {
          do throws(TableFault) {
            let cell = try cells.next()
            record.append(body(cell, bytes))
            isWhole = cell.endsRecord
          } catch {
            throw error.inColumn(record.count).error(path: "x.csv")
          }
        }
        records.append(record)
      }
      return records
    }
  }

  private func texts(_ text: String, delimiter: UInt8 = UInt8(ascii: ",")) throws -> [[String]] {
    try records(text, delimiter: delimiter) { $0.text(in: $1) }
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
    #expect(try texts(text) == expected)
  }

  @Test func tabsMayDelimit() throws {
    #expect(try texts("a\t\tb c,d\n", delimiter: UInt8(ascii: "\t")) == [["a", "", "b c,d"]])
  }

  /// One or several; where a line begins or ends with them no cell is there.
  @Test(arguments: [
    ("a b\n", [["a", "b"]]), ("  a   b  \n c\td \r\n", [["a", "b"], ["c\td"]]),
    ("\"a b\" \"\" c\n\"d\"", [["a b", "", "c"], ["d"]]), ("a ", [["a"]]), ("\"a\"  \nb", [["a"], ["b"]]),
    ("1  -2.5 \r\n3 4", [["1", "-2.5"], ["3", "4"]]),
  ]) func spacesMayDelimit(text: String, expected: [[String]]) throws {
    #expect(try texts(text, delimiter: UInt8(ascii: " ")) == expected)
  }

  @Test(arguments: [
    ("a,\"b", "line 1, column 2: expected a quote at the cell's end, found none: the file ends within it"),
    ("a,b\n\"c\"d,e\n", "line 2, column 1: expected the end of the cell after its closing quote, found more text"),
    ("\"a\nb\",\"c\"x", "line 2, column 2: expected the end of the cell after its closing quote, found more text"),
  ]) func whatHasNoCellsIsRefused(text: String, expected: String) {
    #expect(errorDescription { _ = try texts(text) } == "x.csv: \(expected)")
  }

  /// Every line end counts once, in cells and between them.
  @Test func linesAreCounted() throws {
    let lines = try records("a\r\n\"b\r\nc\rd\n\",x\ne") { cell, _ in cell.line }
    #expect(lines == [[1], [2, 5], [6]])
  }

  /// What is between the delimiters, with the quotes and spaces that are no part of the text.
  @Test func extentsCoverAllButDelimitersAndLineEnds() throws {
    let extents = try records("a, \"b\" ,\r\nc\r") { cell, bytes in
      String(decoding: bytes[cell.extent], as: UTF8.self)
    }
    #expect(extents == [["a", " \"b\" ", ""], ["c"]])
  }
}
