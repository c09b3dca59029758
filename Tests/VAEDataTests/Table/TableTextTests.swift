import TestSupport
import Testing

@testable import VAEData

struct TableTextTests {
  private func table(_ text: String, known: Set<String> = []) throws -> TableText {
    try TableText(Array(text.utf8), path: "x.csv", isKnown: known.contains)
  }

  @Test(arguments: [
    "x,y", "mean_0,mean_1", ",z", "\"x\",\"y\"", "1st,second", "obs.name,PC.1", "latent.1,latent.2", "l1,l2", "I,O",
    "sample id,µ", "Ω,", "# x,y", "#x,y", "# made by hand\n# x,y", "# x,y\n# 1,2,3",
  ]) func namesAreAHeader(line: String) throws {
    let read = try table("\(line)\n1,2\n")
    #expect(read.header?.count == 2)
    #expect(try read.numbers(in: [0, 1]) == [1, 2])
  }

  /// A first row with mistakes is one: nothing vanishes.
  @Test(arguments: [
    ",0.5", "0.5,", "O.5,0.5", "O.5,l.5", "−0.5,0.2", "−0.5,−0.2", "NA,NA", ",", "nan,0.5", "nan,nan", "0.5x,1.5x",
    "\"0,5\",\"0,2\"", "?,?", "-,-", "a.png,0.1", "N/A,#N/A",
  ]) func aRowWithAMistakeIsNoHeader(line: String) throws {
    let message = errorDescription { _ = try table("\(line)\n0.1,0.2\n").numbers(in: [0, 1]) }
    #expect(message.hasPrefix("x.csv: line 1"))
  }

  /// As pandas names columns that have no names.
  @Test(arguments: ["0,1", "1,2", "\"0\",\"1\""]) func aHeaderOfNumbersIsNotDecoded(line: String) throws {
    let read = try table("\(line)\n0.5,-2\n1,3\n")
    #expect(
      errorDescription { _ = try read.numbers(in: [0, 1]) }
        == "x.csv: line 1: expected names of columns (mean_0, …), or numbers like those below (0.0, …), "
        + "found whole numbers in order, which may be either")
    #expect(try table("\(line)\n3,4\n").numbers(in: [0, 1]).count == 4)
    #expect(try table("\(line)\n").numbers(in: [0, 1]).count == 2)
  }

  @Test func aNameThatIsLookedForIsEnough() throws {
    let read = try table("id,2019,z\n7,8,9\n", known: ["z"])
    #expect(read.header == ["id", "2019", "z"])
    #expect(try read.numbers(in: [2]) == [9])
    #expect(errorDescription { _ = try table("id,2019,z\n7,8,9\n").numbers(in: [2]) }.contains("line 1, column 3"))
  }

  @Test func otherColumnsMayHoldAnything() throws {
    let read = try table("file,x,note,y\na.png,1,,2\n\"b,\n.png\",3,nan,4\n,5,\"\"\"\",6\n")
    #expect(try read.numbers(in: [3, 1]) == [2, 1, 4, 3, 6, 5])
    // The first row has two lines.
    #expect(
      errorDescription { _ = try table("x,y\n1,\"a\n\"\ninf,\"\"\n").numbers(in: [0]) }.contains("line 4, column 1"))
  }

  /// Those of NumPy's `savetxt` with a header and a footer; an identifier is none.
  @Test func commentsAreNoRows() throws {
    #expect(
      try table("# he said \"no\n# x,y\n1,2\n# a row to come: 3,4\n5,6\n# end\n").numbers(in: [0, 1]) == [1, 2, 5, 6])
    #expect(try table("1,2\n#3,4\n").numbers(in: [0, 1]) == [1, 2])
    #expect(try table("# 9,9\nx,y\n1,2\n").header == ["x", "y"])
    #expect(try table("# 9,9\n1,2\n").header == nil)
    #expect(try table("id,x\n#1,2\n#2,3\n").numbers(in: [1]) == [2, 3])
  }

  @Test(arguments: [
    ("x,y\n1,2\n3\n", "line 3: expected 2 columns, as in the first line, found 1"),
    ("x,y\n1,2,\n", "line 2: expected 2 columns, as in the first line, found 3"),
    ("x,y\n1,2\n\n3,4\n", "line 3: expected a row of the table, found an empty line"),
    ("\nx,y\n1,2\n", "line 1: expected a row of the table, found an empty line"),
    ("x,y\n1,\n", "line 2, column 2: expected a finite number, found an empty cell"),
    ("x,y\n\"1\n\",2\n", "line 2, column 1: expected a finite number, found \"1\\n\""),
    ("x,y\n1,\"2\"\r\n1,inf\r\n", "line 3, column 2: expected a finite number, found \"inf\""),
    ("x,y\n1,1e39\n", "line 2, column 2: expected a finite number, found \"1e39\""),
    ("1;2\n3;4\n", "line 1, column 1: expected a finite number, or a line of names above, found \"1;2\""),
    ("x,y\n1,2\n\"3,4\n", "line 3, column 1: expected a quote at the cell's end, found none: the file ends within it"),
    ("# x,y\n", "expected rows of numbers, found comments alone"),
    ("1,\u{0}\n", "byte 2: expected text, found a zero byte, which no text has"),
    ("x\ty\n1\t2\n", "line 2, column 1: expected a finite number, found \"1\\t2\""),
  ]) func whatIsNoTableIsRefused(text: String, expected: String) throws {
    let message = errorDescription {
      let read = try table(text)
      _ = try read.numbers(in: Array(0..<read.columnCount))
    }
    #expect(message == "x.csv: \(expected)")
  }

  @Test func anotherEncodingIsNamed() {
    let message = errorDescription { _ = try TableText([0xFF, 0xFE, 0x61, 0], path: "x.csv") }
    #expect(message == "x.csv: expected text in UTF-8, found text in UTF-16")
  }
}
