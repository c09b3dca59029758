import Testing

@testable import VAEData

/// Each message is one line that says where, what was expected, what was found, and what to do about it.
struct TableErrorTests {
  @Test(arguments: [
    ("", "expected rows of numbers, found nothing"),
    ("# a\n", "expected rows of numbers, found comments alone"),
    ("a,b\n", "expected rows of a table, found a header alone"),
    ("a,b\n1,2\n3\n", "line 3: expected 2 columns, as in the first line, found 1"),
    ("a,b\n1,2\n3,4,\n", "line 3: expected 2 columns, as in the first line, found 3"),
    ("a,b\n1,2\nx\n", "line 3: expected 2 columns, as in the first line, found 1"),
    ("a,b\n1,2\n\n3,4\n", "line 3: expected a row of the table, found an empty line"),
    (
      "a,b\n1,2\n3,\"4\n",
      "line 3, column 2 \"b\": expected a quote at the cell's end, found none: the file ends within it"
    ),
    (
      "a,b\n\"1\"2,3\n",
      "line 2, column 1 \"a\": expected the end of the cell after its closing quote, found more text"
    ),
    (
      "age,b\n1,2\n2,2\nold,4\n",
      "line 4, column 1 \"age\": expected a number, as in other rows (--categories age if the column is text, "
        + "--missing 'old' if that stands for nothing), found \"old\""
    ),
    ("a,b\n1,2\n1,1e39\n", "line 3, column 2 \"b\": expected a finite number within ±3.4e38, found \"1e39\""),
    ("a,b\n1,2\n1,-inf\n", "line 3, column 2 \"b\": expected a finite number within ±3.4e38, found \"-inf\""),
    (
      "a;b\n1,5;x\n,25;y\n",
      "line 2, column 1 \"a\": expected a number with a point, as in 1.5 (--decimal-comma if these have commas), "
        + "found \"1,5\""
    ),
    (
      "a;b\n1;x\n2;x\n2,5;y\n",
      "line 4, column 1 \"a\": expected a number with a point, as in 1.5 (--decimal-comma if these have commas), "
        + "found \"2,5\""
    ),
    (
      "0,1\n1.5,2\n",
      "line 1: expected names of columns (mean_0, …), or numbers like those below (0.0, …), "
        + "found whole numbers in order, which may be either"
    ),
    ("a,b\n1,\u{0}\n", "byte 6: expected text, found a zero byte, which no text has"),
  ]) func whatIsWrongIsSaid(text: String, expected: String) {
    for blockSize in [8, 1 << 20] {
      let message = errorDescription { _ = try table(text, workers: 2, blockSize: blockSize) }
      #expect(message == "x.csv: \(expected)")
    }
  }

  @Test(arguments: [
    "2024-01-31", "31.01.2024", "2024-01-31T10:00:00", "01/31/2024", "2024/1/31", "1/31/24",
    "2024-01-31 10:00:00.5+01:00",
    "1/31/2024 1:05 PM",
  ]) func datesAreRefused(date: String) throws {
    let text = "x,the day\n1,\(date)\n2,NA\n"
    #expect(
      errorDescription { _ = try table(text) }
        == "x.csv: line 2, column 2 \"the day\": expected a number or a category (--exclude 'the day', or write it as a "
        + "number), found the date \"\(date)\"")
    #expect(try table(text, TableFormat(), request { $0.excluded = ["the*"] }).values == [1, 2])
    #expect(try table(text, TableFormat(), request { $0.texts = ["the day"] }).columns[1].texts == [date])
    #expect(try table(text, TableFormat(), request { $0.asides = ["the day"] }).asides["the day"] == [date, ""])
  }

  @Test(arguments: ["1.2.3", "2024-13-45", "2024", "1-2", "10.1.24", "2024-01-31x", "Jan 5", "0/0/2024"])
  func otherTextsAreNoDates(text: String) {
    #expect(!Array(text.utf8).withUnsafeBufferPointer(DateText.isDate))
  }

  /// As NumPy's `savetxt` writes them unless told otherwise.
  @Test(arguments: ["a b c\n1 2  x\n 3 4 y\n", "1.5 2 3\n4 5 6\n", "# a b c\n1 2 3\n4 5 6\n"])
  func spacesBetweenCellsAreNamed(text: String) {
    let message = errorDescription { _ = try table(text) }
    #expect(
      message
        == "x.csv: expected commas, semicolons, tabs or | between the cells (--delimiter space if spaces are), "
        + "found lines of 3 words with spaces between")
  }

  @Test func otherEncodingsAreNamed() {
    func message(_ bytes: [UInt8]) -> String {
      errorDescription { _ = try TableFile.read(bytes, path: "x.csv") }
    }
    #expect(message([0xFF, 0xFE, 0x61, 0]) == "x.csv: expected text in UTF-8, found text in UTF-16")
    let advice = "expected text in UTF-8 (from Latin-1: iconv -f latin1 -t utf-8), found the byte 0xFC in"
    #expect(
      message(Array("a,b\n1,x\n2,D".utf8) + [0xFC] + Array("rer\n".utf8))
        == "x.csv: line 3, column 2 \"b\": \(advice) \"D\u{FFFD}rer\"")
    #expect(
      message(Array("M".utf8) + [0xFC] + Array(",b\n1,2\n".utf8)) == "x.csv: line 1, column 1: \(advice) \"M\u{FFFD}\"")
    // What is passed over may be anything.
    let bytes: [UInt8] = Array("a,b\n1,".utf8) + [0xFC, 0x0A]
    #expect(throws: Never.self) {
      try TableFile.read(bytes, path: "x.csv", request: request { $0.excluded = ["b"] })
    }
  }

  /// In a column that began as numbers, far down, by any number of threads.
  @Test func aTextFarDownHasItsPlace() {
    var lines = (0..<30_000).map { "\($0),\"\($0 % 3)\n\"" }
    lines[29_000] = "x,1"
    let message = errorDescription {
      _ = try table("n,m\n" + lines.joined(separator: "\r\n"), workers: 3, blockSize: 5000)
    }
    #expect(message.hasPrefix("x.csv: line 58002, column 1 \"n\": expected a number"))
  }

  @Test func aColumnOfNamesIsRefused() throws {
    let text = "id,x\n" + (0...TextDictionary.largestCount).map { "r\($0),1\n" }.joined()
    let expected =
      "column 1 \"id\": expected at most 100000 different texts, or 64 MiB of them, in a column (--exclude id, or "
      + "--id-column id if they name the rows), found more"
    // Of two workers none may have so many.
    for workers in [1, 2] {
      let message = errorDescription { _ = try table(text, workers: workers, blockSize: 1 << 16) }
      #expect(message.hasSuffix(expected), "\(message)")
    }
    let read = try table(text, TableFormat(), request { $0.asides = ["id"] })
    #expect(read.asides["id"]?.last == "r100000")
  }

  @Test func aQuoteThatIsNeverClosedDoesNotFillTheMemory() {
    let text = "a\n\"" + String(repeating: "b", count: TableBlocks.largestRecord + (1 << 20))
    #expect(errorDescription { _ = try table(text) }.contains("expected lines of at most 64 MiB"))
  }
}
